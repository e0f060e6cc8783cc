import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SlateLanguage } from '../config/site.js';

/** A font file and the name that the text renderer knows it by. */
export interface Font {
  readonly file: string;
  readonly name: string;
}

/** Machines without any font would show empty slates: they come with the package. */
export interface SlateFonts {
  readonly headline: Font;
  readonly sentence: Font;
}

const DEJAVU = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** Cut down to what slates say, by `scripts/cut-slate-fonts.sh`. */
const CUT = fileURLToPath(new URL('../../fonts', import.meta.url));

const FONTS: Readonly<Record<SlateLanguage, SlateFonts>> = {
  en: {
    headline: { file: join(DEJAVU, 'DejaVuSans-Bold.ttf'), name: 'DejaVu Sans Bold' },
    sentence: { file: join(DEJAVU, 'DejaVuSans.ttf'), name: 'DejaVu Sans' },
  },
  zh: {
    headline: { file: join(CUT, 'NotoSansSC-Bold.ttf'), name: 'Noto Sans SC Bold' },
    sentence: { file: join(CUT, 'NotoSansSC-Regular.ttf'), name: 'Noto Sans SC' },
  },
};

export const slateFonts = (language: SlateLanguage): SlateFonts => FONTS[language];
