/** Cells of the small picture in which movement is looked for. */
export const MOTION_WIDTH = 128;
export const MOTION_HEIGHT = 72;

/** Steps of 8 bits: noise and compression of area means stay below, a person against nearly any background does not. */
const CHANGED = 10;

/** Cells, of 9,216: a person far away (20x50 px of 1080p) covers five. */
const LEAST_CELLS = 4;

/** Whether anything has changed since the picture that was looked at last. Against that one and not the last frame: what creeps moves too. */
export class MotionGate {
  /** `[MOTION_HEIGHT, MOTION_WIDTH]` uint8 luma; empty: nothing was looked at yet. */
  readonly #seen = new Uint8Array(MOTION_WIDTH * MOTION_HEIGHT);
  #isEmpty = true;

  /** The next picture counts as moved, whatever it is. */
  forget(): void {
    this.#isEmpty = true;
  }

  /** @param luma `[MOTION_HEIGHT, MOTION_WIDTH]` uint8. Remembered where it has moved: it is the one that will be looked at. */
  hasMoved(luma: Uint8Array): boolean {
    const moved = this.#isEmpty || changedCells(luma, this.#seen) >= LEAST_CELLS;
    if (!moved) return false;
    this.#seen.set(luma.subarray(0, this.#seen.length));
    this.#isEmpty = false;
    return true;
  }
}

function changedCells(a: Uint8Array, b: Uint8Array): number {
  let changed = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference > CHANGED || difference < -CHANGED) changed++;
  }
  return changed;
}
