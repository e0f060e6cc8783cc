import { Z95 } from './interval.js';

/** A proportion is to be known to so much, in either direction. */
export const DEFAULT_MARGIN = 0.1;

/** A claim "never more than one in a hundred" is the least that a test for leaks should support. */
export const DEFAULT_RARE = 0.01;

/**
 * The fewest items of which a proportion is known to `margin` at 95 %, whatever it is (0.5 is the worst). 0.1: 97 items.
 */
export const itemsForMargin = (margin = DEFAULT_MARGIN, p = 0.5): number =>
  Math.ceil((Z95 * Z95 * p * (1 - p)) / (margin * margin));

/**
 * The fewest items without a single failure after which failures are rarer than `rate` at 95 % confidence. 0.01: 299 items.
 */
export const itemsForNone = (rate = DEFAULT_RARE): number => Math.ceil(Math.log(0.05) / Math.log(1 - rate));

/** The most that failures can be, at 95 % confidence, after `n` items without one. 1 of none. */
export const boundForNone = (n: number): number => (n === 0 ? 1 : 1 - 0.05 ** (1 / n));

/** Whether there is enough to conclude from, said rather than hidden. */
export interface SampleVerdict {
  readonly have: number;
  readonly need: number;
  readonly enough: boolean;
}

export const judgeSample = (have: number, need = itemsForMargin()): SampleVerdict => ({
  have,
  need,
  enough: have >= need,
});
