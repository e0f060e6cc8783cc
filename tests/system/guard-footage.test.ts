import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lumaFrames, tampered } from '../../benchmarks/guard/clip.js';
import { AT, TAMPERS } from '../../benchmarks/guard/tampers.js';
import { watch, ZONES } from '../../benchmarks/guard/watch.js';

const FOLDER = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video');
const NAMES = ['vtest.mp4', 'bottles.mp4'];
const CLIPS = NAMES.map((name) => resolve(FOLDER, name));
const SIZE = { width: 640, height: 360 };
/** Defocus is confirmed over a second, a freeze over three, and covering takes its time; the mask lies where it should meanwhile. */
const PATIENCE: Readonly<Record<string, number>> = {
  'defocus, sigma 3 px': 30,
  'defocus, sigma 8 px': 30,
  'defocus, ramp to 6 px': 50,
  'covered by a hand': 8,
  'sprayed within a second': 25,
  'pan 20 % in 2 s': 8,
  frozen: 80,
};

describe.skipIf(!CLIPS.every((clip) => existsSync(clip)))('the guard on footage', () => {
  it.each(NAMES)('never withholds %s undisturbed, looped with a jump cut', async (name) => {
    const seen = await watch(lumaFrames(resolve(FOLDER, name), SIZE, 'null', ['-stream_loop', '1']), SIZE, ZONES);
    expect(seen).toMatchObject({ first: null, learned: true });
  });

  // Mirrored bottles on a plain wall look like bottles on a plain wall: only a view with more in it is held to two frames.
  it.each(TAMPERS.filter(({ mustTrip }) => mustTrip))('withholds after: $kind', async (tamper) => {
    const seen = await watch(tampered(CLIPS[0]!, SIZE, tamper, { other: CLIPS[1]! }), SIZE, ZONES);
    expect(seen.learned).toBe(true);
    expect(seen.first).toBeGreaterThanOrEqual(AT);
    expect(seen.first! - AT).toBeLessThanOrEqual(PATIENCE[tamper.kind] ?? 2);
  });

  it.each(TAMPERS.filter(({ mustTrip }) => mustTrip === false))('goes on through: $kind', async (tamper) => {
    for (const clip of CLIPS) {
      const seen = await watch(tampered(clip, SIZE, tamper), SIZE, ZONES);
      expect(seen).toMatchObject({ first: null, learned: true });
    }
  });
});
