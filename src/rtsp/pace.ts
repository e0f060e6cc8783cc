/** How fast something may go: so many at once, and so many a millisecond after that (a token bucket). Pure: the clock is the caller's. */
export class Pace {
  readonly #burst: number;
  readonly #perMs: number;
  #allowed: number;
  #at: number;

  /** @param now on any clock that only rises, ms */
  constructor(burst: number, perMs: number, now: number) {
    this.#burst = burst;
    this.#perMs = perMs;
    this.#allowed = burst;
    this.#at = now;
  }

  /** Time has come on. */
  advance(now: number): void {
    this.#allowed = Math.min(this.#burst, this.#allowed + (now - this.#at) * this.#perMs);
    this.#at = now;
  }

  /** Whether one more may go now; it is counted, if so. */
  take(): boolean {
    if (this.#allowed < 1) return false;
    this.#allowed--;
    return true;
  }
}
