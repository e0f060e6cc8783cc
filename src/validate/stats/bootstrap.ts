import { type Estimate, UNKNOWN } from './interval.js';
import { seeded } from './random.js';

/** Resamples: the ends of a 95 % interval are then known to about a twentieth of its width. */
export const DEFAULT_RESAMPLES = 1000;

/** Of both tails together. */
const OUTSIDE = 0.05;

/** Works a number out from some of the items, drawn with repetition; null where they have none. */
export type Statistic = (items: Int32Array) => number | null;

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples?: number;
}

/**
 * A number of `n` items with its percentile bootstrap interval (Efron 1979). Items are drawn as a whole, so that what hangs together
 * within one (the frames of a clip) stays together. Resamples in which the number is not defined are left out.
 */
export const bootstrap = (n: number, statistic: Statistic, options: BootstrapOptions): Estimate => {
  const value = n === 0 ? null : statistic(Int32Array.from({ length: n }, (_, i) => i));
  if (value === null) return UNKNOWN;
  const values = resample(n, statistic, options);
  return { value, low: percentile(values, OUTSIDE / 2), high: percentile(values, 1 - OUTSIDE / 2), n };
};

/** What a difference between two runs over the same items came to. */
export interface PairedDifference extends Estimate {
  /** Two-sided: how often a difference at least so far from none would come by chance, about. */
  readonly p: number | null;
}

/** The difference `statistic` of pairs, e.g. the mean of b - a over the same items, with its interval and its p-value. */
export const pairedBootstrap = (n: number, statistic: Statistic, options: BootstrapOptions): PairedDifference => {
  const estimate = bootstrap(n, statistic, options);
  if (estimate.value === null) return { ...estimate, p: null };
  const values = resample(n, statistic, options);
  const atMost = values.filter((value) => value <= 0).length;
  const atLeast = values.filter((value) => value >= 0).length;
  // Plus one: a p-value of 0 is more than resampling can say.
  const tail = (Math.min(atMost, atLeast) + 1) / (values.length + 1);
  return { ...estimate, p: Math.min(1, 2 * tail) };
};

/** Sorted. */
function resample(
  n: number,
  statistic: Statistic,
  { seed, resamples = DEFAULT_RESAMPLES }: BootstrapOptions,
): Float64Array {
  const random = seeded(seed);
  const items = new Int32Array(n);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    for (let i = 0; i < n; i++) items[i] = Math.floor(random() * n);
    const value = statistic(items);
    if (value !== null) values.push(value);
  }
  return Float64Array.from(values).sort();
}

/** Between the two nearest values (type 7 of Hyndman and Fan). NaN of none. */
export const percentile = (sorted: ArrayLike<number>, p: number): number => {
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (at - below);
};
