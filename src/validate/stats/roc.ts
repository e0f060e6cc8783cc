import { bootstrap } from './bootstrap.js';
import type { Estimate } from './interval.js';

/** A score in [0, 1] and what would have been right. */
export interface Scored {
  readonly score: number;
  readonly truth: boolean;
}

/** What a threshold would come to: raised is a score at or above it. */
export interface RocPoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** A threshold that no score reaches. */
const ABOVE_ALL = 2;

/** A report needs no more of them; all are used for the area. */
const MAX_POINTS = 200;

/**
 * The receiver operating characteristic from (0, 0) to (1, 1), one point a distinct score. Empty where one side is missing.
 */
export const rocCurve = (scored: readonly Scored[], maxPoints = MAX_POINTS): RocPoint[] => {
  const positives = scored.filter(({ truth }) => truth).length;
  const negatives = scored.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const sorted = scored.toSorted((a, b) => b.score - a.score);
  const points: RocPoint[] = [{ threshold: ABOVE_ALL, falsePositiveRate: 0, truePositiveRate: 0 }];
  let [hits, alarms] = [0, 0];
  for (const [i, { score, truth }] of sorted.entries()) {
    if (truth) hits++;
    else alarms++;
    if (sorted[i + 1]?.score === score) continue;
    points.push({ threshold: score, falsePositiveRate: alarms / negatives, truePositiveRate: hits / positives });
  }
  return thin(points, maxPoints);
};

/** Keeps the ends and evenly what is between. */
function thin<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))]!);
}

/**
 * The area under it: how often a positive scores above a negative, ties counting half (Mann and Whitney). null where one side is
 * missing.
 */
export const areaUnder = (scored: readonly Scored[]): number | null => {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  let [positives, ranks] = [0, 0];
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && sorted[end]!.score === sorted[i]!.score) end++;
    // Ranks count from 1; equal scores share their mean.
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) {
      if (!sorted[i]!.truth) continue;
      positives++;
      ranks += rank;
    }
  }
  const negatives = scored.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
};

/** Resampling costs a sort each time: beyond so many items fewer rounds say as much. */
const MANY = 2000;

/** The area with its bootstrap interval. */
export const estimateArea = (scored: readonly Scored[], seed: number): Estimate =>
  bootstrap(scored.length, (items) => areaUnder(Array.from(items, (i) => scored[i]!)), {
    seed,
    resamples: scored.length > MANY ? 200 : 1000,
  });
