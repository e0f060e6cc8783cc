import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantile, slope, summarize } from './statistics.js';

it('takes the median and the quartiles, whatever the order', () => {
  expect(summarize([5, 1, 4, 2, 3])).toEqual({ low: 2, median: 3, high: 4, count: 5 });
  expect(summarize([4, 1, 3, 2]).median).toBe(2.5);
});

it('gives the least and the largest of fewer than four values', () => {
  expect(summarize([3, 1, 2])).toEqual({ low: 1, median: 2, high: 3, count: 3 });
  expect(summarize([7])).toEqual({ low: 7, median: 7, high: 7, count: 1 });
});

it('keeps low, median and high in order and within the values', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
      const { low, median, high } = summarize(values);
      expect(low).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

it('reads percentiles by the nearest rank', () => {
  const sorted = Array.from({ length: 100 }, (_, i) => i);
  expect([quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)]).toEqual([50, 99, 99]);
  expect(quantile([], 0.5)).toBeNaN();
});

it('finds the slope of a line, and none in a heap of points over one x', () => {
  expect(slope([0, 1, 2, 3].map((x) => [x, 2 * x + 1] as const))).toBeCloseTo(2);
  expect(
    slope([
      [1, 5],
      [1, 9],
    ]),
  ).toBe(0);
});
