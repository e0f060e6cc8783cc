import { describe, expect, it } from 'vitest';
import {
  areaUnderCurve,
  calibrationError,
  fitLogistic,
  minimise,
  reliability,
  shareFrom,
  thresholdFor,
  wilson,
} from './statistics.js';

describe('the statistics of the place model', () => {
  it('counts pairs in the right order, ties by half', () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 3], [2, 3])).toBe((0 + 0 + 1 + 0.5) / 4);
  });

  it('a threshold lets no more than the share through', () => {
    const no = Array.from({ length: 200 }, (_, at) => at / 200);
    expect(shareFrom(no, thresholdFor(no, 0.02))).toBeCloseTo(0.02, 10);
    expect(shareFrom([0.5, 0.5, 0.5], thresholdFor([0.5, 0.5, 0.5], 0.02))).toBe(0);
  });

  it("gives Wilson's interval", () => {
    const [low, high] = wilson(33, 40);
    expect(low).toBeCloseTo(0.681, 3);
    expect(high).toBeCloseTo(0.913, 3);
  });

  it('finds a valley', () => {
    expect(minimise((x) => (x - 2) ** 2, 0, 10)).toBeCloseTo(2, 6);
  });

  it('fits a logistic curve to both sides alike', () => {
    // Three of four are above 1, three of four below -1: log odds of 3 at +1.
    const yes = [[1], [1], [1], [-1]];
    const no = [[-1], [-1], [-1], [1], [-1], [-1], [-1], [1]];
    const [slope, offset] = fitLogistic(yes, no);
    expect(slope).toBeCloseTo(Math.log(3), 6);
    expect(offset).toBeCloseTo(0, 6);
  });

  it('fits several columns, and keeps down what costs', () => {
    const rows = (count: number, ...row: number[]): number[][] => Array.from({ length: count }, () => row);
    // The first column says 3 to 1, the second 2 to 1, independently; the third says nothing.
    const yes = [...rows(6, 1, 1, 0), ...rows(3, 1, 0, 0), ...rows(2, 0, 1, 0), ...rows(1, 0, 0, 0)];
    const no = [...rows(1, 1, 1, 0), ...rows(2, 1, 0, 0), ...rows(3, 0, 1, 0), ...rows(6, 0, 0, 0)];
    const [first, second, third] = fitLogistic(yes, no);
    expect(first).toBeCloseTo(2 * Math.log(3), 4);
    expect(second).toBeCloseTo(2 * Math.log(2), 4);
    expect(third).toBeCloseTo(0, 6);
    expect(fitLogistic(yes, no, 0.1)[0]).toBeLessThan(1.2);
  });

  it('compares what is said with what is so', () => {
    const bins = reliability([0.9, 0.9, 0.1, 0.1], [true, false, false, false]);
    expect(bins).toEqual([
      { said: 0.1, was: 0, count: 2 },
      { said: 0.9, was: 0.5, count: 2 },
    ]);
    expect(calibrationError(bins)).toBeCloseTo(0.25, 10);
  });
});
