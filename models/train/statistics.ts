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

/**
 * Logistic regression by Newton's method; each side weighs half in all, however many there are.
 *
 * @param ridge what a squared weight costs, so that what was seen twice does not decide
 * @returns a weight per column, and the constant last
 */
export function fitLogistic(yes: readonly number[][], no: readonly number[][], ridge = 0): number[] {
  const size = (yes[0] ?? no[0])!.length + 1;
  const weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 50; step++) {
    const down = weights.map((weight, at) => (at < size - 1 ? ridge * weight : 0));
    const curve = weights.map((_, at) => weights.map((_, other) => (at === other ? ridge + 1e-12 : 0)));
    for (const [rows, target] of [
      [yes, 1],
      [no, 0],
    ] as const)
      for (const row of rows) {
        const x = [...row, 1];
        const p = 1 / (1 + Math.exp(-x.reduce((sum, value, at) => sum + value * weights[at]!, 0)));
        for (let at = 0; at < size; at++) {
          down[at]! += ((p - target) * x[at]!) / rows.length / 2;
          for (let other = 0; other < size; other++)
            curve[at]![other]! += (p * (1 - p) * x[at]! * x[other]!) / rows.length / 2;
        }
      }
    const move = solve(curve, down);
    for (let at = 0; at < size; at++) weights[at]! -= move[at]!;
    if (move.every((value) => Math.abs(value) < 1e-9)) break;
  }
  return weights;
}

/** x of matrix · x = right, by elimination; the matrix is symmetric and positive. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let at = 0; at < rows.length; at++)
    for (let other = 0; other < rows.length; other++) {
      if (other === at) continue;
      const share = rows[other]![at]! / rows[at]![at]!;
      for (let column = at; column <= rows.length; column++) rows[other]![column]! -= share * rows[at]![column]!;
    }
  return rows.map((row, at) => row[rows.length]! / row[at]!);
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
