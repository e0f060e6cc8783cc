import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, fromUnitSquare, type Point, project, type Quad } from '../quad.js';
import { agreedHomography, fitHomography, type Pair } from './homography.js';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** A board's corners somewhere in a picture, none of them folded over. */
const quads = fc
  .tuple(
    number(100, 400),
    number(80, 300),
    number(60, 400),
    number(40, 200),
    fc.array(number(-0.12, 0.12), { minLength: 8, maxLength: 8 }),
  )
  .map(([x, y, w, h, off]): Quad => {
    const corner = (i: number, u: number, v: number): Point => [
      x + w * (u + off[2 * i]!),
      y + h * (v + off[2 * i + 1]!),
    ];
    return [corner(0, 0, 0), corner(1, 1, 0), corner(2, 1, 1), corner(3, 0, 1)];
  });
const points = fc.array(fc.tuple(number(0.02, 0.98), number(0.02, 0.98)), { minLength: 16, maxLength: 40 });
const any = () => true;

/** Pairs that a map makes, on a board of the unit square. */
const pairsOf = (quad: Quad, on: readonly Point[]): Pair[] =>
  on.map((from) => ({ from, to: project(fromUnitSquare(quad), from[0], from[1]) }));

const CORNERS: readonly Point[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

describe('a homography', () => {
  it('is fitted to what it made, wherever the points lie', () => {
    fc.assert(
      fc.property(quads, points, (quad, on) => {
        const map = fitHomography(pairsOf(quad, [...on, ...CORNERS]))!;
        for (const [i, [u, v]] of CORNERS.entries()) expect(distance(project(map, u, v), quad[i]!)).toBeLessThan(1e-3);
      }),
    );
  });

  it('cannot be fitted to three pairs, nor to points on one line', () => {
    const quad: Quad = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    expect(fitHomography(pairsOf(quad, CORNERS.slice(0, 3)))).toBeNull();
    expect(
      fitHomography(
        pairsOf(
          quad,
          [0.1, 0.2, 0.3, 0.6, 0.9].map((t): Point => [t, t]),
        ),
      ),
    ).toBeNull();
  });

  it('is found where a third of the pairs say something else, and the same each time', () => {
    fc.assert(
      fc.property(quads, fc.nat(), (quad, seed) => {
        let state = seed;
        const next = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 4_294_967_296;
        };
        const on = [
          ...CORNERS,
          ...Array.from({ length: 26 }, (_, i): Point => [((i * 7) % 26) / 26, ((i * 11) % 26) / 26]),
        ];
        const pairs = pairsOf(quad, on).map(({ from, to }, i): Pair => {
          // A wrong match lies anywhere, the right ones up to a third of a pixel off.
          if (i % 3 === 2 && i >= 4) return { from, to: [next() * 640, next() * 360] };
          return { from, to: [to[0] + (next() - 0.5) * 0.6, to[1] + (next() - 0.5) * 0.6] };
        });
        const found = agreedHomography(pairs, 3, any)!;
        expect(found.agreeing.length).toBeGreaterThanOrEqual(20);
        for (const [i, [u, v]] of CORNERS.entries())
          expect(distance(project(found.map, u, v), quad[i]!)).toBeLessThan(4);
        expect(agreedHomography(pairs, 3, any)!.map).toEqual(found.map);
      }),
      { numRuns: 40 },
    );
  });

  it('is never one that cannot be', () => {
    const quad: Quad = [
      [0, 0],
      [90, 4],
      [88, 60],
      [2, 50],
    ];
    expect(agreedHomography(pairsOf(quad, [...CORNERS, [0.4, 0.7], [0.2, 0.5]]), 2, () => false)).toBeNull();
  });
});
