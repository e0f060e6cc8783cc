import { readFileSync } from 'node:fs';
import { parse } from 'opentype.js';
import { describe, expect, it } from 'vitest';
import { slateFonts } from '../camera/slate-fonts.js';
import { deriveState, OFFLINE_REASONS, STARTING_REASONS, stateLabel, WITHHELD_REASONS } from '../camera/state.js';
import { SLATE_LANGUAGES } from '../config/site.js';
import { slateOrders } from './slate.js';

const SIZE = { width: 641, height: 361 };

describe.each(SLATE_LANGUAGES)('slates (%s)', (language) => {
  const orders = slateOrders(language, SIZE, 'h264');

  it('have words of their own for every state but masked', () => {
    const states = [
      ...STARTING_REASONS.map((reason) => deriveState({ kind: 'starting', reason }, new Set())),
      ...OFFLINE_REASONS.map((reason) => deriveState({ kind: 'offline', reason }, new Set())),
      ...WITHHELD_REASONS.map((reason) => deriveState({ kind: 'masking' }, new Set([reason]))),
    ];
    expect(new Set(orders.map(({ label }) => label))).toEqual(new Set(states.map(stateLabel)));
    for (const { headline, sentence } of orders) {
      expect(headline).not.toBe('');
      expect(sentence).toMatch(/[.。]$/);
    }
  });

  it('are made in even sizes, which 4:2:0 needs', () => {
    for (const order of orders) expect(order).toMatchObject({ width: 640, height: 360 });
  });

  it('have a glyph for every character in the fonts that come with the package', () => {
    const fonts = slateFonts(language);
    const lacks = (file: string, text: string): string[] => {
      const { buffer, byteOffset, byteLength } = readFileSync(file);
      const font = parse(buffer.slice(byteOffset, byteOffset + byteLength));
      return [...new Set(text)].filter((character) => font.charToGlyphIndex(character) === 0);
    };
    expect(lacks(fonts.headline.file, orders.map(({ headline }) => headline).join(''))).toEqual([]);
    expect(lacks(fonts.sentence.file, orders.map(({ sentence }) => sentence).join(''))).toEqual([]);
  });
});
