import type { RgbPicture } from '../picture.js';

/** A point in pixels: 0 is the left (upper) edge of the first pixel, 0.5 its middle. */
export type Point = readonly [x: number, y: number];

/** Four corners as the text reads: upper left, upper right, lower right, lower left. */
export type Quad = readonly [Point, Point, Point, Point];

/** Nine numbers of a projective map, row by row; the last one is 1. */
export type Homography = readonly number[];

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Mean length of the sides along the text, and across it. */
export const quadSize = ([a, b, c, d]: Quad): { readonly length: number; readonly height: number } => ({
  length: (distance(a, b) + distance(d, c)) / 2,
  height: (distance(a, d) + distance(b, c)) / 2,
});

export const rectangle = (left: number, top: number, width: number, height: number): Quad => [
  [left, top],
  [left + width, top],
  [left + width, top + height],
  [left, top + height],
];

/** The map that takes the unit square's corners, clockwise from (0, 0), to those of `quad`. */
export function fromUnitSquare([p0, p1, p2, p3]: Quad): Homography {
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]];
  const [ax, ay] = [p1[0] - p2[0], p1[1] - p2[1]];
  const [bx, by] = [p3[0] - p2[0], p3[1] - p2[1]];
  const determinant = ax * by - bx * ay;
  const g = determinant === 0 ? 0 : (sx * by - bx * sy) / determinant;
  const h = determinant === 0 ? 0 : (ax * sy - sx * ay) / determinant;
  return [
    p1[0] - p0[0] + g * p1[0],
    p3[0] - p0[0] + h * p3[0],
    p0[0],
    p1[1] - p0[1] + g * p1[1],
    p3[1] - p0[1] + h * p3[1],
    p0[1],
    g,
    h,
    1,
  ];
}

export function project(map: Homography, x: number, y: number): Point {
  const w = map[6]! * x + map[7]! * y + map[8]!;
  return [(map[0]! * x + map[1]! * y + map[2]!) / w, (map[3]! * x + map[4]! * y + map[5]!) / w];
}

/** The part of a quad between two shares of its length and two of its height, 0 to 1, in perspective. */
export function part(quad: Quad, left: number, top: number, right: number, bottom: number): Quad {
  const map = fromUnitSquare(quad);
  return [project(map, left, top), project(map, right, top), project(map, right, bottom), project(map, left, bottom)];
}

/** Where a model's input is written: planes in the order blue, green, red, each value `(v - mean) / std`. */
export interface Planes {
  /** `[3, height, stride]` */
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Columns of the whole tensor, of which `width` from `left` on are written. */
  readonly stride: number;
  readonly left: number;
  /** Of blue, green and red, on 0..255. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Source pixels a sample stands for beyond which several are taken: bilinear sampling alone would alias. */
const ONE_SAMPLE = 1.6;
const MAX_SAMPLES = 4;

/** Draws what lies in `quad` upright into `planes`. Pixels outside the picture take the nearest one's value. */
export function warp(picture: RgbPicture, quad: Quad, planes: Planes): void {
  const { data, width, height } = picture;
  const size = quadSize(quad);
  const samples = (of: number, to: number) => Math.min(MAX_SAMPLES, Math.max(1, Math.ceil(of / to / ONE_SAMPLE)));
  const across = samples(size.length, planes.width);
  const down = samples(size.height, planes.height);
  const map = fromUnitSquare(quad) as number[];
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = map as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const area = planes.stride * planes.height;
  const { mean, std } = planes;
  const scale = std.map((value) => 1 / (value * across * down));
  const shift = mean.map((value, channel) => value / std[channel]!);
  for (let row = 0; row < planes.height; row++) {
    for (let column = 0; column < planes.width; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < down; j++) {
        const v = (row + (j + 0.5) / down) / planes.height;
        for (let i = 0; i < across; i++) {
          const u = (column + (i + 0.5) / across) / planes.width;
          const w = 1 / (m6 * u + m7 * v + m8);
          const x = Math.min(width - 1, Math.max(0, (m0 * u + m1 * v + m2) * w - 0.5));
          const y = Math.min(height - 1, Math.max(0, (m3 * u + m4 * v + m5) * w - 0.5));
          const left = x | 0;
          const top = y | 0;
          const fx = x - left;
          const fy = y - top;
          const a = (top * width + left) * 3;
          const right = left + 1 < width ? 3 : 0;
          const below = top + 1 < height ? width * 3 : 0;
          const wa = (1 - fx) * (1 - fy);
          const wb = fx * (1 - fy);
          const wc = (1 - fx) * fy;
          const wd = fx * fy;
          red += data[a]! * wa + data[a + right]! * wb + data[a + below]! * wc + data[a + right + below]! * wd;
          green +=
            data[a + 1]! * wa +
            data[a + right + 1]! * wb +
            data[a + below + 1]! * wc +
            data[a + right + below + 1]! * wd;
          blue +=
            data[a + 2]! * wa +
            data[a + right + 2]! * wb +
            data[a + below + 2]! * wc +
            data[a + right + below + 2]! * wd;
        }
      }
      const at = row * planes.stride + planes.left + column;
      planes.data[at] = blue * scale[0]! - shift[0]!;
      planes.data[area + at] = green * scale[1]! - shift[1]!;
      planes.data[2 * area + at] = red * scale[2]! - shift[2]!;
    }
  }
}
