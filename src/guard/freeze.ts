import { GRID_CELLS } from './luma-grid.js';

/** A picture that does not change for so long, ms, and over so many frames, is frozen. */
const FROZEN_MS = 3000;
const FROZEN_FRAMES = 15;

/** How much one frame counts in the share of frames that differ from the one before: about the last ten are remembered. */
const MEMORY = 0.1;

/**
 * Before it froze, so many frames must have differed: sensors are never without noise, so a camera's all do. A drawn scene, or one whose
 * noise the coder leaves out between keyframes, stands still for seconds and is well.
 */
const ALIVE = 0.8;

/** Notices a source that repeats one picture. */
export class Freeze {
  readonly #last = new Uint8Array(GRID_CELLS);
  #since = 0;
  #same = 0;
  /** Share of the last frames that differed from the one before. */
  #life = 0;
  #lifeBefore = 0;

  /** @param cells `[GRID_HEIGHT, GRID_WIDTH]` @param now ms. Returns whether the picture is frozen. */
  isFrozen(cells: Uint8Array, now: number): boolean {
    const differs = Buffer.compare(cells, this.#last) !== 0;
    if (differs) {
      this.#last.set(cells);
      this.#since = now;
      this.#same = 0;
    } else if (++this.#same === 1) this.#lifeBefore = this.#life;
    this.#life += MEMORY * ((differs ? 1 : 0) - this.#life);
    return this.#lifeBefore >= ALIVE && this.#same >= FROZEN_FRAMES && now - this.#since > FROZEN_MS;
  }

  /** Forgets what it saw: the source began anew. */
  restart(): void {
    this.#same = 0;
    this.#life = 0;
    this.#lifeBefore = 0;
  }
}
