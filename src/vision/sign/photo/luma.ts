import type { RgbPicture } from '../../picture.js';

/** Brightness of a picture, `[height, width]`, 0 to 255. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Left, top, right, bottom, px of the picture. */
export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/** Reads the brightness within bounds, shrunk to `width` x `height` by bilinear samples, up to four a pixel. */
export function lumaWithin(
  picture: RgbPicture,
  [left, top, right, bottom]: Bounds,
  width: number,
  height: number,
): Luma {
  const { data: rgb } = picture;
  const data = new Uint8Array(width * height);
  const [stepX, stepY] = [(right - left) / width, (bottom - top) / height];
  const columns = taps(left, stepX, width, picture.width);
  const rows = taps(top, stepY, height, picture.height);
  const stride = picture.width * 3;
  const count = (columns.length / width) * (rows.length / height);
  const [across, down] = [columns.length / width, rows.length / height];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (let j = y * down; j < (y + 1) * down; j++) {
        const row = rows[j]! * stride;
        for (let i = x * across; i < (x + 1) * across; i++) {
          const from = row + columns[i]! * 3;
          sum += 77 * rgb[from]! + 150 * rgb[from + 1]! + 29 * rgb[from + 2]!;
        }
      }
      data[at] = sum / (count * 256);
    }
  }
  return { width, height, data };
}

/** Source pixels that make one target pixel along one side: one where nothing is shrunk, else two or three evenly within it. */
function taps(from: number, step: number, count: number, size: number): Int32Array {
  const each = Math.min(3, Math.max(1, Math.ceil(step - 0.05)));
  return Int32Array.from({ length: count * each }, (_, i) =>
    Math.min(size - 1, Math.max(0, Math.floor(from + ((i + 0.5) * step) / each))),
  );
}

/** Brightness of a whole picture at its own size. */
export const lumaOf = (picture: RgbPicture): Luma =>
  lumaWithin(picture, [0, 0, picture.width, picture.height], picture.width, picture.height);

/** Half as wide and as high: means of 2 x 2. */
export function halved({ width, height, data }: Luma): Luma {
  const half = { width: width >> 1, height: height >> 1, data: new Uint8Array((width >> 1) * (height >> 1)) };
  for (let y = 0, at = 0; y < half.height; y++)
    for (let x = 0, from = 2 * y * width; x < half.width; x++, at++, from += 2)
      half.data[at] = (data[from]! + data[from + 1]! + data[from + width]! + data[from + width + 1]! + 2) >> 2;
  return half;
}

/** Smoothed by 1 4 6 4 1 along both sides (deviation 1 px); edges are repeated. */
export function smoothed({ width, height, data }: Luma): Luma {
  const between = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const [a, b] = [x > 0 ? x - 1 : 0, x > 1 ? x - 2 : 0];
      const [c, d] = [x < width - 1 ? x + 1 : x, x < width - 2 ? x + 2 : width - 1];
      between[row + x] = data[row + b]! + data[row + d]! + 4 * (data[row + a]! + data[row + c]!) + 6 * data[row + x]!;
    }
  }
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const [a, b] = [(y > 0 ? y - 1 : 0) * width, (y > 1 ? y - 2 : 0) * width];
    const [c, d] = [(y < height - 1 ? y + 1 : y) * width, (y < height - 2 ? y + 2 : height - 1) * width];
    for (let x = 0; x < width; x++)
      out[row + x] =
        (between[b + x]! + between[d + x]! + 4 * (between[a + x]! + between[c + x]!) + 6 * between[row + x]! + 128) >>
        8;
  }
  return { width, height, data: out };
}
