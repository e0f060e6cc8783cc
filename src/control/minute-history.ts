import { quantile } from './latency-window.js';

const MINUTE_MS = 60_000;

/** Minutes that are kept of a camera: a day. */
export const KEPT_MINUTES = 1440;

/** Latencies that one minute keeps at most, some 100 kB: what 240 pictures a second leave, more than any camera has. */
const MOST_A_MINUTE = 240 * 60;

/** What a camera did in one minute. A minute without a picture has none. */
export interface MinutePoint {
  /** Its beginning, ms since 1970. */
  readonly at: number;
  /** Pictures handed on a second, over the whole minute; over what of it has passed, where it is the present one. */
  readonly fps: number;
  /** Latency, ms. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * A day of one camera's latency and pictures a second, by the minute and in memory: the present minute's latencies (12 kB at 25 fps), and
 * four numbers for each one that is over (46 kB a day and more for the objects). It begins anew with the gateway.
 */
export class MinuteHistory {
  readonly #now: () => number;
  readonly #past: MinutePoint[] = [];
  #minute = Number.NEGATIVE_INFINITY;
  #pictures = 0;
  #latencies: number[] = [];

  /** @param now ms since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A picture was handed on. @param latencyMs its own */
  add(latencyMs: number): void {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    if (minute !== this.#minute) this.#begin(minute);
    this.#pictures++;
    if (this.#latencies.length < MOST_A_MINUTE) this.#latencies.push(latencyMs);
  }

  /** The minutes of the last day that had pictures, oldest first; the present one as far as it has come. */
  points(): readonly MinutePoint[] {
    const now = this.#now();
    const present = this.#point(Math.min(MINUTE_MS, now - this.#minute * MINUTE_MS));
    const oldest = (Math.floor(now / MINUTE_MS) - KEPT_MINUTES + 1) * MINUTE_MS;
    return [...this.#past, ...(present ? [present] : [])].filter(({ at }) => at >= oldest && at <= now);
  }

  #begin(minute: number): void {
    const over = this.#point(MINUTE_MS);
    if (over) this.#past.push(over);
    if (this.#past.length > KEPT_MINUTES) this.#past.shift();
    // Somebody set the clock back: what is of later is not known to be of any time.
    while (this.#past.length > 0 && this.#past.at(-1)!.at >= minute * MINUTE_MS) this.#past.pop();
    this.#minute = minute;
    this.#pictures = 0;
    this.#latencies = [];
  }

  /** @param passedMs of the minute */
  #point(passedMs: number): MinutePoint | null {
    if (this.#pictures === 0) return null;
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      at: this.#minute * MINUTE_MS,
      fps: Math.round((this.#pictures / Math.max(1, passedMs / 1000)) * 10) / 10,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
    };
  }
}
