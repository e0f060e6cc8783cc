import type { Measure } from '../benchmark.js';
import type { BenchRecord } from './history.js';

/** A ratio may be worse by so much before anything is said, as a share: medians of two quiet runs differ by up to half of it. */
const MARGIN = 0.1;

/** A ratio that was committed, and what it is now. */
export interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly before: number;
  readonly now: number;
  /** What it may be at most. */
  readonly limit: number;
  readonly worse: boolean;
}

/**
 * Compares ratios, all of which are better when they are less. The margin grows with the spread of both runs: worse is what lies beyond it in
 * every quarter of the values. Ratios that only one of them has are left out.
 */
export const compareRatios = (before: readonly BenchRecord[], now: readonly BenchRecord[]): Comparison[] => {
  const known = new Map(before.flatMap(({ measures }) => measures).map((measure) => [measure.id, measure]));
  return now
    .flatMap(({ measures }) => measures)
    .filter(({ unit }) => unit === 'ratio')
    .flatMap((measure) => {
      const committed = known.get(measure.id);
      return committed ? [compare(committed, measure)] : [];
    });
};

const compare = ({ summary: then }: Measure, { id, what, summary }: Measure): Comparison => {
  const limit = Math.max(then.median, then.high) * (1 + MARGIN);
  return { id, what, before: then.median, now: summary.median, limit, worse: summary.low > limit };
};
