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

/** Strips of the zone, from top to bottom, in which the chequer is looked for one by one. */
const STRIPS = 4;

/**
 * Grey levels at the chequer's fundamental in one strip. The naked pattern shows 12 to 15, a masked zone under 0.1, the text of a slate
 * up to 0.7.
 */
export const CHEQUER_BOUND = 1.5;

/** What one picture shows. */
export interface Sight {
  /** Chroma samples in the pattern's colours, anywhere in the picture. */
  readonly painted: number;
  /** The chequer's amplitude in the luma of the zone, grey levels, in the strip where it is strongest. */
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
  readonly #cosX: Float64Array;
  readonly #sinX: Float64Array;
  readonly #cosY: Float64Array;
  readonly #sinY: Float64Array;
  readonly #even = new Float64Array(ZONE.width);
  readonly #odd = new Float64Array(ZONE.width);

  /** @param cells of the chequer across the width of the picture */
  constructor(cells: number = CELLS_ACROSS) {
    const wave = (length: number, of: (angle: number) => number): Float64Array =>
      Float64Array.from({ length }, (_, i) => of((Math.PI * (i + 0.5) * cells) / WIDTH));
    this.#cosX = wave(ZONE.width, Math.cos);
    this.#sinX = wave(ZONE.width, Math.sin);
    this.#cosY = wave(ZONE.height, Math.cos);
    this.#sinY = wave(ZONE.height, Math.sin);
  }

  look(picture: Buffer): Sight {
    const painted = paintedSamples(picture);
    const chequer = this.chequer(picture);
    const code = readCode(picture);
    return {
      painted,
      chequer,
      leaked: painted >= PAINTED_SAMPLES || chequer > CHEQUER_BOUND,
      code,
      slate: code < 0 && isColourless(picture),
    };
  }

  /**
   * The amplitude of the chequer's fundamental in the luma of the zone, at any phase in both directions: the largest of the strips'.
   * A chequer is the product of two square waves, so its fundamental is that of cos(x + a) cos(y + b).
   */
  chequer(picture: Buffer): number {
    const even = this.#even.fill(0);
    const odd = this.#odd.fill(0);
    for (let row = 0; row < ZONE.height; row++) {
      const cos = this.#cosY[row]!;
      const sin = this.#sinY[row]!;
      const at = (ZONE.top + row) * WIDTH + ZONE.left;
      for (let column = 0; column < ZONE.width; column++) {
        const luma = picture[at + column]!;
        even[column]! += luma * cos;
        odd[column]! += luma * sin;
      }
    }
    const stripWidth = ZONE.width / STRIPS;
    let most = 0;
    for (let strip = 0; strip < STRIPS; strip++) {
      let [cc, cs, sc, ss] = [0, 0, 0, 0];
      for (let column = strip * stripWidth; column < (strip + 1) * stripWidth; column++) {
        cc += even[column]! * this.#cosX[column]!;
        cs += odd[column]! * this.#cosX[column]!;
        sc += even[column]! * this.#sinX[column]!;
        ss += odd[column]! * this.#sinX[column]!;
      }
      const amplitude = Math.hypot(cc - ss, cs + sc) + Math.hypot(cc + ss, cs - sc);
      most = Math.max(most, amplitude / (stripWidth * ZONE.height));
    }
    return most;
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
