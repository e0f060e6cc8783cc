import type { RgbPicture } from '../../picture.js';
import { type Homography, project, quadSize } from '../quad.js';
import { agreedHomography, type Pair } from './homography.js';
import { type Luma, lumaWithin, smoothed } from './luma.js';
import { couldBeSign, seenAs } from './match.js';

/** What of a photo is there under a map. */
export interface Comparison {
  /** Fitted to what agrees. */
  readonly map: Homography;
  /** Of the blocks of the photo that show something, those that are seen. */
  readonly seen: number;
  readonly shown: number;
  /** Mean likeness of the seen ones, 0 to 1. */
  readonly likeness: number;
  /** Of the whole sign, the share that something else is seen in place of. */
  readonly hidden: number;
}

/** Side of the squares that are compared, px. */
const BLOCK = 8;
/** Photo and picture are compared at the size that the sign is seen in, within these, px of its longer side. */
const SMALLEST = 56;
const LARGEST = 160;
/** Px that a block may be off: before the map was fitted to the blocks, and after. */
const COARSE = 4;
const FINE = 1;
/** A block shows something where its deviation is so much of the photo's. */
const SHOWS = 0.3;
/** Correlation from which a block that shows something is seen, and from which it helps to fit the map. */
const SEEN = 0.5;
const SURE = 0.65;
/** Of a block and its neighbours that show something, so many must be seen: what hides a sign hides it in one piece, other writing agrees here and there. */
const TOGETHER = 0.6;
/** Flat blocks are seen where their brightness is off by no more than this share of the sign's contrast, besides noise. */
const OFF = 0.25;
const NOISE = 6;

/** Compares a photo, block by block, with what a picture shows under a map. Null: there can be no sign. */
export function compare(photo: RgbPicture, picture: Luma, coarse: Homography): Comparison | null {
  const shape = { width: photo.width, height: photo.height };
  const seenSize = quadSize(seenAs(coarse, shape));
  const shrink = Math.min(1, LARGEST / Math.max(seenSize.length, seenSize.height));
  const grow = Math.max(1, SMALLEST / Math.max(seenSize.length, seenSize.height));
  const width = Math.max(BLOCK, Math.round(seenSize.length * shrink * grow));
  const height = Math.max(BLOCK, Math.round(seenSize.height * shrink * grow));
  const wanted = smoothed(lumaWithin(photo, [0, 0, photo.width, photo.height], width, height));
  const [stepX, stepY] = [photo.width / width, photo.height / height];
  const first = blocksOf(wanted, seenUnder(picture, coarse, wanted, stepX, stepY, COARSE), COARSE);
  const pairs = first.flatMap((block): Pair[] => {
    if (!block.shows || block.likeness < SURE) return [];
    const [x, y] = [block.x + BLOCK / 2, block.y + BLOCK / 2];
    return [{ from: [x * stepX, y * stepY], to: project(coarse, (x + block.dx) * stepX, (y + block.dy) * stepY) }];
  });
  const fitted = agreedHomography(pairs, 2 / shrink / grow, (map) => couldBeSign(seenAs(map, shape), shape));
  const map = fitted && fitted.agreeing.length >= 6 ? fitted.map : coarse;
  const there = seenUnder(picture, map, wanted, stepX, stepY, FINE);
  const blocks = blocksOf(wanted, there, FINE);
  const shown = blocks.filter(({ shows }) => shows);
  const seen = togetherOf(shown);
  const light = lightOf(wanted, there, seen);
  if (!light) return null;
  const flat = blocks.filter(
    (block) =>
      !block.shows &&
      Math.abs(light.gain * block.wantedMean + light.offset - block.mean) <
        OFF * light.gain * deviationOf(wanted) * 3 + NOISE,
  );
  return {
    map,
    seen: seen.length,
    shown: shown.length,
    likeness: seen.reduce((sum, { likeness }) => sum + likeness, 0) / Math.max(1, seen.length),
    hidden: 1 - (seen.length + flat.length) / blocks.length,
  };
}

