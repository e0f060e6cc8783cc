/** A worker that lived so long, ms, was healthy: its end counts as the first. */
export const HEALTHY_MS = 30_000;

/** The longest pause between two lives of a worker, ms. */
const LONGEST_MS = 10_000;

/** Pause before a worker is started again, ms: none the first time, then doubling from a quarter of a second. */
export function restartDelay(failures: number): number {
  return failures <= 1 ? 0 : Math.min(LONGEST_MS, 250 * 2 ** (failures - 2));
}
