import type { Plane } from '../masking/picture.js';

/** Cells across the picture. One cell is 0.78 % of its width: under the tolerance of 1 %. */
export const GRID_WIDTH = 128;
/** Cells down the picture, whatever its shape. */
export const GRID_HEIGHT = 72;
export const GRID_CELLS = GRID_WIDTH * GRID_HEIGHT;

/** Pixels between the three taps that measure sharpness, as a share of the width: 1 px at 640 columns, so that a resized stream compares. */
const FINE_DISTANCE = 1 / 640;

/**
 * A picture's luma seen through 128 x 72 cells, each the mean of 2 x 2 taps: no pixel but those is read, so that a look at a
 * frame costs little whatever its size. Reused from frame to frame.
 */
export class LumaGrid {
  /** `[GRID_HEIGHT, GRID_WIDTH]` uint8 */
  readonly cells = new Uint8Array(GRID_CELLS);
  /** `[GRID_HEIGHT, GRID_WIDTH]` uint8: second difference of three pixels in a row of the cell, which defocus takes away first: a blurred edge is a ramp, and has none. */
  readonly fine = new Uint8Array(GRID_CELLS);
  readonly #columns = new Int32Array(GRID_WIDTH * 2);
  #width = 0;

  /**
   * @param plane `[height, stride]` uint8 luma
   * @param width of the picture, px, 256 or more for cells of their own pixels; less is sampled twice
   */
  sample(plane: Plane, width: number, height: number): void {
    if (width !== this.#width) this.#place(width);
    const { data, stride } = plane;
    const { cells, fine } = this;
    const columns = this.#columns;
    const beside = Math.max(1, Math.round(width * FINE_DISTANCE));
    for (let row = 0, cell = 0; row < GRID_HEIGHT; row++) {
      const upper = Math.floor(((row + 0.25) * height) / GRID_HEIGHT) * stride;
      const lower = Math.floor(((row + 0.75) * height) / GRID_HEIGHT) * stride;
      for (let column = 0; column < GRID_WIDTH; column++, cell++) {
        const left = columns[2 * column]!;
        const right = columns[2 * column + 1]!;
        const first = data[upper + left]!;
        cells[cell] = (first + data[upper + right]! + data[lower + left]! + data[lower + right]! + 2) >> 2;
        const bend = first - 2 * data[upper + left + beside]! + data[upper + left + 2 * beside]!;
        fine[cell] = Math.min(255, bend < 0 ? -bend : bend);
      }
    }
  }

  #place(width: number): void {
    this.#width = width;
    for (let i = 0; i < this.#columns.length; i++)
      this.#columns[i] = Math.floor(((i + 0.5) * width) / this.#columns.length);
  }
}
