import type { Match } from './match.js';

/** Pictures further apart than this, ms, are no neighbours: a truck may have come between them. */
export const NEIGHBOURS_MS = 150;

/**
 * Of the blocks that were in place in the picture before, so many must still be. Measured on real clips: light that goes to a fifth, or to
 * infrared, from one picture to the next leaves 0.75; a turn by 5 degrees, a mirrored view or another camera at most 0.42.
 */
const REMAINING = 0.6;

/** With more of all edges in place it is the same view, whatever the blocks say. */
const SAME_VIEW = 0.5;

/** Nor is it another one where so many remain of the edges that were in place: in the dark, noise moves blocks over the line and back. */
const SAME_EDGES = 0.8;

type InPlace = Pick<Match, 'share' | 'goodBlocks'>;
const NOTHING: InPlace = { share: 0, goodBlocks: 0 };

/**
 * Notices that one picture shows something else than the one before it, also where the new view has so few edges that no movement
 * explains it: what passes before a camera takes more than a picture's time to hide as much.
 */
export class SuddenChange {
  #before: InPlace = NOTHING;
  #at = Number.NEGATIVE_INFINITY;
  /** What was in place before the change that is not over; null: none. */
  #fellFrom: InPlace | null = null;

  /** What comes next has no picture before it. */
  reset(): void {
    this.#at = Number.NEGATIVE_INFINITY;
    this.#fellFrom = null;
  }

  /**
   * Whether the view has changed at once, and is not back. To be asked of each picture.
   * @param now ms, on any clock that rises
   */
  isOn({ share, goodBlocks }: Match, now: number): boolean {
    const isNeighbour = now - this.#at <= NEIGHBOURS_MS;
    const from = this.#fellFrom ?? (isNeighbour ? this.#before : NOTHING);
    const isOther = share < Math.min(SAME_VIEW, SAME_EDGES * from.share) && goodBlocks < REMAINING * from.goodBlocks;
    this.#fellFrom = isOther ? from : null;
    this.#before = { share, goodBlocks };
    this.#at = now;
    return isOther;
  }
}
