/**
 * The style `pixelate`: every cell of the grid in one colour, its mean. Not irreversible: what moves under a cell changes its mean, and
 * over time that adds up. What one frame tells is at most one value a cell and plane (see cells.ts).
 */
import type { CellGrid } from './cells.js';
import type { Picture } from './picture.js';
import { CHROMA_BLOCK, type RowSpans } from './raster.js';

/** The value that `pixelate` writes at (`x`, `y`) of plane `plane`, from the means last measured. */
export function pixelatedValue(grid: CellGrid, plane: number, x: number, y: number): number {
  const size = plane === 0 ? grid.size : grid.size / CHROMA_BLOCK;
  const row = Math.min(grid.rows - 1, Math.floor(y / size));
  const column = Math.min(grid.columns - 1, Math.floor(x / size));
  return grid.means[plane]![row * grid.columns + column]!;
}

/** Writes the means of `grid` into `spans` of `picture`, in place. */
export function fillCells(spans: RowSpans, grid: CellGrid, picture: Picture): void {
  const { rowOffsets, bounds } = spans;
  const { planes } = picture;
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    const scale = p === 0 ? CHROMA_BLOCK : 1;
    const size = (grid.size / CHROMA_BLOCK) * scale;
    const means = grid.means[p]!;
    for (let row = 0; row + 1 < rowOffsets.length; row++) {
      const cells = Math.min(grid.rows - 1, Math.floor((row * scale) / size)) * grid.columns;
      for (let y = row * scale; y < (row + 1) * scale; y++) {
        for (let at = rowOffsets[row]!; at < rowOffsets[row + 1]!; at += 2) {
          const end = bounds[at + 1]! * scale;
          let x = bounds[at]! * scale;
          for (let column = Math.floor(x / size); x < end; column++) {
            const value = means[cells + Math.min(grid.columns - 1, column)]!;
            const stop = y * stride + Math.min(end, (column + 1) * size);
            for (let to = y * stride + x; to < stop; to++) data[to] = value;
            x = (column + 1) * size;
          }
        }
      }
    }
  }
}
