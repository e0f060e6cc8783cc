import type { Zone } from '../../src/zones/zone.js';

/**
 * A test card with a secret: a zone painted with a moving chequer of the two colours that are farthest from everything else, known
 * patches around it, and a bar that tells which frame it is. What comes out masked is judged by it.
 */

/** The secret zone, in shares of the picture; so large that no codec can blur it away. */
const SECRET = { left: 0.3, top: 0.3, right: 0.6, bottom: 0.7 } as const;

export const SECRET_ZONE: Zone = {
  id: 'secret',
  kind: 'restroom',
  polygon: [
    [SECRET.left, SECRET.top],
    [SECRET.right, SECRET.top],
    [SECRET.right, SECRET.bottom],
    [SECRET.left, SECRET.bottom],
  ],
  action: 'mask',
  style: 'solid',
  padding: 16,
};

/** Studio-range Y, U, V. */
type Colour = readonly [y: number, u: number, v: number];

/** Saturated magenta and green (BT.601): no patch comes near their chroma. */
const CHEQUER: readonly [Colour, Colour] = [
  [106, 202, 222],
  [145, 54, 34],
];

/** Side of a chequer's cell, px: larger than a chroma block of any format. */
const CELL = 16;

const GROUND: Colour = [110, 128, 128];

/** Patches in the corners, each of its own colour, so that a turned or mirrored picture is noticed. */
const PATCHES: readonly { readonly at: readonly [x: number, y: number]; readonly colour: Colour }[] = [
  { at: [0.02, 0.03], colour: [200, 118, 140] },
  { at: [0.83, 0.03], colour: [60, 145, 120] },
  { at: [0.02, 0.77], colour: [90, 112, 146] },
  { at: [0.83, 0.77], colour: [160, 142, 114] },
];
const PATCH = { width: 0.15, height: 0.2 } as const;

/** The bar whose luma is the frame's number: this much more a frame. */
const BAR = { left: 0.3, top: 0.84, right: 0.6, bottom: 0.96 } as const;
const BAR_FIRST = 40;
const BAR_STEP = 6;

/** Frames that a bar can tell apart. */
export const MOST_FRAMES = 32;

/** Studio-range YUV 4:4:4, planar, 8 bit: frame `n` of `width` x `height`. */
export function paintTestCard(n: number, width: number, height: number): Buffer {
  const picture = Buffer.alloc(width * height * 3);
  const box = (left: number, top: number, right: number, bottom: number, colour: Colour): void => {
    for (let p = 0; p < 3; p++)
      for (let y = Math.round(top * height); y < Math.round(bottom * height); y++) {
        const row = p * width * height + y * width;
        picture.fill(colour[p]!, row + Math.round(left * width), row + Math.round(right * width));
      }
  };
  box(0, 0, 1, 1, GROUND);
  for (const { at, colour } of PATCHES) box(at[0], at[1], at[0] + PATCH.width, at[1] + PATCH.height, colour);
  box(BAR.left, BAR.top, BAR.right, BAR.bottom, [BAR_FIRST + BAR_STEP * n, 128, 128]);
  for (let y = Math.round(SECRET.top * height); y < Math.round(SECRET.bottom * height); y++)
    for (let x = Math.round(SECRET.left * width); x < Math.round(SECRET.right * width); x++) {
      const cell = CHEQUER[(Math.floor((x + 3 * n) / CELL) + Math.floor((y + 2 * n) / CELL)) & 1]!;
      for (let p = 0; p < 3; p++) picture[p * width * height + y * width + x] = cell[p]!;
    }
  return picture;
}

/** What is wrong with a masked picture, in words; empty where nothing is. */
export interface Judgement {
  readonly faults: readonly string[];
  /** Which frame it shows. */
  readonly frame: number;
}

export interface Expectation {
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean;
  /** The source has no colours. */
  readonly grey: boolean;
}

/** How far a lossy codec may move a mean, and any pixel inside black; measured: below 3 and below 5. */
const MEAN_TOLERANCE = 6;
const BLACK_TOLERANCE = 8;

/** The patches' chroma is at most 18 from grey (20 in full range), the chequer's at least 74. */
const MOST_CHROMA = 45;

/** Looks at an 8-bit 4:2:0 planar picture that was decoded from masked output. */
export function judge(picture: Buffer, { width, height, fullRange, grey }: Expectation): Judgement {
  const faults: string[] = [];
  const plane = (p: number) => {
    const [columns, rows] = p === 0 ? [width, height] : [width / 2, height / 2];
    const start = p === 0 ? 0 : width * height + ((p - 1) * width * height) / 4;
    return { columns, rows, data: picture.subarray(start, start + columns * rows) };
  };
  const values = (p: number, left: number, top: number, right: number, bottom: number): number[] => {
    const { columns, rows, data } = plane(p);
    const found: number[] = [];
    for (let y = Math.ceil(top * rows); y < Math.floor(bottom * rows); y++)
      for (let x = Math.ceil(left * columns); x < Math.floor(right * columns); x++) found.push(data[y * columns + x]!);
    return found;
  };
  for (let p = 0; p < 3; p++) {
    const black = p > 0 ? 128 : fullRange ? 0 : 16;
    const secret = values(p, SECRET.left, SECRET.top, SECRET.right, SECRET.bottom);
    const worst = secret.reduce((most, value) => Math.max(most, Math.abs(value - black)), 0);
    if (worst > BLACK_TOLERANCE) faults.push(`plane ${p} of the zone is ${worst} from black`);
    if (p > 0) {
      const colourful = plane(p).data.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0);
      if (colourful > MOST_CHROMA) faults.push(`plane ${p} has a colour ${colourful} from grey`);
    }
    for (const [index, { at, colour }] of PATCHES.entries()) {
      const wanted = level(grey && p > 0 ? 128 : colour[p]!, p, fullRange);
      // A margin for ringing at the patch's edges.
      const seen = mean(values(p, at[0] + 0.03, at[1] + 0.04, at[0] + PATCH.width - 0.03, at[1] + PATCH.height - 0.04));
      if (Math.abs(seen - wanted) > MEAN_TOLERANCE)
        faults.push(`patch ${index} is ${seen.toFixed(1)} instead of ${wanted.toFixed(1)} in plane ${p}`);
    }
  }
  const bar = mean(values(0, BAR.left + 0.03, BAR.top + 0.04, BAR.right - 0.03, BAR.bottom - 0.04));
  const studio = fullRange ? 16 + (bar * 219) / 255 : bar;
  return { faults, frame: Math.round((studio - BAR_FIRST) / BAR_STEP) };
}

/** A studio-range level in the picture's own range (ITU-R BT.601; JFIF). */
const level = (value: number, plane: number, fullRange: boolean): number => {
  if (!fullRange) return value;
  return plane === 0 ? ((value - 16) * 255) / 219 : 128 + ((value - 128) * 255) / 224;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
