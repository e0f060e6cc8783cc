/**
 * The style `blur`: the picture scaled down to one sample a cell (the cell's mean) and up again with bilinear interpolation. Scaling
 * down first is what takes detail away for good in a frame; a convolution alone could be undone. It tells as much as
 * `pixelate` does, and is as little irreversible over time.
 */
import type { CellGrid } from './cells.js';
import type { Picture } from './picture.js';
import { CHROMA_BLOCK, type RowSpans } from './raster.js';

/** Means of one row of cells, interpolated between the rows above and below: reused by every row of every picture. */
export type BlurLine = Int32Array;

export const blurLine = (grid: CellGrid): BlurLine => new Int32Array(grid.columns);

/** The value that `blur` writes at (`x`, `y`) of plane `plane`, from the means last measured. */
export function blurredValue(grid: CellGrid, plane: number, x: number, y: number): number {
  const size = plane === 0 ? grid.size : grid.size / CHROMA_BLOCK;
  const column = cellBefore(x, size, grid.columns);
  const next = Math.min(grid.columns - 1, column + 1);
  const share = shareOfNext(x, size, column, next);
  const here = interpolateRows(grid, plane, column, y, size);
  const there = interpolateRows(grid, plane, next, y, size);
  return toByte(here * 2 * size + (there - here) * share, 1 / (4 * size * size));
}

/** Writes the interpolated means of `grid` into `spans` of `picture`, in place. `line` comes from `blurLine(grid)`. */
export function fillBlurred(spans: RowSpans, grid: CellGrid, line: BlurLine, picture: Picture): void {
  const { rowOffsets, bounds } = spans;
  const { planes } = picture;
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    const scale = p === 0 ? CHROMA_BLOCK : 1;
    const size = (grid.size / CHROMA_BLOCK) * scale;
    const norm = 1 / (4 * size * size);
    for (let row = 0; row + 1 < rowOffsets.length; row++) {
      const from = rowOffsets[row]!;
      const to = rowOffsets[row + 1]!;
      if (from === to) continue;
      const first = cellBefore(bounds[from]! * scale, size, grid.columns);
      const last = Math.min(grid.columns - 1, cellBefore(bounds[to - 1]! * scale - 1, size, grid.columns) + 1);
      for (let y = row * scale; y < (row + 1) * scale; y++) {
        for (let column = first; column <= last; column++) line[column] = interpolateRows(grid, p, column, y, size);
        for (let at = from; at < to; at += 2) {
          const end = bounds[at + 1]! * scale;
          let x = bounds[at]! * scale;
          while (x < end) {
            const column = cellBefore(x, size, grid.columns);
            const next = Math.min(grid.columns - 1, column + 1);
            const slope = 2 * x + 1 < size ? 0 : line[next]! - line[column]!;
            let sum = line[column]! * 2 * size + slope * shareOfNext(x, size, column, next);
            const stop = Math.min(end, nextCentre(column, x, size, grid.columns));
            for (; x < stop; x++) {
              data[y * stride + x] = toByte(sum, norm);
              sum += 2 * slope;
            }
          }
        }
      }
    }
  }
}

// Positions are counted in halves of a pixel, so that pixel centres and cell centres (odd or even sizes) are whole numbers:
// pixel i is centred at 2i + 1, cell c at 2c * size + size.

/** The last cell whose centre is not right of pixel `at`'s (the first cell where there is none). */
const cellBefore = (at: number, size: number, cells: number): number =>
  Math.max(0, Math.min(cells - 1, Math.floor((2 * at + 1 - size) / (2 * size))));

/** How much of `next` is in pixel `at`, in `0 .. 2 * size`; outside the outer centres the outer cell is all there is. */
const shareOfNext = (at: number, size: number, cell: number, next: number): number =>
  cell === next ? 0 : Math.max(0, 2 * at + 1 - size - 2 * size * cell);

/** The first pixel after `at` for which cell `cell` is no longer the one before, or the slope changes. */
const nextCentre = (cell: number, at: number, size: number, cells: number): number => {
  if (2 * at + 1 < size) return Math.ceil((size - 1) / 2);
  return cell === cells - 1 ? Number.POSITIVE_INFINITY : Math.ceil((2 * size * (cell + 1) + size - 1) / 2);
};

/** The mean of column `column` at pixel row `y`, interpolated between the cells above and below; in units of `2 * size`. */
function interpolateRows(grid: CellGrid, plane: number, column: number, y: number, size: number): number {
  const row = cellBefore(y, size, grid.rows);
  const next = Math.min(grid.rows - 1, row + 1);
  const means = grid.means[plane]!;
  const here = means[row * grid.columns + column]!;
  return here * 2 * size + (means[next * grid.columns + column]! - here) * shareOfNext(y, size, row, next);
}

/** Rounds a sum (never negative) that is `1 / norm` times too large. */
const toByte = (sum: number, norm: number): number => (sum * norm + 0.5) | 0;
