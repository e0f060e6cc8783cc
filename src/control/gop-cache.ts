import { type AccessUnit, CLOCK_HZ } from '../rtsp/published-stream.js';

/** A group of pictures younger than this, in ticks (1 s), is handed to a late joiner instead of forcing a keyframe. */
export const YOUNG_TICKS = CLOCK_HZ;

/** Bytes kept at most: far above a second of any camera, so that only a runaway meets it. */
const LARGEST_CACHE = 16 * 1024 * 1024;

/** The units since the last keyframe, for as long as that is young. */
export class GopCache {
  #units: AccessUnit[] = [];
  #bytes = 0;

  add(unit: AccessUnit): void {
    if (unit.keyframe) this.clear();
    else if (this.#units.length === 0) return;
    this.#units.push(unit);
    this.#bytes += unit.data.length;
    if (unit.timestamp - this.#units[0]!.timestamp > YOUNG_TICKS || this.#bytes > LARGEST_CACHE) this.clear();
  }

  /** Oldest (a keyframe) first; empty when the last keyframe is too old. */
  units(): readonly AccessUnit[] {
    return this.#units;
  }

  clear(): void {
    this.#units = [];
    this.#bytes = 0;
  }
}
