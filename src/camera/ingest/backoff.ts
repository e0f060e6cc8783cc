/** First pause after a failure, ms: a camera that only hiccupped is back at once. */
export const FIRST_DELAY_MS = 200;

/** A camera that is lost is asked this often, ms, so that its picture is back within 2 s of its return. */
export const SHORT_DELAY_MS = 700;

/** After so long without success, ms, a camera is thought switched off and asked less often. */
export const PATIENCE_MS = 10 * 60_000;

/** The longest pause, ms. */
export const LONG_DELAY_MS = 10_000;

/**
 * How long to wait before the next attempt, ms: doubling from FIRST to SHORT, to LONG only when patience is over, and jittered by
 * +-25 % so that cameras behind one switch do not come back in step.
 *
 * @param failures in a row, 1 or more
 * @param lostForMs since it last worked
 * @param random in [0, 1)
 */
export function reconnectDelay(failures: number, lostForMs: number, random: number): number {
  const limit = lostForMs > PATIENCE_MS ? LONG_DELAY_MS : SHORT_DELAY_MS;
  const base = Math.min(limit, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(base * (0.75 + random / 2));
}
