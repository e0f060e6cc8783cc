import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { en, type Words } from './en.js';
import { type Formats, makeFormats } from './formats.js';
import { zh } from './zh.js';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const WORDS: Readonly<Record<Language, Words>> = { en, zh };
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };
const KEY = 'veilgate.language';

interface Speech {
  readonly language: Language;
  readonly say: Words;
  readonly format: Formats;
  readonly speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech | null>(null);

const preferred = (): Language => {
  const kept = LANGUAGES.find((language) => language === localStorage.getItem(KEY));
  return kept ?? (navigator.languages.find((tag) => /^(zh|en)/.test(tag))?.startsWith('zh') ? 'zh' : 'en');
};

export const SpeechProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, setLanguage] = useState(preferred);
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      language,
      say: WORDS[language],
      format: makeFormats(LOCALES[language], WORDS[language]),
      speak: (next) => {
        localStorage.setItem(KEY, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
};

export const useSpeech = (): Speech => {
  const speech = use(SpeechContext);
  if (!speech) throw new Error('outside of SpeechProvider');
  return speech;
};
