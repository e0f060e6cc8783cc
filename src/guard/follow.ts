import { coveredPixels, rasterize } from '../masking/raster.js';
import { EVERYBODY, type Size, type Zone, type ZoneSet } from '../zones/zone.js';
import { IDENTITY, moved, type Similarity, worstDistance } from './similarity.js';

/** A drift is followed after it was found in the same place for so long, ms, in so many looks. */
const CONFIRM_MS = 3000;
const CONFIRM_LOOKS = 5;

/** What registration may be wrong by, in widths of the picture: half a cell of its grid. */
export const REGISTRATION_ERROR = 0.004;

/** Confirms a drift of the view: something that comes and goes, or swings, is none. */
export class Follow {
  /** The drift that zones follow. */
  drift: Similarity = IDENTITY;
  #found: Similarity | null = null;
  #since = 0;
  #looks = 0;

  /**
   * @param found where the accepted view is seen now @param now ms
   * @returns whether `drift` is another one now
   */
  observe(found: Similarity, zones: ZoneSet, shape: number, now: number): boolean {
    if (!this.#found || worstDistance(found, this.#found, zones, shape) > REGISTRATION_ERROR) {
      this.#found = found;
      this.#since = now;
      this.#looks = 0;
    }
    this.#looks++;
    if (now - this.#since < CONFIRM_MS || this.#looks < CONFIRM_LOOKS) return false;
    if (worstDistance(this.#found, this.drift, zones, shape) === 0) return false;
    this.drift = this.#found;
    return true;
  }

  /** What was found is not of this moment any more: the drift that is followed stays. */
  interrupt(): void {
    this.#found = null;
  }
}

/**
 * The zones that hide what the accepted ones were drawn over, wherever in a drift it is: each where it was accepted and once more where
 * it is seen now, both grown by what the estimate may be wrong by. So a drift that was misjudged never masks less than was accepted.
 *
 * @param size of the picture, px
 */
export function followingZones(zones: ZoneSet, drift: Similarity, { width, height }: Size): ZoneSet {
  const shape = height / width;
  const grown = Math.ceil(REGISTRATION_ERROR * width);
  return zones.flatMap((zone): Zone[] => {
    if (zone.action !== 'mask' || zone.id === EVERYBODY.id || worstDistance(drift, IDENTITY, [zone], shape) === 0)
      return [zone];
    const accepted = { ...zone, padding: zone.padding + grown };
    const there = { ...accepted, polygon: zone.polygon.map((point) => moved(drift, point, shape)) };
    const isInPicture = coveredPixels(rasterize(there.polygon, width, height, there.padding)) > 0;
    return isInPicture ? [accepted, there] : [accepted];
  });
}
