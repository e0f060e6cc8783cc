import type { Size, ZoneSet } from '../zones/zone.js';
import { octant } from './edge-map.js';
import { GRID_CELLS, GRID_HEIGHT, GRID_WIDTH, type LumaGrid } from './luma-grid.js';
import { ViewReference, zoneCells } from './view-reference.js';

/** A view is taken after it stood still for so long, ms, seen in so many frames. */
const LEARN_MS = 2000;
const LEARN_FRAMES = 5;

/** Luma levels over two cells from which an edge is kept: well above noise, so that it is still there at dusk. */
const CLEAR_EDGE = 14;

/** An edge stands still where its mean gradient is so much of its mean strength: what moves points here and there. */
const STEADY_EDGE = 0.85;

/** Of the clear edges so many must stand still, or the camera is being turned. */
const STEADY_SHARE = 0.5;

export type Learned =
  | { readonly kind: 'learning' }
  | { readonly kind: 'learned'; readonly reference: ViewReference }
  /** Two seconds are over and nothing was learned: too much moved, or too little can be told apart. */
  | { readonly kind: 'unsteady' | 'uniform' };

const LEARNING: Learned = { kind: 'learning' };

/** Takes the still background outside the zones from two seconds of frames; people who walk through leave nothing. */
export class ReferenceLearner {
  readonly #gx = new Int32Array(GRID_CELLS);
  readonly #gy = new Int32Array(GRID_CELLS);
  readonly #strength = new Int32Array(GRID_CELLS);
  readonly #fine = new Int32Array(GRID_CELLS);
  readonly #hidden: Uint8Array;
  readonly #shape: number;
  #since = 0;
  #frames = 0;

  constructor(zones: ZoneSet, size: Size) {
    this.#hidden = zoneCells(zones, size);
    this.#shape = size.height / size.width;
  }

  /** @param now ms, on any clock that rises */
  add(grid: LumaGrid, now: number): Learned {
    if (this.#frames === 0) this.#since = now;
    const { cells, fine } = grid;
    for (let row = 1; row < GRID_HEIGHT - 1; row++) {
      for (let i = row * GRID_WIDTH + 1; i < (row + 1) * GRID_WIDTH - 1; i++) {
        const gx = cells[i + 1]! - cells[i - 1]!;
        const gy = cells[i + GRID_WIDTH]! - cells[i - GRID_WIDTH]!;
        this.#gx[i]! += gx;
        this.#gy[i]! += gy;
        this.#strength[i]! += Math.abs(gx) + Math.abs(gy);
        this.#fine[i]! += fine[i]!;
      }
    }
    this.#frames++;
    if (now - this.#since < LEARN_MS || this.#frames < LEARN_FRAMES) return LEARNING;
    const learned = this.#conclude();
    this.#frames = 0;
    for (const sums of [this.#gx, this.#gy, this.#strength, this.#fine]) sums.fill(0);
    return learned;
  }

  #conclude(): Learned {
    const map = new Uint8Array(GRID_CELLS);
    let clear = 0;
    let steady = 0;
    let coarse = 0;
    let fine = 0;
    for (let i = 0; i < GRID_CELLS; i++) {
      const strength = this.#strength[i]!;
      if (this.#hidden[i] || strength < CLEAR_EDGE * this.#frames) continue;
      clear++;
      const mean = Math.abs(this.#gx[i]!) + Math.abs(this.#gy[i]!);
      if (mean < STEADY_EDGE * strength) continue;
      steady++;
      map[i] = octant(this.#gx[i]!, this.#gy[i]!);
      coarse += strength;
      fine += this.#fine[i]!;
    }
    if (steady < STEADY_SHARE * clear) return { kind: 'unsteady' };
    const reference = new ViewReference(map, coarse > 0 ? fine / coarse : 0, this.#shape);
    return reference.isRecognisable ? { kind: 'learned', reference } : { kind: 'uniform' };
  }
}
