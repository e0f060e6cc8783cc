import type { Luma } from './luma.js';

/** Corners of a picture and what they look like. */
export interface Keypoints {
  readonly count: number;
  /** px, middle of the pixel. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** `WORDS` each: one bit a comparison of two places near it. */
  readonly descriptors: Uint32Array;
}

/** A descriptor's bits, in words of 32. */
export const WORDS = 8;
export const BITS = WORDS * 32;

/** Corners are spread: so many at most in a square of `CELL` px, so that a busy background leaves some to a sign. */
const CELL = 32;
const PER_CELL = 12;
/** Of a corner, mean squared slope across its weaker direction: below it is noise. */
const LEAST_RESPONSE = 12;
/** What a descriptor compares lies within this of the corner, px. Signs stand upright, so it is not turned with what it shows. */
const REACH = 11;

/** Pairs of places: normal about the corner, as in BRIEF (Calonder et al. 2010), the same in every run. */
const PAIRS = (() => {
  let state = 2_025;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const place = () => Math.max(-REACH, Math.min(REACH, Math.round((normal() * REACH) / 2)));
  return Int8Array.from({ length: BITS * 4 }, place);
})();

/** Corners of a smoothed picture, strongest first, at most `most`. */
export function findKeypoints(luma: Luma, most: number): Keypoints {
  const corners = strongest(cornersOf(luma), luma, most);
  const count = corners.length;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const descriptors = new Uint32Array(count * WORDS);
  corners.forEach(({ at }, i) => {
    const [column, row] = [at % luma.width, Math.floor(at / luma.width)];
    x[i] = column + 0.5;
    y[i] = row + 0.5;
    describe(luma, column, row, descriptors, i * WORDS);
  });
  return { count, x, y, descriptors };
}

interface Corner {
  readonly at: number;
  readonly response: number;
}

/** Where the slopes in a window of 5 x 5 run in two directions (Shi and Tomasi's smaller eigenvalue), and most so among 5 x 5. */
function cornersOf({ width, height, data }: Luma): Corner[] {
  const area = width * height;
  const xx = new Float32Array(area);
  const yy = new Float32Array(area);
  const xy = new Float32Array(area);
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1, end = (y + 1) * width - 1; at < end; at++) {
      const dx = data[at + 1]! - data[at - 1]!;
      const dy = data[at + width]! - data[at - width]!;
      xx[at] = dx * dx;
      yy[at] = dy * dy;
      xy[at] = dx * dy;
    }
  }
  for (const plane of [xx, yy, xy]) boxSum(plane, width, height);
  const response = xx;
  for (let at = 0; at < area; at++) {
    const [a, b, c] = [xx[at]!, yy[at]!, xy[at]!];
    response[at] = (a + b - Math.sqrt((a - b) * (a - b) + 4 * c * c)) / 50;
  }
  const corners: Corner[] = [];
  for (let y = 3; y < height - 3; y++) {
    for (let at = y * width + 3, end = (y + 1) * width - 3; at < end; at++) {
      const here = response[at]!;
      if (here >= LEAST_RESPONSE && isPeak(response, width, at)) corners.push({ at, response: here });
    }
  }
  return corners;
}

function isPeak(response: Float32Array, width: number, at: number): boolean {
  const here = response[at]!;
  for (let j = -2; j <= 2; j++)
    for (let i = -2, near = at + j * width - 2; i <= 2; i++, near++)
      if (response[near]! > here || (response[near]! === here && near < at)) return false;
  return true;
}

/** Sums over 5 x 5, in place. */
function boxSum(plane: Float32Array, width: number, height: number): void {
  const row = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += plane[from + x]! - (x >= 5 ? plane[from + x - 5]! : 0);
      if (x >= 4) row[x - 2] = sum;
    }
    plane.set(row, from);
  }
  const sums = new Float32Array(width);
  const kept = Array.from({ length: 5 }, () => new Float32Array(width));
  for (let y = 0; y < height; y++) {
    const oldest = kept[y % 5]!;
    const from = y * width;
    const to = (y - 2) * width;
    for (let x = 0; x < width; x++) {
      const value = plane[from + x]!;
      sums[x]! += value - oldest[x]!;
      oldest[x] = value;
      if (y >= 4) plane[to + x] = sums[x]!;
    }
  }
  for (const y of [0, 1, height - 2, height - 1]) if (y >= 0) plane.fill(0, y * width, (y + 1) * width);
}

function strongest(corners: Corner[], { width }: Luma, most: number): Corner[] {
  corners.sort((a, b) => b.response - a.response || a.at - b.at);
  const across = Math.ceil(width / CELL);
  const taken = new Map<number, number>();
  const kept: Corner[] = [];
  for (const corner of corners) {
    const cell = Math.floor(Math.floor(corner.at / width) / CELL) * across + Math.floor((corner.at % width) / CELL);
    const before = taken.get(cell) ?? 0;
    if (before >= PER_CELL) continue;
    taken.set(cell, before + 1);
    kept.push(corner);
    if (kept.length === most) break;
  }
  return kept;
}

function describe({ width, height, data }: Luma, x: number, y: number, into: Uint32Array, at: number): void {
  const value = (dx: number, dy: number) =>
    data[Math.min(height - 1, Math.max(0, y + dy)) * width + Math.min(width - 1, Math.max(0, x + dx))]!;
  for (let bit = 0, pair = 0; bit < BITS; bit++, pair += 4)
    if (value(PAIRS[pair]!, PAIRS[pair + 1]!) < value(PAIRS[pair + 2]!, PAIRS[pair + 3]!))
      into[at + (bit >> 5)]! |= 1 << (bit & 31);
}

/** In how many bits two descriptors differ; from `limit` on it may stop counting. */
export function difference(a: Uint32Array, from: number, b: Uint32Array, with_: number, limit: number): number {
  let bits = 0;
  for (let i = 0; i < WORDS && bits < limit; i++) {
    let word = a[from + i]! ^ b[with_ + i]!;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    bits += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return bits;
}
