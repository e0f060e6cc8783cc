import { CELLS_ACROSS } from './canary.js';

/** Every picture is looked at in this size, whatever it came in. */
export const WIDTH = 640;
export const HEIGHT = 360;
const CHROMA_WIDTH = WIDTH / 2;
const CHROMA_HEIGHT = HEIGHT / 2;
const LUMA_BYTES = WIDTH * HEIGHT;
const CHROMA_BYTES = CHROMA_WIDTH * CHROMA_HEIGHT;
export const FRAME_BYTES = LUMA_BYTES + 2 * CHROMA_BYTES;

/** The painted area in this size. */
const ZONE = { left: WIDTH / 4, top: HEIGHT / 4, width: WIDTH / 4, height: HEIGHT / 2 };

/**
 * Magenta and green of BT.601 in studio range, U and V, and how far a sample may be off and still be called that: half of the way to
 * grey is not, and no foliage or jacket of the footage comes near.
 */
const PAINTS = [
  { u: 202, v: 222, tolerance: 45 },
  { u: 54, v: 34, tolerance: 30 },
] as const;

/** A quarter of a macroblock, in chroma samples: 64 luma px. */
const PAINTED_SAMPLES = 16;

/** The zone is looked at in so many columns and rows of patches, so that a part of the pattern is as loud as the whole. */
const PATCHES = 4;
const PATCH_WIDTH = ZONE.width / PATCHES;
const PATCH_HEIGHT = ZONE.height / PATCHES;

/** Grey levels at the chequer's fundamental. The naked pattern shows 12 to 16, a solid mask under 0.1. */
export const CHEQUER_BOUND = 1.5;

/**
 * The lines of text on a slate run through two patches of each column and are as loud there as a chequer: on a picture without colour and
 * number the pattern must show in more.
 */
const PATCHES_WITH_TEXT = 2;

/** What one picture shows. */
export interface Sight {
  /** Chroma samples in the pattern's colours, anywhere in the picture. */
  readonly painted: number;
  /** The chequer's amplitude in the luma of the zone, grey levels, in the patch where it is strongest. */
  readonly chequer: number;
  /** The pattern shows. */
  readonly leaked: boolean;
  /** The frame's number, or -1 where it cannot be read: a slate, a covered or a broken picture. */
  readonly code: number;
  /** No colour in the picture at all, and no number: a slate. */
  readonly slate: boolean;
}

/** Looks at decoded pictures, `yuv420p` of {@link WIDTH} x {@link HEIGHT} in studio range. */
export class Detector {
  /** Cosine and sine of the chequer's fundamental; the same in both directions, since its cells are square. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param cells of the chequer across the width of the picture */
  constructor(cells: number = CELLS_ACROSS) {
    const angle = (i: number): number => (Math.PI * i * cells) / WIDTH;
    this.#cos = Float64Array.from({ length: WIDTH }, (_, i) => Math.cos(angle(i)));
    this.#sin = Float64Array.from({ length: WIDTH }, (_, i) => Math.sin(angle(i)));
  }

  look(picture: Buffer): Sight {
    const painted = paintedSamples(picture);
    const code = readCode(picture);
    const slate = code < 0 && isColourless(picture);
    const chequer = this.#loudest(picture, slate ? PATCHES_WITH_TEXT : 0);
    return { painted, chequer, leaked: painted >= PAINTED_SAMPLES || chequer > CHEQUER_BOUND, code, slate };
  }

