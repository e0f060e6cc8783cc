/** Latencies of a camera's last pictures: 20 s at 25 fps. */
const WINDOW = 500;

export interface LatencySummary {
  /** ms */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** @param sorted at least one value, smallest first @param p 0..1 @returns to two digits behind the point */
export const quantile = (sorted: Float64Array, p: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]! * 100) / 100;

/** The last latencies of a stream, for percentiles that follow the present. */
export class LatencyWindow {
  readonly #values = new Float64Array(WINDOW);
  #count = 0;

  /** @param ms one picture's latency */
  add(ms: number): void {
    this.#values[this.#count++ % WINDOW] = ms;
  }

  /** null before the first picture. */
  summary(): LatencySummary | null {
    const known = Math.min(this.#count, WINDOW);
    if (known === 0) return null;
    const sorted = this.#values.slice(0, known).sort();
    return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
  }

  clear(): void {
    this.#count = 0;
  }
}
