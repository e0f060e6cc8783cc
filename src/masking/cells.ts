/**
 * A grid of square cells over a picture, and the mean of each cell that a mask needs: all that `pixelate` and `blur` let
 * through of what is under them.
 *
 * What a cell's mean tells is what matters here:
 * - The grid is anchored to the picture, so that a cell never moves over the scene and adds detail from frame to frame.
 * - The mean is over the *whole* cell, also where the mask covers only a part of it. The mean of the masked part alone would show
 *   detail as fine as that part, down to 2x2 pixels at a zone's edge; over the whole cell, the few masked pixels drown.
 * - What is left over at the right and bottom of the picture belongs to the last cell: no cell is smaller than the others.
 */
import type { Picture } from './picture.js';
import { CHROMA_BLOCK, coveredPixels, type RowSpans } from './raster.js';

/** Cells on a zone's short side, at most: a face or a number plate that fills the zone is not recognisable at that. */
const CELLS_ON_SHORT_SIDE = 24;
/** Luma pixels on a cell's side, at least: one macroblock, and wider than the strokes of any legible text. */
const SMALLEST_CELL = 16;

export interface CellGrid {
  /** Luma pixels on a cell's side; even, so that chroma samples have cells of their own. */
  readonly size: number;
  /** Cells across and down the picture. */
  readonly columns: number;
  readonly rows: number;
  /** The cells whose means are used, as `row * columns + column`. */
  readonly used: Int32Array;
  /** `[rows * columns]` means of Y, U and V; written by `measureCells`, defined at the cells in `used`. */
  readonly means: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** How long a cell's side must be for a zone that covers `spans`, in luma pixels. */
export function cellSize(spans: RowSpans): number {
  const [width, height] = extent(spans);
  const size = Math.max(SMALLEST_CELL, Math.min(width, height) / CELLS_ON_SHORT_SIDE);
  return Math.ceil(size / CHROMA_BLOCK) * CHROMA_BLOCK;
}

/** A grid of cells of `size`, with means for the cells that `spans` touches and those within `margin` cells of them. */
export function gridOver(spans: RowSpans, size: number, margin: 0 | 1): CellGrid {
  const columns = Math.max(1, Math.floor(spans.width / size));
  const rows = Math.max(1, Math.floor(spans.height / size));
  const cells = new Uint8Array(columns * rows);
  const blocks = size / CHROMA_BLOCK;
  for (let r = 0; r + 1 < spans.rowOffsets.length; r++) {
    const row = Math.min(rows - 1, Math.floor(r / blocks));
    for (let at = spans.rowOffsets[r]!; at < spans.rowOffsets[r + 1]!; at += 2) {
      const first = Math.min(columns - 1, Math.floor(spans.bounds[at]! / blocks)) - margin;
      const last = Math.min(columns - 1, Math.floor((spans.bounds[at + 1]! - 1) / blocks)) + margin;
      for (let y = Math.max(0, row - margin); y <= Math.min(rows - 1, row + margin); y++) {
        cells.fill(1, y * columns + Math.max(0, first), y * columns + Math.min(columns - 1, last) + 1);
      }
    }
  }
  const used = Int32Array.from([...cells.keys()].filter((cell) => cells[cell] === 1));
  const plane = () => new Uint8Array(columns * rows);
  return { size, columns, rows, used, means: [plane(), plane(), plane()] };
}

/** Takes the mean of every used cell of `picture`. */
export function measureCells(grid: CellGrid, picture: Picture): void {
  const { planes } = picture;
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    const scale = p === 0 ? 1 : CHROMA_BLOCK;
    const size = grid.size / scale;
    const means = grid.means[p]!;
    for (let i = 0; i < grid.used.length; i++) {
      const cell = grid.used[i]!;
      const row = Math.floor(cell / grid.columns);
      const column = cell - row * grid.columns;
      const left = column * size;
      const right = column + 1 === grid.columns ? picture.width / scale : left + size;
      const top = row * size;
      const bottom = row + 1 === grid.rows ? picture.height / scale : top + size;
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        const end = y * stride + right;
        for (let at = y * stride + left; at < end; at++) sum += data[at]!;
      }
      means[cell] = Math.round(sum / ((right - left) * (bottom - top)));
    }
  }
}

/** The bounding box of `spans` in luma pixels: width and height. */
function extent(spans: RowSpans): readonly [number, number] {
  if (coveredPixels(spans) === 0) return [0, 0];
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  for (let r = 0; r + 1 < spans.rowOffsets.length; r++) {
    const [from, to] = [spans.rowOffsets[r]!, spans.rowOffsets[r + 1]!];
    if (from === to) continue;
    left = Math.min(left, spans.bounds[from]!);
    right = Math.max(right, spans.bounds[to - 1]!);
    top = Math.min(top, r);
    bottom = r + 1;
  }
  return [(right - left) * CHROMA_BLOCK, (bottom - top) * CHROMA_BLOCK];
}
