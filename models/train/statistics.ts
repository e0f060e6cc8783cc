/** How well scores tell two kinds apart: the chance that one of `yes` scores above one of `no`, ties by half. */
export function areaUnderCurve(yes: readonly number[], no: readonly number[]): number {
  const sorted = [...no].sort((a, b) => a - b);
  const below = (value: number, orEqual: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const won = yes.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0);
  return won / (yes.length * no.length);
}

/** The smallest threshold that at most `share` of the values reach. */
export function thresholdFor(no: readonly number[], share: number): number {
  const sorted = [...no].sort((a, b) => b - a);
  const allowed = Math.floor(share * sorted.length);
  const next = sorted[allowed];
  if (next === undefined) return Number.NEGATIVE_INFINITY;
  // Just above the first one that must not reach it.
  return next + Math.max(Math.abs(next) * 1e-9, 1e-12);
}

export const shareFrom = (values: readonly number[], threshold: number): number =>
  values.filter((value) => value >= threshold).length / values.length;

/** Wilson's interval of a share, 95 %. */
export function wilson(hits: number, of: number): [number, number] {
  const z = 1.959964;
  const p = hits / of;
  const middle = p + (z * z) / (2 * of);
  const reach = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

/** Smallest value of a function with one valley, by golden section. */
export function minimise(of: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  for (let step = 0; step < 60; step++) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (of(c) < of(d)) b = d;
    else a = c;
  }
  return (a + b) / 2;
}

/** Logistic regression on one value, by Newton's method; each of `yes` and `no` weighs half in all, however many there are. */
export function fitLogistic(yes: readonly number[], no: readonly number[]): { slope: number; offset: number } {
  let [slope, offset] = [1, 0];
  for (let step = 0; step < 50; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
    for (const [values, target] of [
      [yes, 1],
      [no, 0],
    ] as const)
      for (const value of values) {
        const p = 1 / (1 + Math.exp(-(slope * value + offset)));
        const [weight, curve] = [1 / values.length, (p * (1 - p)) / values.length];
        g0 += (p - target) * weight;
        g1 += (p - target) * value * weight;
        h00 += curve;
        h01 += curve * value;
        h11 += curve * value * value;
      }
    const determinant = h00 * h11 - h01 * h01;
    const [down, across] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    offset -= down;
    slope -= across;
    if (Math.abs(down) + Math.abs(across) < 1e-9) break;
  }
  return { slope, offset };
}

/** Of what was said with about a probability, how much was so: one point a bin that has any. */
export function reliability(
  said: readonly number[],
  truth: readonly boolean[],
  bins = 10,
): { said: number; was: number; count: number }[] {
  const made = Array.from({ length: bins }, () => ({ said: 0, was: 0, count: 0 }));
  for (const [at, p] of said.entries()) {
    const bin = made[Math.min(bins - 1, Math.floor(p * bins))]!;
    bin.said += p;
    bin.was += truth[at] ? 1 : 0;
    bin.count++;
  }
  return made
    .filter(({ count }) => count > 0)
    .map((bin) => ({ said: bin.said / bin.count, was: bin.was / bin.count, count: bin.count }));
}

/** Expected calibration error: by how much what is said and what is so differ, weighted by how often it is said. */
export const calibrationError = (bins: readonly { said: number; was: number; count: number }[]): number => {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { said, was, count }) => sum + (Math.abs(said - was) * count) / all, 0);
};