  /** Of each column of patches the amplitude of the patch that comes after the `passed` loudest; the largest of them. */
  #loudest(picture: Buffer, passed: number): number {
    let most = 0;
    for (let column = 0; column < PATCHES; column++) {
      const amplitudes = Array.from({ length: PATCHES }, (_, row) =>
        this.#amplitude(picture, ZONE.left + column * PATCH_WIDTH, ZONE.top + row * PATCH_HEIGHT),
      );
      most = Math.max(most, amplitudes.sort((a, b) => b - a)[passed]!);
    }
    return most;
  }

  /**
   * The amplitude of the chequer's fundamental in one patch, at any phase in both directions. A chequer is the product of two square
   * waves, so its fundamental is that of cos(x + a) cos(y + b).
   */
  #amplitude(picture: Buffer, left: number, top: number): number {
    let sum = 0;
    for (let y = top; y < top + PATCH_HEIGHT; y++)
      for (let x = left; x < left + PATCH_WIDTH; x++) sum += picture[y * WIDTH + x]!;
    const mean = sum / (PATCH_WIDTH * PATCH_HEIGHT);
    let [cc, cs, sc, ss] = [0, 0, 0, 0];
    for (let y = top; y < top + PATCH_HEIGHT; y++) {
      let [even, odd] = [0, 0];
      for (let x = left; x < left + PATCH_WIDTH; x++) {
        const luma = picture[y * WIDTH + x]! - mean;
        even += luma * this.#cos[x]!;
        odd += luma * this.#sin[x]!;
      }
      cc += even * this.#cos[y]!;
      cs += even * this.#sin[y]!;
      sc += odd * this.#cos[y]!;
      ss += odd * this.#sin[y]!;
    }
    return (Math.hypot(cc - ss, cs + sc) + Math.hypot(cc + ss, cs - sc)) / (PATCH_WIDTH * PATCH_HEIGHT);
  }
}

function paintedSamples(picture: Buffer): number {
  let count = 0;
  const u = LUMA_BYTES;
  const v = LUMA_BYTES + CHROMA_BYTES;
  for (let i = 0; i < CHROMA_BYTES; i++) {
    for (const paint of PAINTS) {
      if (
        Math.abs(picture[u + i]! - paint.u) < paint.tolerance &&
        Math.abs(picture[v + i]! - paint.v) < paint.tolerance
      )
        count++;
    }
  }
  return count;
}

/** Slates are grey; so is what a decoder makes up for a picture that it never got. */
function isColourless(picture: Buffer): boolean {
  for (let i = LUMA_BYTES; i < FRAME_BYTES; i++) if (Math.abs(picture[i]! - 128) > 6) return false;
  return true;
}

/** The number that {@link makeCanary} writes: 16 blocks of 16 x 12 px from (8, 8) on. */
function readCode(picture: Buffer): number {
  let number = 0;
  let check = 0;
  for (let block = 0; block < 16; block++) {
    let sum = 0;
    for (let y = 12; y < 16; y++) for (let x = 0; x < 4; x++) sum += picture[y * WIDTH + 8 + block * 16 + 6 + x]!;
    const luma = sum / 16;
    if (luma >= 80 && luma <= 175) return -1;
    const bit = luma > 127 ? 1 : 0;
    if (block < 12) number |= bit << block;
    else check |= (1 - bit) << (block - 12);
  }
  return (number & 15) === check ? number : -1;
}

/** One picture as a client saw it. */
export interface SeenPicture extends Sight {
  /** Its own time, seconds. */
  readonly time: number;
  /** `WIDTHxHEIGHT` as it was coded. */
  readonly size: string;
  /** When it came out of the decoder here, `performance.now()`. */
  readonly at: number;
  /** A number that is readable and not that of the picture before: neither frozen nor a slate. */
  readonly fresh: boolean;
}

export interface LeakCount {
  readonly frames: number;
  readonly leaked: number;
  /** Index of the first leaked picture, or -1. */
  readonly firstLeak: number;
  readonly fresh: number;
  readonly slates: number;
  /** Seconds between two pictures at most, by their own times. */
  readonly longestGap: number;
}

/** What a whole recording, or several, come to. */
export function countLeaks(pictures: readonly SeenPicture[]): LeakCount {
  let longestGap = 0;
  for (let i = 1; i < pictures.length; i++)
    longestGap = Math.max(longestGap, pictures[i]!.time - pictures[i - 1]!.time);
  return {
    frames: pictures.length,
    leaked: pictures.filter(({ leaked }) => leaked).length,
    firstLeak: pictures.findIndex(({ leaked }) => leaked),
    fresh: pictures.filter(({ fresh }) => fresh).length,
    slates: pictures.filter(({ slate }) => slate).length,
    longestGap,
  };
}
