import { expect, it } from 'vitest';
import { verdictOf } from './benchmark.js';

const summary = (low: number, median: number, high: number) => ({ low, median, high, count: 5 });

it('holds where the median is within its bound, also where a quarter of the values is not', () => {
  expect(verdictOf({ summary: summary(0.8, 0.9, 1.2), bound: { atMost: 0.95 } })).toBe('holds');
  expect(verdictOf({ summary: summary(90, 99.5, 100), bound: { atLeast: 99 } })).toBe('holds');
});

it('is undecided where the median misses but the better quarter does not', () => {
  expect(verdictOf({ summary: summary(0.9, 1, 1.1), bound: { atMost: 0.95 } })).toBe('undecided');
  expect(verdictOf({ summary: summary(97, 98, 99.4), bound: { atLeast: 99 } })).toBe('undecided');
});

it('falls short where even the better quarter misses', () => {
  expect(verdictOf({ summary: summary(1, 1.1, 1.2), bound: { atMost: 0.95 } })).toBe('falls short');
  expect(verdictOf({ summary: summary(90, 95, 98), bound: { atLeast: 99 } })).toBe('falls short');
});

it('says nothing of numbers without a bound', () => {
  expect(verdictOf({ summary: summary(1, 1, 1) })).toBe('no bound');
});
