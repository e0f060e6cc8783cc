import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrap, pairedBootstrap, percentile } from './bootstrap.js';
import { confusion } from './confusion.js';
import { countDecisions, type Decision, fScore, scoreDetection } from './decisions.js';
import { wilson } from './interval.js';
import { mcnemar } from './mcnemar.js';
import { seeded } from './random.js';
import { reliability } from './reliability.js';
import { areaUnder, estimateArea, rocCurve, type Scored } from './roc.js';
import { boundForNone, itemsForMargin, itemsForNone, judgeSample } from './sample-size.js';

const decision = fc.record({ raised: fc.boolean(), truth: fc.boolean() });
const scored = fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), truth: fc.boolean() });

describe("Wilson's interval", () => {
  // The last three: Newcombe 1998 (Statistics in Medicine 17), table I; 0 of n: z^2 / (n + z^2).
  it.each([
    [0, 10, 0, 0.277532799],
    [10, 10, 0.722467201, 1],
    [5, 10, 0.236593091, 0.763406909],
    [81, 263, 0.255295489, 0.366215297],
    [15, 148, 0.062386009, 0.160530301],
    [1, 29, 0.006113214, 0.171755219],
  ])('of %i of %i is %d to %d', (hits, n, low, high) => {
    const found = wilson(hits, n);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
    expect(found.value).toBe(hits / n);
  });

  it('holds the proportion, stays within 0 and 1, and narrows with more of the same', () => {
    const sample = fc
      .integer({ min: 1, max: 5000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(sample, ([hits, n]) => {
        const [one, many] = [wilson(hits, n), wilson(4 * hits, 4 * n)];
        expect(one.low).toBeGreaterThanOrEqual(0);
        expect(one.low).toBeLessThanOrEqual(hits / n);
        expect(one.high).toBeGreaterThanOrEqual(hits / n);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(many.high! - many.low!).toBeLessThan(one.high! - one.low!);
      }),
    );
  });

  it('of nothing is unknown', () => expect(wilson(0, 0)).toEqual({ value: null, low: null, high: null, n: 0 }));
});

describe('decisions', () => {
  it('are counted as anyone would', () => {
    fc.assert(
      fc.property(fc.array(decision), (decisions) => {
        const { truePositives, falsePositives, falseNegatives, trueNegatives } = countDecisions(decisions);
        expect(truePositives + falsePositives + falseNegatives + trueNegatives).toBe(decisions.length);
        expect(truePositives + falsePositives).toBe(decisions.filter(({ raised }) => raised).length);
        expect(truePositives + falseNegatives).toBe(decisions.filter(({ truth }) => truth).length);
      }),
    );
  });

  it('have an F that is the mean of precision and recall as its definition has it', () => {
    const counts = { truePositives: 6, falsePositives: 2, falseNegatives: 3 };
    const [precision, recall] = [6 / 8, 6 / 9];
    expect(fScore(counts)).toBeCloseTo((2 * precision * recall) / (precision + recall));
    expect(fScore(counts, 2)).toBeCloseTo((5 * precision * recall) / (4 * precision + recall));
    expect(fScore({ truePositives: 0, falsePositives: 0, falseNegatives: 0 })).toBeNull();
  });

  it('have an F that leans towards recall the more, the larger beta is', () => {
    const counts = fc.record({
      truePositives: fc.integer({ min: 1, max: 99 }),
      falsePositives: fc.nat(99),
      falseNegatives: fc.nat(99),
    });
    fc.assert(
      fc.property(counts, (some) => {
        const recall = some.truePositives / (some.truePositives + some.falseNegatives);
        expect(Math.abs(fScore(some, 2)! - recall)).toBeLessThanOrEqual(Math.abs(fScore(some, 1)! - recall) + 1e-12);
        expect(fScore(some, 1000)).toBeCloseTo(recall, 3);
      }),
    );
  });

  it('score with each value inside its interval, and the same each time', () => {
    const decisions: Decision[] = Array.from({ length: 60 }, (_, i) => ({ raised: i % 3 === 0, truth: i % 4 === 0 }));
    const score = scoreDetection(decisions, 7);
    for (const { value, low, high } of [score.precision, score.recall, score.f1, score.f2, score.accuracy]) {
      expect(low!).toBeLessThanOrEqual(value!);
      expect(high!).toBeGreaterThanOrEqual(value!);
    }
    expect(scoreDetection(decisions, 7)).toEqual(score);
    expect(scoreDetection(decisions, 8).f1).not.toEqual(score.f1);
  });
});

describe('the bootstrap', () => {
  it('of a mean comes near the textbook interval', () => {
    const random = seeded(3);
    const values = Array.from({ length: 400 }, () => random());
    const mean = (items: Int32Array): number => items.reduce((sum, i) => sum + values[i]!, 0) / items.length;
    const { value, low, high } = bootstrap(values.length, mean, { seed: 1 });
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - value!) ** 2, 0) / values.length);
    expect(low!).toBeCloseTo(value! - (1.96 * sd) / 20, 2);
    expect(high!).toBeCloseTo(value! + (1.96 * sd) / 20, 2);
  });

  it('tells a real difference from none', () => {
    const difference = (values: readonly number[]) =>
      pairedBootstrap(values.length, (items) => items.reduce((sum, i) => sum + values[i]!, 0) / items.length, {
        seed: 1,
      });
    expect(difference(Array.from({ length: 50 }, (_, i) => 1 + (i % 5))).p).toBeLessThan(0.01);
    expect(difference(Array.from({ length: 50 }, (_, i) => (i % 2 ? 1 : -1))).p).toBeGreaterThan(0.5);
    expect(difference([]).p).toBeNull();
  });

  it('draws each item about as often as the others', () => {
    const drawn = new Array<number>(10).fill(0);
    const count = (items: Int32Array): number => {
      for (const i of items) drawn[i]!++;
      return 0;
    };
    bootstrap(10, count, { seed: 5, resamples: 5000 });
    for (const times of drawn) expect(times).toBeGreaterThan(4800);
  });

  it('finds percentiles between values', () => {
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(percentile([1, 2, 3, 4], 1)).toBe(4);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('a receiver operating characteristic', () => {
  const naiveArea = (items: readonly Scored[]): number | null => {
    const [yes, no] = [items.filter(({ truth }) => truth), items.filter(({ truth }) => !truth)];
    if (yes.length === 0 || no.length === 0) return null;
    let sum = 0;
    for (const a of yes) for (const b of no) sum += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
    return sum / (yes.length * no.length);
  };

  it('has the area of all pairs counted one by one, which is also that under the line', () => {
    fc.assert(
      fc.property(fc.array(scored, { maxLength: 40 }), (items) => {
        const area = areaUnder(items);
        const naive = naiveArea(items);
        if (naive === null) return void expect(area).toBeNull();
        expect(area).toBeCloseTo(naive, 10);
        const curve = rocCurve(items);
        let under = 0;
        for (let i = 1; i < curve.length; i++)
          under +=
            ((curve[i]!.truePositiveRate + curve[i - 1]!.truePositiveRate) / 2) *
            (curve[i]!.falsePositiveRate - curve[i - 1]!.falsePositiveRate);
        expect(under).toBeCloseTo(naive, 10);
        expect(curve.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
      }),
    );
  });

  it('of perfect scores has the area 1, and of reversed ones 0', () => {
    const items = Array.from({ length: 20 }, (_, i) => ({ score: i / 20, truth: i >= 10 }));
    expect(areaUnder(items)).toBe(1);
    expect(areaUnder(items.map(({ score, truth }) => ({ score: 1 - score, truth })))).toBe(0);
    expect(estimateArea(items, 1)).toMatchObject({ value: 1, low: 1, high: 1 });
  });
});

describe('reliability', () => {
  it('of scores that mean what they say has no error', () => {
    const items = Array.from({ length: 100 }, (_, i) => ({ score: 0.75, truth: i % 4 !== 0 }));
    const { bins, calibrationError, brier } = reliability(items);
    expect(bins).toHaveLength(1);
    expect(calibrationError).toBeCloseTo(0);
    expect(brier).toBeCloseTo(0.75 * 0.0625 + 0.25 * 0.5625);
  });

  it('puts each score into one bin, also 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(scored), (items) => {
        expect(reliability(items).bins.reduce((sum, { observed }) => sum + observed.n, 0)).toBe(items.length);
      }),
    );
    expect(reliability([{ score: 1, truth: false }]).calibrationError).toBe(1);
    expect(reliability([])).toEqual({ bins: [], calibrationError: null, brier: null });
  });
});

