import { GRID_CELLS, GRID_HEIGHT, GRID_WIDTH } from './luma-grid.js';

/** Luma levels over two cells from which a running picture has an edge: low, so that dusk leaves them; noise averages out over a block. */
const FAINT_EDGE = 4;

/** No edge in this cell. Otherwise 1 to 8: the octant into which the picture gets brighter. */
export const NO_EDGE = 0;

/** `[9 * 9]`: whether two codes are of one edge. Neighbouring octants are: an upright edge lies between two of them. */
export const SAME_EDGE: Uint8Array = (() => {
  const same = new Uint8Array(81);
  for (let a = 1; a <= 8; a++) for (const turn of [-1, 0, 1]) same[a * 9 + (((a - 1 + turn + 8) & 7) + 1)] = 1;
  return same;
})();

/** The octant of a gradient, 1 to 8, counted with the angle. Only signs and one comparison: light that is scaled or shifted leaves it. */
export const octant = (gx: number, gy: number): number => {
  const steep = Math.abs(gy) > Math.abs(gx);
  if (gy >= 0) {
    if (gx >= 0) return steep ? 2 : 1;
    return steep ? 3 : 4;
  }
  if (gx < 0) return steep ? 6 : 5;
  return steep ? 7 : 8;
};

/** Edge codes of one picture's cells. The outermost cells have none. Reused from frame to frame. */
export class EdgeMap {
  /** `[GRID_HEIGHT, GRID_WIDTH]` codes */
  readonly codes = new Uint8Array(GRID_CELLS);
  /** Edges among all cells. */
  count = 0;
  /** Mean luma, 0..255. */
  luma = 0;

  /** @param cells `[GRID_HEIGHT, GRID_WIDTH]` luma */
  read(cells: Uint8Array): void {
    const { codes } = this;
    let count = 0;
    let sum = 0;
    for (let row = 1; row < GRID_HEIGHT - 1; row++) {
      const end = (row + 1) * GRID_WIDTH - 1;
      for (let i = row * GRID_WIDTH + 1; i < end; i++) {
        const gx = cells[i + 1]! - cells[i - 1]!;
        const gy = cells[i + GRID_WIDTH]! - cells[i - GRID_WIDTH]!;
        sum += cells[i]!;
        if ((gx < 0 ? -gx : gx) + (gy < 0 ? -gy : gy) < FAINT_EDGE) codes[i] = NO_EDGE;
        else {
          codes[i] = octant(gx, gy);
          count++;
        }
      }
    }
    this.count = count;
    this.luma = sum / ((GRID_WIDTH - 2) * (GRID_HEIGHT - 2));
  }
}
