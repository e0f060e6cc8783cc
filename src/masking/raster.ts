/**
 * From a polygon to the pixels that it covers, conservatively.
 *
 * Three widenings, in this order: every pixel whose closed square the polygon touches (an edge that runs exactly between
 * two pixels touches both); `padding` pixels in every direction, diagonals included (Minkowski sum with a square); then up to
 * whole 2x2 chroma blocks. All three amount to one question a block: does the polygon touch the block's square, grown
 * by `padding`? So a block row needs one look at the polygon, and chroma can never cover less than luma.
 *
 * The answer for one block row is the projection on x of polygon ∩ slab, a slab being the grown row of blocks. That projection
 * is exactly the union of
 *   - each edge's part inside the slab, projected, and
 *   - the polygon's inside along any one line of the slab: where a whole vertical cut of the slab meets no edge, it is
 *     inside or outside as one, so the middle line decides.
 * No pixel centres are sampled: a sliver thinner than a pixel is covered like anything else.
 */
import type { Point } from '../zones/zone.js';
import { MaskError } from './mask-error.js';

/** Luma pixels on a side of the block that one U and one V sample cover (4:2:0). */
export const CHROMA_BLOCK = 2;

/**
 * How far from a pixel a polygon still counts as touching it, in pixels: covers the rounding of coordinates (about 1e-12 px at
 * 8K) with room to spare; at worst it masks one block more.
 */
const SLACK = 1e-6;

/**
 * A set of 2x2 blocks of a picture. Block row `r` covers luma rows `2r` and `2r + 1` (as far as the picture has them) and row
 * `r` of both chroma planes.
 */
export interface RowSpans {
  /** Luma columns and rows of the picture. */
  readonly width: number;
  readonly height: number;
  /** `[ceil(height / 2) + 1]`: row `r`'s spans are `bounds[rowOffsets[r]] .. bounds[rowOffsets[r + 1] - 1]`. */
  readonly rowOffsets: Int32Array;
  /**
   * Pairs `start, end` (end exclusive) in chroma columns, that is `[2 * start, 2 * end)` in luma; sorted, neither
   * overlapping nor adjacent within a row.
   */
  readonly bounds: Int32Array;
}

/**
 * The blocks covered by `polygon` (normalised points, at least one) at `width` x `height`, grown by `padding` luma pixels.
 * Of an outline that crosses itself every enclosed part is covered. Parts outside the picture count for their padding.
 *
 * @example coveredPixels(rasterize([[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]], 64, 64, 0)); // 34 * 34: touched pixels count
 * @throws MaskError `mask-geometry` where the size, the padding or a point is not usable.
 */
export function rasterize(polygon: readonly Point[], width: number, height: number, padding: number): RowSpans {
  assertSize(width, height);
  if (!(padding >= 0 && Number.isFinite(padding))) {
    throw new MaskError(
      'mask-geometry',
      `A padding of ${padding} px cannot be drawn; give a number of pixels from 0 up.`,
    );
  }
  if (polygon.length === 0 || polygon.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))) {
    throw new MaskError(
      'mask-geometry',
      'A polygon without points, or with a point that is not finite, cannot be drawn.',
    );
  }
  const xs = Float64Array.from(polygon, ([x]) => x * width);
  const ys = Float64Array.from(polygon, ([, y]) => y * height);
  const columns = Math.ceil(width / CHROMA_BLOCK);
  return buildSpans(width, height, (row, spans) => {
    const top = row * CHROMA_BLOCK - padding - SLACK;
    const bottom = (row + 1) * CHROMA_BLOCK + padding + SLACK;
    const addInterval = (left: number, right: number) => {
      const start = Math.floor((left - padding - SLACK) / CHROMA_BLOCK);
      const end = Math.floor((right + padding + SLACK) / CHROMA_BLOCK) + 1;
      if (end > 0 && start < columns) spans.push([Math.max(0, start), Math.min(columns, end)]);
    };
    projectEdges(xs, ys, top, bottom, addInterval);
    projectInside(xs, ys, (top + bottom) / 2, addInterval);
  });
}

/** The blocks that are in any of `sets`; the sets share one size. @throws MaskError `mask-geometry` where they do not. */
export function union(...sets: readonly [RowSpans, ...RowSpans[]]): RowSpans {
  const [first] = sets;
  for (const set of sets) assertSameSize(first, set);
  return buildSpans(first.width, first.height, (row, spans) => {
    for (const set of sets) spans.push(...rowOf(set, row));
  });
}

/** The blocks of `a` that are not in `b`. @throws MaskError `mask-geometry` where their sizes differ. */
export function subtract(a: RowSpans, b: RowSpans): RowSpans {
  assertSameSize(a, b);
  return buildSpans(a.width, a.height, (row, spans) => {
    for (const [start, end] of rowOf(a, row)) {
      let from = start;
      for (const [cutStart, cutEnd] of rowOf(b, row)) {
        if (cutEnd <= from || cutStart >= end) continue;
        if (cutStart > from) spans.push([from, cutStart]);
        from = cutEnd;
      }
      if (from < end) spans.push([from, end]);
    }
  });
}

