/** Ticks of a video clock in a millisecond. */
const TICKS_PER_MS = 90;

/** A gap in a file's own times longer than this, in ticks (10 s), is not waited for. */
const LONGEST_WAIT = 900_000;

/** When each picture of a file is due, so that it plays like a camera. Times that stand still, step back or jump count as one usual step. */
export class Pacer {
  readonly #frameTicks: number;
  readonly #startedAt: number;
  #stamp: number | null = null;
  #elapsed = 0;
  #first = true;

  /**
   * @param frameTicks the usual step, 90 kHz
   * @param startedAt when the first picture is due, ms
   */
  constructor(frameTicks: number, startedAt: number) {
    this.#frameTicks = frameTicks;
    this.#startedAt = startedAt;
  }

  /** @param stamp of the next picture in decoding order, 90 kHz; null where it has none. @returns ms, as `startedAt` counts */
  due(stamp: number | null): number {
    if (!this.#first) {
      const step = stamp === null || this.#stamp === null ? 0 : stamp - this.#stamp;
      this.#elapsed += step > 0 && step <= LONGEST_WAIT ? step : this.#frameTicks;
    }
    this.#first = false;
    this.#stamp = stamp ?? this.#stamp;
    return this.#startedAt + this.#elapsed / TICKS_PER_MS;
  }
}
