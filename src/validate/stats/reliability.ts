import { type Estimate, wilson } from './interval.js';
import type { Scored } from './roc.js';

/** Tenths of the scale. */
const BINS = 10;

/** Items of about one score, and how often it was right. */
export interface ReliabilityBin {
  /** Mean score. */
  readonly score: number;
  /** Share that really was so. */
  readonly observed: Estimate;
}

export interface Reliability {
  /** Bins that hold anything, from the lowest. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean distance between score and share, by items (expected calibration error). null of none. */
  readonly calibrationError: number | null;
  /** Mean squared distance between score and truth (Brier 1950). null of none. */
  readonly brier: number | null;
}

/** Whether a score of 0.8 means eight in ten. */
export const reliability = (scored: readonly Scored[], bins = BINS): Reliability => {
  const filled: ReliabilityBin[] = [];
  let [error, squares] = [0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const own = scored.filter(({ score }) => Math.min(bins - 1, Math.floor(score * bins)) === bin);
    if (own.length === 0) continue;
    const score = own.reduce((sum, item) => sum + item.score, 0) / own.length;
    const observed = wilson(own.filter(({ truth }) => truth).length, own.length);
    error += Math.abs(score - observed.value!) * own.length;
    filled.push({ score, observed });
  }
  for (const { score, truth } of scored) squares += (score - (truth ? 1 : 0)) ** 2;
  const n = scored.length;
  return { bins: filled, calibrationError: n === 0 ? null : error / n, brier: n === 0 ? null : squares / n };
};
