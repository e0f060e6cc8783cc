import type { RgbPicture } from '../../picture.js';
import { type Homography, project, type Quad } from '../quad.js';
import { fitHomography } from './homography.js';

/** Numbers in [0, 1), the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const fill = ({ width, data }: RgbPicture, x: number, y: number, w: number, h: number, value: number): void => {
  for (let row = y; row < y + h; row++) data.fill(value, (row * width + x) * 3, (row * width + x + w) * 3);
};

/** A board of 360 x 144 with two rows of strokes on it, like no other seed's. */
export function board(seed: number): RgbPicture {
  const random = numbers(seed * 7919 + 1);
  const picture = { width: 360, height: 144, data: new Uint8Array(360 * 144 * 3).fill(70) };
  for (let character = 0; character < 14; character++) {
    const [left, top] = [12 + (character % 7) * 49, 14 + Math.floor(character / 7) * 62];
    for (let stroke = 0; stroke < 5; stroke++) {
      const long = 16 + Math.floor(random() * 26);
      const [x, y] = [left + Math.floor(random() * (42 - long)), top + Math.floor(random() * 44)];
      if (random() < 0.5) fill(picture, x, y, long, 6, 230);
      else fill(picture, left + Math.floor(random() * 38), top + Math.floor(random() * (52 - long)), 6, long, 230);
    }
  }
  return picture;
}

/** A room: boxes of many greys, with a sensor's noise. */
export function scene(seed: number, width = 640, height = 360): RgbPicture {
  const random = numbers(seed * 104_729 + 5);
  const picture = { width, height, data: new Uint8Array(width * height * 3).fill(120) };
  for (let i = 0; i < 60; i++) {
    const [w, h] = [8 + Math.floor(random() * 90), 8 + Math.floor(random() * 70)];
    const [x, y] = [Math.floor(random() * (width - w)), Math.floor(random() * (height - h))];
    fill(picture, x, y, w, h, 30 + Math.floor(random() * 200));
  }
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = picture.data[i]! + 4 * random() - 2;
  return picture;
}

/** Hangs a board in a scene so that its corners are seen at `quad`. @returns the map from board to scene */
export function hang(into: RgbPicture, sign: RgbPicture, quad: Quad, light = 1): Homography {
  const { width, height } = sign;
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
  const back = fitHomography(quad.map((from, i) => ({ from, to: corners[i]! })))!;
  for (let y = 0; y < into.height; y++) {
    for (let x = 0; x < into.width; x++) {
      let [sum, count] = [0, 0];
      for (let sample = 0; sample < 9; sample++) {
        const [u, v] = project(back, x + ((sample % 3) + 0.5) / 3, y + (Math.floor(sample / 3) + 0.5) / 3);
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        sum += sign.data[(Math.floor(v) * width + Math.floor(u)) * 3]!;
        count++;
      }
      const at = (y * into.width + x) * 3;
      if (count > 0) into.data.fill((light * sum + (9 - count) * into.data[at]!) / 9, at, at + 3);
    }
  }
  return fitHomography(quad.map((to, i) => ({ from: corners[i]!, to })))!;
}

/** Hides the left `share` of what hangs at a rectangle with a grey board of its own. */
export function cover(picture: RgbPicture, [[left, top], [right], [, bottom]]: Quad, share: number): void {
  const width = Math.round((right - left) * share);
  fill(picture, Math.round(left), Math.round(top) - 8, width, Math.round(bottom - top) + 16, 150);
}