describe('a confusion matrix', () => {
  it('has every pair once, names of its order first', () => {
    const found = confusion(
      [
        ['b', 'x'],
        ['a', 'y'],
        ['b', 'x'],
      ],
      { answers: ['y', 'z'] },
    );
    expect(found).toEqual({
      truths: ['a', 'b'],
      answers: ['y', 'z', 'x'],
      counts: [
        [1, 0, 0],
        [0, 0, 2],
      ],
    });
  });
});

describe("McNemar's test", () => {
  it('is the exact binomial one, counted in whole numbers', () => {
    const exact = (lost: number, won: number): number => {
      const n = BigInt(lost + won);
      let [term, sum] = [1n, 1n];
      for (let k = 1n; k <= BigInt(Math.min(lost, won)); k++) {
        term = (term * (n - k + 1n)) / k;
        sum += term;
      }
      // 60 bits of the quotient are more than a number holds.
      return Math.min(1, Number((2n * sum * 2n ** 60n) / 2n ** n) / 2 ** 60);
    };
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (lost, won) => {
        expect(mcnemar(lost, won).p).toBeCloseTo(exact(lost, won), 10);
        expect(mcnemar(won, lost).p).toBe(mcnemar(lost, won).p);
      }),
    );
    expect(mcnemar(0, 5).p).toBeCloseTo(0.0625, 12);
    expect(mcnemar(1, 9).p).toBeCloseTo(22 / 1024, 12);
  });

  it('is no worse with thousands', () => {
    expect(mcnemar(5000, 5000).p).toBe(1);
    expect(mcnemar(4800, 5200).p).toBeGreaterThan(0);
    expect(mcnemar(4800, 5200).p).toBeLessThan(0.001);
  });
});

describe('the least number of items', () => {
  it('is the known one', () => {
    expect(itemsForMargin(0.05)).toBe(385);
    expect(itemsForMargin(0.1)).toBe(97);
    expect(itemsForNone(0.01)).toBe(299);
    expect(itemsForNone(0.05)).toBe(59);
  });

  it('without a failure bounds failures as promised', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.5, noNaN: true }), (rate) => {
        const n = itemsForNone(rate);
        expect(boundForNone(n)).toBeLessThanOrEqual(rate + 1e-9);
        expect(boundForNone(n - 1)).toBeGreaterThan(rate - 1e-9);
      }),
    );
    expect(boundForNone(0)).toBe(1);
  });

  it('is said where it is not reached', () => {
    expect(judgeSample(40)).toEqual({ have: 40, need: 97, enough: false });
  });
});
