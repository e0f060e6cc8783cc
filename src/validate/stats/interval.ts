/** A number of a sample, and between which values it lies with 95 % confidence. `n` is what it was worked out from. */
export interface Estimate {
  /** null where there is nothing to work it out from. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** Two-sided 95 % of the normal distribution. */
export const Z95 = 1.959963984540054;

/** Nothing was measured. */
export const UNKNOWN: Estimate = { value: null, low: null, high: null, n: 0 };

/**
 * A proportion with its Wilson score interval (Wilson 1927): it stays within [0, 1] and says something also of 0 of n.
 *
 * @param hits of `n`, whole numbers, `0 <= hits <= n`
 */
export const wilson = (hits: number, n: number, z = Z95): Estimate => {
  if (n === 0) return UNKNOWN;
  const p = hits / n;
  const z2 = z * z;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  // Rounding must not exclude what was seen.
  return { value: p, low: Math.min(p, Math.max(0, centre - half)), high: Math.max(p, Math.min(1, centre + half)), n };
};
