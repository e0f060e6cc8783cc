/** The pause after the first failure, ms: a media server that restarts is back within a second or two. */
export const FIRST_DELAY_MS = 1_000;

/** The longest pause, ms: a media server that is away for days costs two attempts a minute. */
export const LONGEST_DELAY_MS = 30_000;

/**
 * How long to wait before the next attempt, ms: doubling with each failure, and spread by up to half so that publishers do not
 * come back in step.
 *
 * @param failures in a row, 1 or more
 * @param random in [0, 1)
 */
export const publishDelay = (failures: number, random: number): number => {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max(FIRST_DELAY_MS, Math.round(longest * (0.5 + random / 2)));
};
