import { GRID_CELLS } from './luma-grid.js';

/** A picture that does not change for so long, ms, and over so many frames, is frozen. */
const FROZEN_MS = 3000;
const FROZEN_FRAMES = 15;

/** Successive frames that differed before a source counts as alive: one that never did (a drawn scene) cannot be found frozen. */
const ALIVE_FRAMES = 25;

/** Notices a source that repeats one picture. Sensors are never without noise; what is coded between keyframes may be. */
export class Freeze {
  readonly #last = new Uint8Array(GRID_CELLS);
  #since = 0;
  #same = 0;
  #differed = 0;

  /** @param cells `[GRID_HEIGHT, GRID_WIDTH]` @param now ms. Returns whether the picture is frozen. */
  isFrozen(cells: Uint8Array, now: number): boolean {
    if (Buffer.compare(cells, this.#last) !== 0) {
      this.#last.set(cells);
      this.#since = now;
      this.#same = 0;
      this.#differed++;
      return false;
    }
    this.#same++;
    return this.#differed >= ALIVE_FRAMES && this.#same >= FROZEN_FRAMES && now - this.#since > FROZEN_MS;
  }

  /** Forgets how long it lasted: the source began anew. */
  restart(): void {
    this.#same = 0;
    this.#differed = 0;
  }
}
