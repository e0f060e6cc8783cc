import type { ViewGuard } from '../../src/guard/view-guard.js';
import type { Size } from '../../src/zones/zone.js';
import { Random } from '../sign/random.js';
import { lumaFrames } from './clip.js';
import { lit, rain } from './paint.js';
import { guardOf, ZONES } from './watch.js';

/** A fixed camera's footage, shown again and again under another light. */
export interface Undisturbed {
  readonly name: string;
  readonly path: string;
  readonly filter: string;
}

export interface Watchfulness {
  readonly name: string;
  /** Of footage that was looked at, and of footage that there is. */
  readonly hours: number;
  readonly distinctSeconds: number;
  readonly withholds: number;
  readonly withheldSeconds: number;
  readonly details: readonly string[];
}

/** Pictures a second: as `vtest.mp4` has them. */
const RATE = 10;
const HOUR = 3600 * RATE;

/**
 * Shows a clip for hours: each pass joined to the next by a jump, daylight that goes down to a quarter and comes back every four hours, clouds
 * every minute or so, a sensor's noise that grows in the dark, and rain for a tenth of the time.
 */
export async function watchUndisturbed(
  { name, path, filter }: Undisturbed,
  size: Size,
  hours: number,
  seed: number,
): Promise<Watchfulness> {
  const frames: Buffer[] = [];
  for await (const frame of lumaFrames(path, size, `fps=${RATE},${filter}`)) frames.push(Buffer.from(frame));
  const guard: ViewGuard = guardOf(ZONES);
  const random = new Random(seed);
  const shown = Buffer.alloc(size.width * size.height);
  const drops = rain(250);
  let [cloud, rains, withholds, withheld] = [1, false, 0, 0];
  let last = 'steady';
  const details: string[] = [];
  for (let n = 0; n < hours * HOUR; n++) {
    if (n % (40 * RATE) === 0) {
      cloud = random.between(0.8, 1.15);
      rains = random.next() < 0.1;
    }
    const day = 0.625 + 0.375 * Math.cos((n / (4 * HOUR)) * 2 * Math.PI);
    shown.set(frames[n % frames.length]!);
    lit(shown, day * cloud, 1 + 4 * (1 - day), n);
    if (rains) drops(shown, size, n);
    const { kind, detail } = guard.look(
      { data: shown, stride: size.width },
      size.width,
      size.height,
      (n * 1000) / RATE,
    );
    if (kind !== 'steady') withheld++;
    if (kind !== 'steady' && last === 'steady') {
      withholds++;
      details.push(
        `${kind} after ${(n / HOUR).toFixed(2)} h, at ${((n % frames.length) / RATE).toFixed(1)} s of the clip: ${detail}`,
      );
    }
    last = kind;
  }
  return { name, hours, distinctSeconds: frames.length / RATE, withholds, withheldSeconds: withheld / RATE, details };
}
