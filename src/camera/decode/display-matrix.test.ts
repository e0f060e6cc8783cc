import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Orientation, orientationOf } from './display-matrix.js';

/** A display matrix as FFmpeg hands it over. */
function matrixOf(a: number, b: number, c: number, d: number): Buffer {
  const matrix = Buffer.alloc(36);
  for (const [index, value] of [a, b, 0, c, d, 0].entries()) matrix.writeInt32LE(Math.round(value), index * 4);
  matrix.writeInt32LE(1 << 30, 32);
  return matrix;
}

const ONE = 0x10000;

/** The eight ways in which a rectangle can come to lie on itself, or on its side. */
const ORIENTATIONS: readonly (readonly [Orientation, a: number, b: number, c: number, d: number])[] = [
  ['upright', 1, 0, 0, 1],
  ['mirror', -1, 0, 0, 1],
  ['half-turn', -1, 0, 0, -1],
  ['flip', 1, 0, 0, -1],
  ['transpose', 0, 1, 1, 0],
  ['turn-right', 0, 1, -1, 0],
  ['transverse', 0, -1, -1, 0],
  ['turn-left', 0, -1, 1, 0],
];

describe('what a display matrix asks for', () => {
  it.each(ORIENTATIONS)('%s', (orientation, a, b, c, d) => {
    expect(orientationOf(matrixOf(a * ONE, b * ONE, c * ONE, d * ONE))).toBe(orientation);
  });

  it('is the same whatever it is scaled by, and where it was computed by sine and cosine', () => {
    const quarter = fc.constantFrom(...ORIENTATIONS);
    const scale = fc.double({ min: 0.01, max: 100, noNaN: true });
    const rounding = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(quarter, scale, rounding, ([orientation, a, b, c, d], by, off) => {
        const entry = (value: number): number => value * ONE * by + off;
        expect(orientationOf(matrixOf(entry(a), entry(b), entry(c), entry(d)))).toBe(orientation);
      }),
    );
  });

  it('is nothing that zones could be placed on where it is at an angle', () => {
    const degrees = fc.integer({ min: 1, max: 359 }).filter((angle) => angle % 90 !== 0);
    fc.assert(
      fc.property(degrees, (angle) => {
        const [cos, sin] = [Math.cos((angle * Math.PI) / 180) * ONE, Math.sin((angle * Math.PI) / 180) * ONE];
        expect(orientationOf(matrixOf(cos, sin, -sin, cos))).toBe(null);
      }),
    );
  });

  it('is nothing where the matrix is empty, sheared or cut short', () => {
    expect(orientationOf(matrixOf(0, 0, 0, 0))).toBe(null);
    expect(orientationOf(matrixOf(ONE, ONE, 0, ONE))).toBe(null);
    expect(orientationOf(matrixOf(ONE, 0, 0, ONE).subarray(0, 35))).toBe(null);
  });
});
