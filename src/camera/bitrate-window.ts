/** A bit rate is measured over this long, ms. */
const WINDOW_MS = 5000;

/** Measures what a source's own pictures take, window by window. */
export class BitrateWindow {
  #since: number;
  #bytes = 0;

  /** @param now ms, on any clock that rises */
  constructor(now: number) {
    this.#since = now;
  }

  /** Counts a picture. Returns the rate in bits/s where it ends a window, else null. */
  add(bytes: number, now: number): number | null {
    this.#bytes += bytes;
    const ms = now - this.#since;
    if (ms < WINDOW_MS) return null;
    const rate = (this.#bytes * 8000) / ms;
    this.#since = now;
    this.#bytes = 0;
    return rate > 0 ? rate : null;
  }
}
