/** What the packs quote is what the law's text says, word by word. The text lies beside VEILGATE_DATA and is not in this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDING_KINDS } from './finding.js';
import { PACKS } from './packs.js';
import type { Penalty } from './rule.js';

const TEXT = join(process.env.VEILGATE_DATA ?? '../shared/data', '..', 'regulation.zh.txt');

/** Left out of a quotation. */
const GAP = '……';
const DIGITS = '零一二三四五六七八九';
/** 42 -> 四十二. Under 100, as the Regulation has 44 articles. */
const chinese = (n: number): string =>
  n < 10 ? DIGITS[n]! : `${n < 20 ? '' : DIGITS[Math.floor(n / 10)]}十${n % 10 === 0 ? '' : DIGITS[n % 10]}`;

const quoted: readonly Penalty[] = [
  ...new Set(Object.values(PACKS).flatMap((pack) => FINDING_KINDS.flatMap((kind) => pack[kind].penalty ?? []))),
];

describe.skipIf(!existsSync(TEXT))('quoted penalties (the text of the Regulation lies beside VEILGATE_DATA)', () => {
  const articles = existsSync(TEXT) ? readFileSync(TEXT, 'utf8').split(/\n(?=第[一二三四五六七八九十]+条)/) : [];

  it.each(quoted.map((penalty) => [penalty.article, penalty] as const))('Art. %i is word by word', (_, penalty) => {
    const { article, item, wording } = penalty;
    const print = articles.find((text) => text.startsWith(`第${chinese(article)}条`));
    expect(print).toBeDefined();
    const parts = wording.split(GAP);
    expect(parts[0]!.startsWith(`第${chinese(article)}条`)).toBe(true);
    for (const part of parts) expect(print).toContain(part);
    // What is left out are items alone.
    expect(parts).toHaveLength(item === undefined ? 1 : 2);
    if (item !== undefined) expect(parts[1]!.startsWith(`（${chinese(item)}）`)).toBe(true);
    else expect(print!.trim()).toBe(wording);
  });

  it('are those that the Regulation provides for the articles that findings name', () => {
    for (const kind of FINDING_KINDS) {
      const { article, penalty } = PACKS['cn-2012'][kind];
      if (penalty === null || penalty.note !== undefined) continue;
      // Articles 37 and 42 name acts, not articles.
      if (penalty.item === undefined) expect(penalty.wording).toContain(`第${chinese(article)}条`);
    }
  });
});