/** What is seen in place of the photo, at its size and `margin` px around it. */
function seenUnder(
  { width, height, data }: Luma,
  map: Homography,
  wanted: Luma,
  stepX: number,
  stepY: number,
  margin: number,
): Luma {
  const seen = { width: wanted.width + 2 * margin, height: wanted.height + 2 * margin };
  const out = new Uint8Array(seen.width * seen.height);
  for (let row = 0, at = 0; row < seen.height; row++) {
    for (let column = 0; column < seen.width; column++, at++) {
      const [px, py] = project(map, (column - margin + 0.5) * stepX, (row - margin + 0.5) * stepY);
      const x = Math.min(width - 1.001, Math.max(0, px - 0.5));
      const y = Math.min(height - 1.001, Math.max(0, py - 0.5));
      const [left, top] = [x | 0, y | 0];
      const [fx, fy] = [x - left, y - top];
      const from = top * width + left;
      out[at] =
        (data[from]! * (1 - fx) + data[from + 1]! * fx) * (1 - fy) +
        (data[from + width]! * (1 - fx) + data[from + width + 1]! * fx) * fy;
    }
  }
  return { ...seen, data: out };
}

interface Block {
  /** Its upper left corner on the photo. */
  readonly x: number;
  readonly y: number;
  /** Where it is seen best, from there. */
  readonly dx: number;
  readonly dy: number;
  readonly shows: boolean;
  /** Correlation, -1 to 1; 0 where it shows nothing. */
  readonly likeness: number;
  readonly wantedMean: number;
  /** Of what is seen there. */
  readonly mean: number;
}

/** The photo's blocks, each where it is seen best within `reach` px. @param there with `reach` px around it */
function blocksOf(wanted: Luma, there: Luma, reach: number): Block[] {
  const least = SHOWS * deviationOf(wanted);
  const blocks: Block[] = [];
  for (let y = 0; y + BLOCK <= wanted.height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= wanted.width; x += BLOCK) {
      const own = momentsOf(wanted, x, y);
      const shows = own.deviation >= least;
      let [dx, dy, likeness, mean] = [0, 0, shows ? -1 : 0, momentsOf(there, x + reach, y + reach).mean];
      for (let j = -reach; shows && j <= reach; j++) {
        for (let i = -reach; i <= reach; i++) {
          const moments = momentsOf(there, x + reach + i, y + reach + j);
          if (moments.deviation < 1) continue;
          let product = 0;
          for (let row = 0; row < BLOCK; row++) {
            const a = (y + row) * wanted.width + x;
            const b = (y + reach + j + row) * there.width + x + reach + i;
            for (let column = 0; column < BLOCK; column++)
              product += wanted.data[a + column]! * there.data[b + column]!;
          }
          const correlation =
            (product / (BLOCK * BLOCK) - own.mean * moments.mean) / (own.deviation * moments.deviation);
          if (correlation > likeness) [dx, dy, likeness, mean] = [i, j, correlation, moments.mean];
        }
      }
      blocks.push({ x, y, dx, dy, shows, likeness, wantedMean: own.mean, mean });
    }
  }
  return blocks;
}

/** The blocks that are seen, and most of what is next to them too. */
function togetherOf(shown: readonly Block[]): Block[] {
  const isSeen = ({ likeness }: Block) => likeness >= SEEN;
  return shown.filter((block) => {
    if (!isSeen(block)) return false;
    const around = shown.filter(({ x, y }) => Math.abs(x - block.x) <= BLOCK && Math.abs(y - block.y) <= BLOCK);
    return around.filter(isSeen).length >= TOGETHER * around.length;
  });
}

function momentsOf({ width, data }: Luma, x: number, y: number): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let row = y; row < y + BLOCK; row++) {
    for (let at = row * width + x, end = at + BLOCK; at < end; at++) {
      const value = data[at]!;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / (BLOCK * BLOCK);
  return { mean, deviation: Math.sqrt(Math.max(0, squares / (BLOCK * BLOCK) - mean * mean)) };
}

function deviationOf({ data }: Luma): number {
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  return Math.sqrt(Math.max(0, squares / data.length - mean * mean));
}

/** How the photo's brightness became the picture's: a line through all pixels of the blocks that are seen. Null: it did not. */
function lightOf(wanted: Luma, there: Luma, seen: readonly Block[]): { gain: number; offset: number } | null {
  let [n, x, y, xx, xy] = [0, 0, 0, 0, 0];
  const margin = (there.width - wanted.width) / 2;
  for (const block of seen) {
    for (let row = 0; row < BLOCK; row++) {
      for (let column = 0; column < BLOCK; column++) {
        const a = wanted.data[(block.y + row) * wanted.width + block.x + column]!;
        const b = there.data[(block.y + margin + block.dy + row) * there.width + block.x + margin + block.dx + column]!;
        n++;
        x += a;
        y += b;
        xx += a * a;
        xy += a * b;
      }
    }
  }
  const spread = xx - (x * x) / n;
  if (n === 0 || spread < 1) return null;
  const gain = (xy - (x * y) / n) / spread;
  return gain <= 0 ? null : { gain, offset: (y - gain * x) / n };
}
