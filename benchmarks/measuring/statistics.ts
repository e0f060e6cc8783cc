/** What repeated measuring came to. Shared machines are noisy: the median is reported, and between which values it lay. */
export interface Summary {
  readonly median: number;
  /** First and third quartile; the least and the largest of fewer than four values. */
  readonly low: number;
  readonly high: number;
  /** How many values. */
  readonly count: number;
}

/** The value below which the share `p` of the sorted values lies (nearest rank). NaN of none. */
export const quantile = (sorted: ArrayLike<number>, p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;

/** Median and quartiles. */
export const summarize = (values: readonly number[]): Summary => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  const median = (quantile(sorted, 0.5) + sorted[Math.ceil(middle) - 1]!) / 2;
  const few = sorted.length < 4;
  return {
    median,
    low: few ? sorted[0]! : quantile(sorted, 0.25),
    high: few ? sorted[sorted.length - 1]! : quantile(sorted, 0.75),
    count: sorted.length,
  };
};

/** Slope of the line of least squares through (x, y). 0 of fewer than two different x. */
export const slope = (points: readonly (readonly [x: number, y: number])[]): number => {
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  let [covariance, variance] = [0, 0];
  for (const [x, y] of points) {
    covariance += (x - x0) * (y - y0);
    variance += (x - x0) ** 2;
  }
  return variance > 0 ? covariance / variance : 0;
};
