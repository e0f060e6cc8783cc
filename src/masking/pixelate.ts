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

/** Writes the means of `grid` into `spans` of `picture`, in place. Rows that look like the one above are copied from it. */
export function fillCells(spans: RowSpans, grid: CellGrid, picture: Picture): void {
  const { rowOffsets, bounds } = spans;
  const { planes } = picture;
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    const scale = p === 0 ? CHROMA_BLOCK : 1;
    const size = (grid.size / CHROMA_BLOCK) * scale;
    const means = grid.means[p]!;
    for (let row = 0; row + 1 < rowOffsets.length; row++) {
      const cells = cellRowOf(grid, row) * grid.columns;
      const repeats = row > 0 && cells === cellRowOf(grid, row - 1) * grid.columns && isSameRow(spans, row, row - 1);
      for (let y = row * scale; y < (row + 1) * scale; y++) {
        for (let at = rowOffsets[row]!; at < rowOffsets[row + 1]!; at += 2) {
          const start = y * stride + bounds[at]! * scale;
          const end = y * stride + bounds[at + 1]! * scale;
          if (repeats || y > row * scale) data.copyWithin(start, start - stride, end - stride);
          else fillRuns(data, start, end, y * stride, size, means, cells, grid.columns);
        }
      }
    }
  }
}

/** Fills `data[start .. end]`, part of the row that begins at `origin`, cell by cell. */
function fillRuns(
  data: Uint8Array,
  start: number,
  end: number,
  origin: number,
  size: number,
  means: Uint8Array,
  cells: number,
  columns: number,
): void {
  let to = start;
  for (let column = Math.floor((start - origin) / size); to < end; column++) {
    const value = means[cells + Math.min(columns - 1, column)]!;
    const stop = Math.min(end, origin + (column + 1) * size);
    for (; to < stop; to++) data[to] = value;
  }
}

/** The row of cells that block row `row` lies in. */
const cellRowOf = (grid: CellGrid, row: number): number =>
  Math.min(grid.rows - 1, Math.floor((row * CHROMA_BLOCK) / grid.size));

/** Whether two block rows cover the same columns. */
function isSameRow({ rowOffsets, bounds }: RowSpans, row: number, other: number): boolean {
  const length = rowOffsets[row + 1]! - rowOffsets[row]!;
  if (rowOffsets[other + 1]! - rowOffsets[other]! !== length) return false;
  for (let i = 0; i < length; i++) {
    if (bounds[rowOffsets[row]! + i] !== bounds[rowOffsets[other]! + i]) return false;
  }
  return true;
}
