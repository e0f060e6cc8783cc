import { CLOCK_HZ } from '../rtsp/published-stream.js';

/** A step between two pictures longer than this, in ticks (10 s), is a jump of the source's clock and not a pause. */
const JUMP = 10 * CLOCK_HZ;

/**
 * A worker's clock: the source's timestamps made strictly rising, whatever jumps, wraps or stands still. A jump becomes one usual
 * step.
 */
export class RisingClock {
  #source: number | null = null;
  #out = 0;
  readonly #jump: number;
  #step: number;

  /**
   * @param fps frames a second of the source, as far as known: the length of a usual step
   * @param jump a step of so many ticks or more is one of the clock; Infinity where every pause is meant
   */
  constructor(fps: number, jump = JUMP) {
    this.#step = Math.max(1, Math.round(CLOCK_HZ / fps));
    this.#jump = jump;
  }

  /** The usual step, in ticks: a moving average of the plausible ones. */
  get step(): number {
    return this.#step;
  }

  /** @param pts of the next picture in presentation order, 90 kHz */
  next(pts: number): number {
    const step = this.#source === null ? 0 : pts - this.#source;
    if (this.#source !== null) {
      const plausible = step > 0 && step < this.#jump;
      this.#out += plausible ? step : this.#step;
      if (plausible && step < CLOCK_HZ) this.#step = Math.max(1, Math.round(this.#step + (step - this.#step) / 16));
    }
    this.#source = pts;
    return this.#out;
  }
}
