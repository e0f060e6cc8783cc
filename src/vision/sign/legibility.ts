import type { RgbPicture } from '../picture.js';
import { fromUnitSquare, type Quad, quadSize } from './quad.js';

/** How well a line can be read. */
export interface Legibility {
  /** Height of its characters, px of the picture. */
  readonly height: number;
  /** Difference of writing and ground, 0 to 1 of all levels. */
  readonly contrast: number;
  /** Steepest change along the line over two hundredths of its height, as a share of the contrast: 1 is as sharp as drawn. */
  readonly sharpness: number;
}

/** A row belongs to the characters where it changes so much as a share of what the busiest rows do: above and below is ground. */
const INKED = 0.35;
/** Rows and columns per height that a line is looked at with. */
const ROWS = 32;
const MAX_COLUMNS = 480;
/** Shares of pixels taken for ground and writing: a few may be glare or dirt. */
const LOW = 0.05;
const HIGH = 0.95;
/** Of the steps between neighbouring samples the share that is steeper than all but edges. */
const STEEP = 0.97;

/** Measures the writing in a quad of a picture. */
export function measureLegibility(picture: RgbPicture, quad: Quad): Legibility {
  const size = quadSize(quad);
  const columns = Math.min(MAX_COLUMNS, Math.max(ROWS, Math.round((ROWS * size.length) / size.height)));
  const luma = lumaIn(picture, quad, columns, ROWS);
  const sorted = Float32Array.from(luma).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const range = at(HIGH) - at(LOW);
  const steps = new Float32Array(ROWS * (columns - 1));
  for (let row = 0, i = 0; row < ROWS; row++) {
    for (let column = 1; column < columns; column++) {
      const here = row * columns + column;
      steps[i++] = Math.abs(luma[here]! - luma[here - 1]!);
    }
  }
  const height = size.height * inkedShare(steps, columns - 1);
  steps.sort();
  const steepest = steps[Math.floor(STEEP * steps.length)] ?? 0;
  return {
    height,
    contrast: range / 255,
    sharpness: range === 0 ? 0 : Math.min(1, steepest / range),
  };
}

/** Of the rows the share from the first to the last that writing runs through. */
function inkedShare(steps: Float32Array, columns: number): number {
  const rows = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < columns; column++) rows[row]! += steps[row * columns + column]!;
  const least = rows.toSorted()[Math.floor(0.9 * ROWS)]! * INKED;
  let [first, last] = [0, ROWS - 1];
  while (first < last && rows[first]! < least) first++;
  while (last > first && rows[last]! < least) last--;
  return (last - first + 1) / ROWS;
}

/** `[rows, columns]` luma of what lies in a quad, bilinear. */
export function lumaIn({ data, width, height }: RgbPicture, quad: Quad, columns: number, rows: number): Float32Array {
  const luma = new Float32Array(rows * columns);
  const map = fromUnitSquare(quad);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const u = (column + 0.5) / columns;
      const v = (row + 0.5) / rows;
      const w = map[6]! * u + map[7]! * v + 1;
      const x = Math.min(width - 1, Math.max(0, (map[0]! * u + map[1]! * v + map[2]!) / w - 0.5));
      const y = Math.min(height - 1, Math.max(0, (map[3]! * u + map[4]! * v + map[5]!) / w - 0.5));
      const [left, top] = [x | 0, y | 0];
      const [right, below] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
      const [fx, fy] = [x - left, y - top];
      const of = (px: number, py: number) => {
        const i = (py * width + px) * 3;
        return 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
      };
      luma[row * columns + column] =
        (of(left, top) * (1 - fx) + of(right, top) * fx) * (1 - fy) +
        (of(left, below) * (1 - fx) + of(right, below) * fx) * fy;
    }
  }
  return luma;
}
