/** What FFmpeg has no filter for, painted on luma planes. */
import type { Size } from '../../src/zones/zone.js';
import { Random } from '../sign/random.js';

/** Changes a frame in place. @param n frames since it began */
export type Paint = (frame: Uint8Array, size: Size, n: number) => void;

/** Draws a tone with a slow shade and a sensor's grain wherever `inside` says so. */
function fill(frame: Uint8Array, { width, height }: Size, inside: (x: number, y: number) => boolean, luma: number) {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (inside(x / width, y / height))
        frame[y * width + x] = luma + ((x * 7 + y * 13) % 3) + ((20 * x) / width) * (y / height);
}

/** A palm with four fingers that comes in from below within `frames`, blurred by its nearness into one tone. @param share of the width */
export const hand =
  (share: number, frames: number): Paint =>
  (frame, size, n) => {
    const come = Math.min(1, (n + 1) / frames);
    const [cx, cy] = [0.5, 1.5 - 0.95 * come];
    const isPalm = (x: number, y: number) => ((x - cx) / (share / 2)) ** 2 + ((y - cy) / 0.62) ** 2 < 1;
    const isFinger = (x: number, y: number) =>
      [-0.36, -0.12, 0.12, 0.36].some((at) => Math.abs(x - cx - at * share) < 0.09 * share && y > cy - 0.85 && y < cy);
    fill(frame, size, (x, y) => isPalm(x, y) || isFinger(x, y), 105);
  };

/** Paint from a can: drops that add up until, after `frames`, so much of the picture is gone. */
export const spray = (share: number, frames: number, seed = 5): Paint => {
  const random = new Random(seed);
  const drops = Array.from({ length: 900 }, () => ({
    x: random.next(),
    y: random.next(),
    r: random.between(0.02, 0.07),
  }));
  return (frame, size, n) => {
    const upTo = Math.ceil(drops.length * share * Math.min(1, (n + 1) / frames));
    const { width, height } = size;
    for (const { x, y, r } of drops.slice(0, upTo)) {
      const [cx, cy, radius] = [x * width, y * height, r * width];
      for (let row = Math.max(0, Math.ceil(cy - radius)); row < Math.min(height, cy + radius); row++) {
        const half = Math.sqrt(radius ** 2 - (row - cy) ** 2);
        const [left, right] = [Math.max(0, Math.round(cx - half)), Math.min(width, Math.round(cx + half))];
        frame.fill(70, row * width + left, row * width + Math.max(left, right));
      }
    }
  };
};

const GRAIN = (() => {
  const random = new Random(16);
  return Float32Array.from({ length: 65_536 }, () => random.normal());
})();

/** By sixteenths of a level: a day has a million frames, each with noise. */
const GRAINS = new Map<number, Int8Array>();

function grainOf(noise: number): Int8Array {
  const sixteenths = Math.round(16 * noise);
  let grain = GRAINS.get(sixteenths);
  if (!grain) {
    grain = Int8Array.from(GRAIN, (value) => (value * sixteenths) / 16);
    GRAINS.set(sixteenths, grain);
  }
  return grain;
}

/** Light by a factor, and a sensor's noise of so many levels. */
export function lit(frame: Uint8Array, gain: number, noise: number, n: number): void {
  const levels = Int16Array.from({ length: 256 }, (_, level) => 16 + (level - 16) * gain);
  const grain = grainOf(noise);
  const clamped = new Uint8ClampedArray(frame.buffer, frame.byteOffset, frame.length);
  let at = (n * 7919) & 65_535;
  for (let i = 0; i < clamped.length; i++) {
    at = (at + 1) & 65_535;
    clamped[i] = levels[clamped[i]!]! + grain[at]!;
  }
}

/** From day to night within `frames`: the light goes, and the gain of the sensor brings noise. */
export const nightfall =
  (to: number, frames: number): Paint =>
  (frame, _size, n) => {
    const gone = Math.min(1, n / frames);
    lit(frame, 1 - (1 - to) * gone, 1 + 5 * gone, n);
  };

/** The infrared lamp at the lens: bright in the middle, dark at the edges, noisy. What things look like in infrared is the filter's. */
export const lamp: Paint = (frame, { width, height }, n) => {
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const away = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2;
      frame[i] = Math.min(255, frame[i]! * (1.25 - away));
    }
  lit(frame, 1, 4, n);
};

/** Streaks of rain, others in each frame. */
export const rain =
  (streaks: number): Paint =>
  (frame, { width, height }, n) => {
    const random = new Random(n + 1);
    for (let i = 0; i < streaks; i++) {
      const [x, y] = [random.next() * width, random.next() * height];
      const length = random.between(8, 30);
      for (let step = 0; step < length; step++) {
        const [px, py] = [Math.round(x + step * 0.15), Math.round(y + step)];
        if (px >= width || py >= height) break;
        frame[py * width + px] = Math.min(255, frame[py * width + px]! + 45);
      }
    }
  };
