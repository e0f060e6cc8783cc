import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangle } from '../quad.js';
import { BITS, difference, findKeypoints, WORDS } from './keypoints.js';
import { lumaOf, lumaWithin, smoothed } from './luma.js';
import { board, hang, scene } from './photo.fixture.js';

describe('keypoints', () => {
  it('move with what they lie on, and look the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (seed, dx, dy) => {
          const picture = scene(seed, 300, 240);
          const whole = findKeypoints(smoothed(lumaOf(picture)), 5000);
          const part = findKeypoints(smoothed(lumaWithin(picture, [dx, dy, dx + 240, dy + 180], 240, 180)), 5000);
          const at = new Map(Array.from({ length: whole.count }, (_, i) => [`${whole.x[i]},${whole.y[i]}`, i]));
          let inner = 0;
          let same = 0;
          for (let i = 0; i < part.count; i++) {
            const [x, y] = [part.x[i]!, part.y[i]!];
            if (x < 20 || y < 20 || x > 220 || y > 160) continue;
            inner++;
            const there = at.get(`${x + dx},${y + dy}`);
            if (
              there !== undefined &&
              difference(part.descriptors, i * WORDS, whole.descriptors, there * WORDS, BITS) === 0
            )
              same++;
          }
          expect(inner).toBeGreaterThan(5);
          // Where more lie in one square than are kept, the squares' edges decide which.
          expect(same / inner).toBeGreaterThan(0.8);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('do not change with the light', () => {
    const points = [1, 0.6].map((light) => {
      const picture = { width: 400, height: 200, data: new Uint8Array(400 * 200 * 3).fill(90 * light) };
      hang(picture, board(3), rectangle(20, 20, 360, 144), light);
      return findKeypoints(smoothed(lumaOf(picture)), 500);
    });
    const [bright, dim] = points as [(typeof points)[0], (typeof points)[0]];
    expect(dim.count).toBeGreaterThan(0.9 * bright.count);
    const bits = Array.from({ length: dim.count }, (_, i) =>
      Math.min(
        ...Array.from({ length: bright.count }, (_, j) =>
          difference(dim.descriptors, i * WORDS, bright.descriptors, j * WORDS, BITS),
        ),
      ),
    ).sort((a, b) => a - b);
    expect(bits[Math.floor(bits.length / 2)]).toBeLessThan(16);
  });

  it('are none on an even board, and no more than asked for', () => {
    expect(findKeypoints({ width: 80, height: 60, data: new Uint8Array(4800).fill(99) }, 100).count).toBe(0);
    expect(findKeypoints(smoothed(lumaOf(scene(1))), 25).count).toBe(25);
  });

  it('differ by the bits that differ', () => {
    const words = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: WORDS, maxLength: WORDS });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const ones = a.reduce(
          (sum, word, i) => sum + [...((word ^ b[i]!) >>> 0).toString(2)].filter((c) => c === '1').length,
          0,
        );
        expect(difference(Uint32Array.from(a), 0, Uint32Array.from(b), 0, BITS + 1)).toBe(ones);
      }),
    );
  });
});
