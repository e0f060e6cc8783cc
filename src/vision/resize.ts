import type { RgbPicture } from './picture.js';

/** Which source pixels make one target pixel, along one side. */
interface Taps {
  /** First source pixel per target pixel. */
  readonly first: Int32Array;
  /** Weights per target pixel, `perPixel` each, in 1/2^14, padded with zeros. */
  readonly weights: Int32Array;
  readonly perPixel: number;
}

const WEIGHT_BITS = 14;
const ONE = 1 << WEIGHT_BITS;
const HALF = ONE >> 1;

/**
 * Resizes pictures of one size to another by a triangle filter that widens with the reduction, as Pillow's BILINEAR does
 * (and torchvision's with antialiasing): what classifiers are trained with. Buffers are reused; nothing is allocated per picture.
 */
export class Resizer {
  readonly target: { readonly width: number; readonly height: number };
  readonly #source: { readonly width: number; readonly height: number };
  readonly #columns: Taps;
  readonly #rows: Taps;
  /** Source height, target width. */
  readonly #between: Uint8Array;

  constructor(source: { width: number; height: number }, target: { width: number; height: number }) {
    this.#source = { width: source.width, height: source.height };
    this.target = { width: target.width, height: target.height };
    this.#columns = tapsOf(source.width, target.width);
    this.#rows = tapsOf(source.height, target.height);
    this.#between = new Uint8Array(source.height * target.width * 3);
  }

  /** Whether pictures of this size are what it takes. */
  fits({ width, height }: { width: number; height: number }): boolean {
    return width === this.#source.width && height === this.#source.height;
  }

  /** @param into [height, width, 3] of the target, made where it is left out */
  resize(picture: RgbPicture, into?: Uint8Array): RgbPicture {
    const { width, height } = this.target;
    const data = into ?? new Uint8Array(width * height * 3);
    this.#squeezeRows(picture.data);
    this.#squeezeColumns(data);
    return { width, height, data };
  }

  /** Along each row: [H, W, 3] -> [H, w, 3]. */
  #squeezeRows(from: Uint8Array): void {
    const { width: sourceWidth, height } = this.#source;
    const { width } = this.target;
    const { first, weights, perPixel } = this.#columns;
    const to = this.#between;
    for (let y = 0, out = 0; y < height; y++) {
      const row = y * sourceWidth * 3;
      for (let x = 0; x < width; x++) {
        let red = HALF;
        let green = HALF;
        let blue = HALF;
        let at = row + first[x]! * 3;
        for (let tap = x * perPixel, end = tap + perPixel; tap < end; tap++, at += 3) {
          const weight = weights[tap]!;
          red += from[at]! * weight;
          green += from[at + 1]! * weight;
          blue += from[at + 2]! * weight;
        }
        to[out++] = red >> WEIGHT_BITS;
        to[out++] = green >> WEIGHT_BITS;
        to[out++] = blue >> WEIGHT_BITS;
      }
    }
  }

  /** Along each column: [H, w, 3] -> [h, w, 3]. */
  #squeezeColumns(to: Uint8Array): void {
    const { width, height } = this.target;
    const { first, weights, perPixel } = this.#rows;
    const from = this.#between;
    const stride = width * 3;
    for (let y = 0, out = 0; y < height; y++) {
      const start = first[y]! * stride;
      const tap = y * perPixel;
      for (let x = 0; x < stride; x++) {
        let sum = HALF;
        for (let k = 0, at = start + x; k < perPixel; k++, at += stride) sum += from[at]! * weights[tap + k]!;
        to[out++] = sum >> WEIGHT_BITS;
      }
    }
  }
}

/** One picture to a size, for those who have no second one of its size. */
export function resize(picture: RgbPicture, width: number, height: number): RgbPicture {
  if (picture.width === width && picture.height === height) return picture;
  return new Resizer(picture, { width, height }).resize(picture);
}

/** A part of a picture, copied. The part lies within it. */
export function crop(picture: RgbPicture, x: number, y: number, width: number, height: number): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * 3;
    data.set(picture.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const spans = Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const begin = Math.max(0, Math.floor(centre - reach + 0.5));
    return { centre, begin, end: Math.min(from, Math.floor(centre + reach + 0.5)) };
  });
  const perPixel = Math.max(...spans.map(({ begin, end }) => end - begin));
  const first = new Int32Array(to);
  const weights = new Int32Array(to * perPixel);
  for (const [i, { centre, begin, end }] of spans.entries()) {
    // Reading `perPixel` pixels must stay inside the row.
    const base = Math.min(begin, from - perPixel);
    first[i] = base;
    let sum = 0;
    const exact = new Float64Array(perPixel);
    for (let j = begin; j < end; j++) {
      const weight = Math.max(0, 1 - Math.abs((j + 0.5 - centre) / reach));
      exact[j - base] = weight;
      sum += weight;
    }
    let given = 0;
    let heaviest = 0;
    for (let k = 0; k < perPixel; k++) {
      const weight = Math.round((exact[k]! / sum) * ONE);
      weights[i * perPixel + k] = weight;
      given += weight;
      if (exact[k]! > exact[heaviest]!) heaviest = k;
    }
    // So that a flat area keeps its value.
    weights[i * perPixel + heaviest]! += ONE - given;
  }
  return { first, weights, perPixel };
}
