import type { Plane } from '../../masking/picture.js';

/** A picture as it is looked at: 8-bit 4:2:0. */
export interface LookedAt {
  /** Even. */
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [Plane, Plane, Plane];
}

/**
 * How the output is judged. `black`: a pixel has leaked where it is not the mask's black. `detail`: for pixelated and blurred zones, whose
 * colours are the picture's own: a square has leaked where the source's fine detail is still in it.
 */
export type LeakTest = 'black' | 'detail';

/** Black of studio range; full-range pictures are brought there by their offset alone. */
const BLACK = { studio: 16, full: 0 } as const;
const GREY = 128;

/** A coded black may be off by so much: twice what was measured at the lowest bit rates (masking/decode-back.ts). */
const LUMA_TOLERANCE = 48;
const CHROMA_TOLERANCE = 24;

/** Squares that fine detail is compared in, px: the smallest cell of a pixelated zone; and the tiles that each is made of. */
const SQUARE = 16;
const TILE = 4;

/** Tiles of the source with less detail a pixel (mean square of the Laplacian) have none to leak. */
const LEAST_DETAIL = 64;

/** So much of a tile's detail in the output is the source's. */
const LEAKED_GAIN = 0.35;

/**
 * Of a square's 16 tiles so many must have detail, and so large a share of those must show it: where an edge of a cell falls on an edge of
 * a thing, a line of tiles agrees by chance (at most 8 of them).
 */
const LEAST_TILES = 9;
const LEAKED_SHARE = 0.6;

/**
 * Hidden pixels of one frame that a viewer of the output can see.
 *
 * @param hidden `[height, width]`, 1 where nothing may be seen
 * @param fullRange of the output
 */
export function countLeaks(
  source: LookedAt,
  output: LookedAt,
  hidden: Uint8Array,
  { test, fullRange }: { readonly test: LeakTest; readonly fullRange: boolean },
): number {
  return test === 'black' ? notBlack(output, hidden, fullRange) : withDetail(source, output, hidden);
}

function notBlack({ width, height, planes: [luma, u, v] }: LookedAt, hidden: Uint8Array, fullRange: boolean): number {
  const brightest = (fullRange ? BLACK.full : BLACK.studio) + LUMA_TOLERANCE;
  let leaked = 0;
  for (let y = 0; y < height; y++) {
    const row = y * luma.stride;
    const [uRow, vRow] = [(y >> 1) * u.stride, (y >> 1) * v.stride];
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if (hidden[at] === 0) continue;
      if (
        luma.data[row + x]! > brightest ||
        Math.abs(u.data[uRow + (x >> 1)]! - GREY) > CHROMA_TOLERANCE ||
        Math.abs(v.data[vRow + (x >> 1)]! - GREY) > CHROMA_TOLERANCE
      )
        leaked++;
    }
  }
  return leaked;
}

function withDetail(source: LookedAt, output: LookedAt, hidden: Uint8Array): number {
  const { width, height } = output;
  const [from, to] = [source.planes[0], output.planes[0]];
  let leaked = 0;
  for (let top = 1; top + SQUARE < height; top += SQUARE) {
    for (let left = 1; left + SQUARE < width; left += SQUARE) {
      if (!isHidden(hidden, width, left, top)) continue;
      if (showsDetail(from, to, left, top)) leaked += SQUARE * SQUARE;
    }
  }
  return leaked;
}

function showsDetail(from: Plane, to: Plane, left: number, top: number): boolean {
  let [lively, shown] = [0, 0];
  for (let tileY = top; tileY < top + SQUARE; tileY += TILE) {
    for (let tileX = left; tileX < left + SQUARE; tileX += TILE) {
      let [energy, common] = [0, 0];
      for (let y = tileY; y < tileY + TILE; y++) {
        for (let x = tileX; x < tileX + TILE; x++) {
          const fine = laplacian(from, x, y);
          energy += fine * fine;
          common += fine * laplacian(to, x, y);
        }
      }
      if (energy < LEAST_DETAIL * TILE * TILE) continue;
      lively++;
      if (common > LEAKED_GAIN * energy) shown++;
    }
  }
  return lively >= LEAST_TILES && shown >= LEAKED_SHARE * lively;
}

/** Whether a square lies wholly in what is hidden; the corners tell, since it is small and polygons are not. */
const isHidden = (hidden: Uint8Array, width: number, left: number, top: number): boolean =>
  hidden[top * width + left] === 1 &&
  hidden[top * width + left + SQUARE - 1] === 1 &&
  hidden[(top + SQUARE - 1) * width + left] === 1 &&
  hidden[(top + SQUARE - 1) * width + left + SQUARE - 1] === 1;

const laplacian = ({ data, stride }: Plane, x: number, y: number): number => {
  const at = y * stride + x;
  return 4 * data[at]! - data[at - 1]! - data[at + 1]! - data[at - stride]! - data[at + stride]!;
};
