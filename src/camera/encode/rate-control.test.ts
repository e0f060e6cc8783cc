import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_HZ } from '../../rtsp/published-stream.js';
import { COARSEST_QP, FINEST_QP, RateControl } from './rate-control.js';

const FPS = 25;
const STEP = CLOCK_HZ / FPS;
const GROUP = 2 * CLOCK_HZ;

/** An encoder whose pictures take `bytes` at quantiser 26, keyframes ten times that, halved by six steps. */
const sizeOf = (bytes: number, keyframe: boolean, qp: number) =>
  Math.round(bytes * (keyframe ? 10 : 1) * 2 ** ((26 - qp) / 6));

/** Plays a scene. Returns the rate of its last ten seconds, bits/s, and how many keyframes it had. */
function play(control: RateControl, bytes: (second: number) => number, seconds: number) {
  let keyAt = Number.NEGATIVE_INFINITY;
  let qp = control.qp;
  let bits = 0;
  let keyframes = 0;
  for (let at = 0; at < seconds * CLOCK_HZ; at += STEP) {
    const isDue = at - keyAt >= GROUP;
    if (isDue && at > 0) control.endGroup();
    const keyframe = isDue || control.mustEndGroup();
    if (keyframe) {
      qp = control.qp;
      keyAt = at;
      keyframes++;
    }
    const size = sizeOf(bytes(at / CLOCK_HZ), keyframe, qp);
    control.count(size, keyframe, at);
    if (at >= (seconds - 10) * CLOCK_HZ) bits += size * 8;
  }
  return { rate: bits / 10, keyframes, qp };
}

describe('RateControl', () => {
  it('brings any scene under its bound, or to the coarsest quantiser, and leaves none far under it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 400_000 }),
        fc.integer({ min: 200_000, max: 16_000_000 }),
        (bytes, bound) => {
          const { rate, qp } = play(new RateControl(bound, GROUP), () => bytes, 60);
          if (qp < COARSEST_QP) expect(rate).toBeLessThanOrEqual(bound * 1.1);
          if (qp > FINEST_QP) expect(rate).toBeGreaterThanOrEqual(bound * 0.45);
        },
      ),
    );
  });

  it('settles: a scene that stays as it is gets no keyframe but those that are due', () => {
    const control = new RateControl(4_000_000, GROUP);
    play(control, () => 40_000, 30);
    expect(play(control, () => 40_000, 30).keyframes).toBe(15);
  });

  it('ends a group early when the scene bursts, and comes back afterwards', () => {
    const control = new RateControl(4_000_000, GROUP);
    const before = play(control, () => 10_000, 20).qp;
    const burst = play(control, (second) => (second < 1 ? 10_000 : 100_000), 11);
    expect(burst.keyframes).toBeGreaterThan(6);
    expect(burst.qp).toBeGreaterThan(before);
    expect(play(control, () => 10_000, 30).qp).toBeLessThanOrEqual(before + 1);
  });

  it('spends no more on a still scene than can be seen', () => {
    expect(play(new RateControl(16_000_000, GROUP), () => 500, 60).qp).toBe(FINEST_QP);
  });
});