/** The blocks that are in both. @throws MaskError `mask-geometry` where their sizes differ. */
export const intersect = (a: RowSpans, b: RowSpans): RowSpans => subtract(a, subtract(a, b));

/** How many luma pixels are covered. */
export function coveredPixels(spans: RowSpans): number {
  let pixels = 0;
  forEachSpan(spans, (_y, start, end) => {
    pixels += end - start;
  });
  return pixels;
}

/** Whether the luma pixel (`x`, `y`) of the picture is covered. */
export function covers(spans: RowSpans, x: number, y: number): boolean {
  const row = Math.floor(y / CHROMA_BLOCK);
  const column = Math.floor(x / CHROMA_BLOCK);
  const { rowOffsets, bounds } = spans;
  for (let at = rowOffsets[row] ?? 0; at < (rowOffsets[row + 1] ?? 0); at += 2) {
    if (bounds[at]! <= column && column < bounds[at + 1]!) return true;
  }
  return false;
}

/** Calls `visit(y, start, end)` for each span of each luma row: columns `start` to `end` (exclusive), within the picture. */
export function forEachSpan(spans: RowSpans, visit: (y: number, start: number, end: number) => void): void {
  for (let y = 0; y < spans.height; y++) {
    for (const [start, end] of rowOf(spans, Math.floor(y / CHROMA_BLOCK))) {
      visit(y, start * CHROMA_BLOCK, Math.min(spans.width, end * CHROMA_BLOCK));
    }
  }
}

type Span = readonly [start: number, end: number];

/** The part of each edge inside the slab, as an interval on x. */
function projectEdges(
  xs: Float64Array,
  ys: Float64Array,
  top: number,
  bottom: number,
  add: (left: number, right: number) => void,
): void {
  for (let i = 0; i < xs.length; i++) {
    const j = i + 1 === xs.length ? 0 : i + 1;
    const [upper, lower] = ys[i]! <= ys[j]! ? [i, j] : [j, i];
    const [x0, y0, x1, y1] = [xs[upper]!, ys[upper]!, xs[lower]!, ys[lower]!];
    if (y1 < top || y0 > bottom) continue;
    const entry = y0 < top ? x0 + ((x1 - x0) * (top - y0)) / (y1 - y0) : x0;
    const exit = y1 > bottom ? x0 + ((x1 - x0) * (bottom - y0)) / (y1 - y0) : x1;
    add(Math.min(entry, exit), Math.max(entry, exit));
  }
}

/** The polygon's inside (non-zero winding) along the line at `y`, as intervals on x. */
function projectInside(
  xs: Float64Array,
  ys: Float64Array,
  y: number,
  add: (left: number, right: number) => void,
): void {
  const crossings: { readonly x: number; readonly turn: 1 | -1 }[] = [];
  for (let i = 0; i < xs.length; i++) {
    const j = i + 1 === xs.length ? 0 : i + 1;
    const down = ys[i]! <= y && ys[j]! > y;
    const up = ys[j]! <= y && ys[i]! > y;
    if (!down && !up) continue;
    const x = xs[i]! + ((xs[j]! - xs[i]!) * (y - ys[i]!)) / (ys[j]! - ys[i]!);
    crossings.push({ x, turn: down ? 1 : -1 });
  }
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  for (let i = 0; i + 1 < crossings.length; i++) {
    winding += crossings[i]!.turn;
    if (winding !== 0) add(crossings[i]!.x, crossings[i + 1]!.x);
  }
}

/** Collects the spans of each block row, sorts and merges them, and packs them. */
function buildSpans(width: number, height: number, fillRow: (row: number, spans: Span[]) => void): RowSpans {
  const rows = Math.ceil(height / CHROMA_BLOCK);
  const rowOffsets = new Int32Array(rows + 1);
  const bounds: number[] = [];
  for (let row = 0; row < rows; row++) {
    const spans: Span[] = [];
    fillRow(row, spans);
    spans.sort((a, b) => a[0] - b[0]);
    for (const [start, end] of spans) {
      if (bounds.length > rowOffsets[row]! && start <= bounds.at(-1)!) {
        bounds[bounds.length - 1] = Math.max(bounds.at(-1)!, end);
      } else bounds.push(start, end);
    }
    rowOffsets[row + 1] = bounds.length;
  }
  return { width, height, rowOffsets, bounds: Int32Array.from(bounds) };
}

function rowOf({ rowOffsets, bounds }: RowSpans, row: number): Span[] {
  const spans: Span[] = [];
  for (let at = rowOffsets[row] ?? 0; at < (rowOffsets[row + 1] ?? 0); at += 2)
    spans.push([bounds[at]!, bounds[at + 1]!]);
  return spans;
}

function assertSize(width: number, height: number): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) return;
  throw new MaskError(
    'mask-geometry',
    `A picture of ${width}x${height} cannot be masked; sizes are whole pixels from 1 up.`,
  );
}

function assertSameSize(a: RowSpans, b: RowSpans): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new MaskError(
    'mask-geometry',
    `Spans of ${a.width}x${a.height} and of ${b.width}x${b.height} cannot be combined; rasterise both at one size.`,
  );
}
