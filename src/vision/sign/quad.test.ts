import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUnitSquare, part, project, type Quad, rectangle, warp } from './quad.js';

const SEEN: Quad = [
  [10, 12],
  [70, 20],
  [66, 52],
  [8, 58],
];

describe('a map from the unit square', () => {
  it('takes its corners to those of the quad, in perspective', () => {
    const near = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(fc.array(near, { minLength: 8, maxLength: 8 }), (by) => {
        const quad = SEEN.map(([x, y], i) => [x + by[2 * i]!, y + by[2 * i + 1]!]) as unknown as Quad;
        const map = fromUnitSquare(quad);
        const corners = [project(map, 0, 0), project(map, 1, 0), project(map, 1, 1), project(map, 0, 1)];
        corners.forEach(([x, y], i) => {
          expect(x).toBeCloseTo(quad[i]![0], 6);
          expect(y).toBeCloseTo(quad[i]![1], 6);
        });
      }),
    );
  });

  it('cuts a quad into parts that share their corners', () => {
    const left = part(SEEN, 0, 0, 0.5, 1);
    const right = part(SEEN, 0.5, 0, 1, 1);
    expect(left[1]).toEqual(right[0]);
    expect(left[2]).toEqual(right[3]);
  });
});

describe('drawing a quad upright', () => {
  const mean = [0, 0, 0] as const;
  const std = [1, 1, 1] as const;

  it('copies a rectangle pixel by pixel, as planes of blue, green and red', () => {
    const data = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 7) % 256);
    const planes = { data: new Float32Array(3 * 2 * 3), width: 3, height: 2, stride: 3, left: 0, mean, std };
    warp({ width: 8, height: 6, data }, rectangle(2, 1, 3, 2), planes);
    for (let y = 0; y < 2; y++) {
      for (let x = 0; x < 3; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const expected = data[((y + 1) * 8 + x + 2) * 3 + 2 - channel]!;
          expect(planes.data[channel * 6 + y * 3 + x]).toBeCloseTo(expected, 3);
        }
      }
    }
  });

  it('averages what it shrinks, and takes the nearest pixel where the quad leaves the picture', () => {
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : 200));
    const planes = { data: new Float32Array(3 * 16), width: 4, height: 4, stride: 4, left: 0, mean, std };
    warp({ width: 64, height: 64, data }, rectangle(0, 0, 16, 16), planes);
    for (const value of planes.data) expect(value).toBeCloseTo(100, -1);
    warp({ width: 64, height: 64, data }, rectangle(-40, -40, 16, 16), planes);
    for (const value of planes.data) expect(value).toBeCloseTo(0, 3);
  });
});
