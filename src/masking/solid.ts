/**
 * The style `solid`: black. Nothing of what was there remains, in no plane, so there is nothing to recover.
 */
import type { Picture } from './picture.js';
import { CHROMA_BLOCK, type RowSpans } from './raster.js';

/** Black in Y'CbCr: luma 16 in studio range, 0 in full range (ITU-R BT.601 and BT.709; JFIF). */
const BLACK_STUDIO = 16;
const BLACK_FULL = 0;
/** No colour, in either range. */
const NEUTRAL_CHROMA = 128;

/**
 * A plane of node-av is a `Buffer`, whose own `fill` takes about 1.4 times as long. Measured (p50) for 632x532 px of a 1080p picture:
 * this 0.04-0.06 ms, `Buffer.fill` 0.05-0.08, `copyWithin` of a filled row 0.04, `set` from a prepared row 0.08-0.13, a
 * loop 0.66 (`npx tsx benchmarks/masking/row-fills.bench.ts` times them again).
 */
const fill = Uint8Array.prototype.fill;

/** The value that `solid` writes into plane `plane` (0 luma, 1 U, 2 V). */
export const solidValue = (plane: number, fullRange: boolean): number =>
  plane > 0 ? NEUTRAL_CHROMA : fullRange ? BLACK_FULL : BLACK_STUDIO;

/** Blackens `spans` in the planes of `picture`, in place. */
export function fillSolid({ rowOffsets, bounds }: RowSpans, picture: Picture): void {
  const [y, u, v] = picture.planes;
  const black = solidValue(0, picture.fullRange);
  for (let row = 0; row + 1 < rowOffsets.length; row++) {
    const upper = row * CHROMA_BLOCK * y.stride;
    const lower = upper + y.stride;
    for (let at = rowOffsets[row]!; at < rowOffsets[row + 1]!; at += 2) {
      const start = bounds[at]!;
      const end = bounds[at + 1]!;
      fill.call(y.data, black, upper + start * CHROMA_BLOCK, upper + end * CHROMA_BLOCK);
      fill.call(y.data, black, lower + start * CHROMA_BLOCK, lower + end * CHROMA_BLOCK);
      fill.call(u.data, NEUTRAL_CHROMA, row * u.stride + start, row * u.stride + end);
      fill.call(v.data, NEUTRAL_CHROMA, row * v.stride + start, row * v.stride + end);
    }
  }
}
