import { describe, expect, it } from 'vitest';
import type { Report, ReportItem } from '../report/report.js';
import { compareReports, formatComparison } from './compare.js';

const item = (n: number, verdict: 'prohibited' | 'allowed' | 'unsure', leakedPixels = 0): ReportItem => ({
  file: `${n}.jpg`,
  sha256: String(n),
  kind: 'still',
  label: n % 2 ? 'bathroom' : 'lobby',
  side: n % 2 ? 'prohibited' : 'allowed',
  tags: {},
  place: [{ at: 0, verdict, prohibited: 0.5, kind: 'x', fused: null }],
  mask: { hiddenPixels: 1000, leakedPixels } as never,
});
const report = (items: readonly ReportItem[]): Report => ({ items, seed: 1 }) as unknown as Report;
const right = (n: number) => item(n, n % 2 ? 'prohibited' : 'allowed');

describe('comparing two reports', () => {
  it('of the same answers finds no change', () => {
    const same = report(Array.from({ length: 40 }, (_, n) => right(n)));
    const found = compareReports(same, same);
    expect(found).toMatchObject({ common: 40, onlyBefore: 0, onlyAfter: 0, places: { won: 0, lost: 0, p: 1 } });
    expect(found.f2.value).toBe(0);
    expect(formatComparison(found)).toMatch(/no significant change/);
    expect(formatComparison(found)).not.toMatch(/: (better|worse)/);
  });

  it('finds what got better, by class and with its significance', () => {
    const before = report(Array.from({ length: 40 }, (_, n) => (n % 2 && n < 21 ? item(n, 'unsure') : right(n))));
    const after = report(Array.from({ length: 40 }, (_, n) => right(n)));
    const found = compareReports(before, after);
    expect(found.places).toMatchObject({ won: 10, lost: 0 });
    expect(found.perClass.bathroom).toMatchObject({ won: 10 });
    expect(found.f2.value).toBeGreaterThan(0.3);
    expect(found.f2.p).toBeLessThan(0.05);
    expect(formatComparison(found)).toMatch(/places: 10 won, 0 lost: better/);
    expect(formatComparison(compareReports(after, before))).toMatch(/places: 0 won, 10 lost: worse/);
  });

  it('pairs by content, and counts leaks as worse', () => {
    const before = report([...Array.from({ length: 20 }, (_, n) => right(n)), { ...right(99) }]);
    const after = report(
      Array.from({ length: 20 }, (_, n) => ({
        ...item(n, n % 2 ? 'prohibited' : 'allowed', 100),
        file: `moved/${n}.jpg`,
      })),
    );
    const found = compareReports(before, after);
    expect(found).toMatchObject({ common: 20, onlyBefore: 1, onlyAfter: 0 });
    expect(found.leakedShare.value).toBeCloseTo(0.1);
    expect(formatComparison(found)).toMatch(/leaked share.*worse/);
  });
});
