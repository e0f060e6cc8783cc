import { CLOCK_HZ } from '../rtsp/published-stream.js';

/** A source whose clock is further than this from ours, in ticks (0.5 s), has jumped: it is anchored anew. */
const JUMP = CLOCK_HZ / 2;

/** Share of the distance between a source's clock and ours that each picture makes good: drift goes, jitter stays out. */
const SLEW = 1 / 512;

/**
 * One stream's own clock: 90 kHz ticks that only rise, whatever sources, slates and restarts do. Pure but for `now`.
 *
 * A picture's place is its source timestamp plus an offset (so that a camera's even rhythm survives an uneven network); a slate's
 * is the present.
 */
export class Timeline {
  readonly #now: () => number;
  #last = -1;
  #offset: number | null = null;

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The timestamp of something that happens now: a slate. */
  present(): number {
    return this.#rise(this.#ticks());
  }

  /** The timestamp of a picture that its worker stamped `pts` (90 kHz, any origin). */
  place(pts: number): number {
    const now = this.#ticks();
    let offset = this.#offset;
    if (offset === null || Math.abs(pts + offset - now) > JUMP) offset = now - pts;
    else offset += (now - pts - offset) * SLEW;
    this.#offset = offset;
    return this.#rise(Math.round(pts + offset));
  }

  /** Forgets the source's clock: the next picture comes from another worker. */
  newSource(): void {
    this.#offset = null;
  }

  #ticks(): number {
    return Math.round((this.#now() * CLOCK_HZ) / 1000);
  }

  #rise(ticks: number): number {
    this.#last = Math.max(this.#last + 1, ticks);
    return this.#last;
  }
}
