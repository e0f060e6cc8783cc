import { expect, it } from 'vitest';
import type { Measure, Unit } from '../benchmark.js';
import { compareRatios } from './compare.js';
import type { BenchRecord } from './history.js';

const record = (id: string, [low, median, high]: [number, number, number], unit: Unit = 'ratio'): BenchRecord => {
  const measure: Measure = { id, what: id, unit, summary: { low, median, high, count: 5 } };
  return { measures: [measure] } as unknown as BenchRecord;
};

const worse = (before: BenchRecord, now: BenchRecord): boolean | undefined => compareRatios([before], [now])[0]?.worse;

it('takes what lies within the margin for as good', () => {
  expect(worse(record('cpu', [0.89, 0.9, 0.91]), record('cpu', [0.95, 0.96, 0.97]))).toBe(false);
});

it('finds a ratio that has become worse by more than the noise', () => {
  expect(worse(record('cpu', [0.89, 0.9, 0.91]), record('cpu', [1.05, 1.08, 1.1]))).toBe(true);
});

it('does not blame a run whose better quarter is as good as before', () => {
  expect(worse(record('cpu', [0.89, 0.9, 0.91]), record('cpu', [0.95, 1.2, 1.4]))).toBe(false);
});

it('grows the margin with the spread of what was committed', () => {
  expect(worse(record('cpu', [0.8, 0.9, 1.3]), record('cpu', [1.2, 1.25, 1.3]))).toBe(false);
});

it('compares ratios only, and only those that both have', () => {
  expect(compareRatios([record('ms', [1, 1, 1], 'ms')], [record('ms', [9, 9, 9], 'ms')])).toEqual([]);
  expect(compareRatios([record('old', [1, 1, 1])], [record('new', [1, 1, 1])])).toEqual([]);
});
