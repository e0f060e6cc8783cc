import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../zones/zone.js';
import { area, centroid, containsPoint, findFlaw, isSimple } from './polygon.js';

const SQUARE: readonly Point[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];

/** Points on a grid of 32nds: exact in binary, and close enough to meet, touch and line up often. */
const gridPoint = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 32 }))
  .map(([x, y]): Point => [x / 32, y / 32]);
const outline = fc.array(gridPoint, { minLength: 3, maxLength: 9 });

/** A simple polygon by construction: points around a centre in the order of their angles. */
const starShaped = fc
  .array(fc.double({ min: 0.05, max: 0.45, noNaN: true }), { minLength: 5, maxLength: 24 })
  .map((radii) =>
    radii.map((radius, i): Point => {
      const angle = (i / radii.length) * 2 * Math.PI;
      return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)];
    }),
  );

describe('a polygon is simple', () => {
  it.each<[string, readonly Point[], ReturnType<typeof findFlaw>]>([
    ['a square', SQUARE, null],
    ['a square drawn the other way round', [...SQUARE].reverse(), null],
    [
      'an outline with a point in the middle of a straight edge',
      [
        [0, 0],
        [0.5, 0],
        [1, 0],
        [1, 1],
      ],
      null,
    ],
    [
      'a sliver one part in a thousand million wide',
      [
        [0, 0],
        [1, 1e-9],
        [0.5, 0.6e-9],
      ],
      null,
    ],
    [
      'two points',
      [
        [0, 0],
        [1, 1],
      ],
      { flaw: 'too-few-points', count: 2 },
    ],
    [
      'a point that is not a number',
      [
        [0, 0],
        [1, Number.NaN],
        [1, 1],
      ],
      { flaw: 'not-finite', point: 1 },
    ],
    ['the first point given again at the end', [...SQUARE, SQUARE[0]!], { flaw: 'repeated-point', points: [0, 4] }],
    [
      'points on one line',
      [
        [0, 0],
        [0.25, 0.25],
        [1, 1],
      ],
      { flaw: 'no-area' },
    ],
    [
      'a bow-tie',
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
      { flaw: 'crossing', edges: [0, 2] },
    ],
    [
      'a spike that runs back on itself',
      [
        [0, 0],
        [1, 0],
        [0.5, 0],
        [0.5, 1],
      ],
      { flaw: 'folded', point: 1, edges: [0, 1] },
    ],
    [
      'a first point on a later edge',
      [
        [0.5, 0],
        [1, 1],
        [1, 0],
        [0, 0],
        [0, 1],
      ],
      { flaw: 'touching', point: 0, edge: 2 },
    ],
    [
      'a point on a foreign edge',
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0.5, 0],
        [0, 1],
      ],
      { flaw: 'touching', point: 3, edge: 0 },
    ],
  ])('or not: %s', (_name, polygon, flaw) => {
    expect(findFlaw(polygon)).toEqual(flaw);
  });

  it('whenever its points go once around a centre', () => {
    fc.assert(fc.property(starShaped, (polygon) => isSimple(polygon)));
  });

  it('or not, whichever point is the first and whichever way it is drawn', () => {
    fc.assert(
      fc.property(outline, fc.nat(), (polygon, by) => {
        const shift = by % polygon.length;
        const shifted = [...polygon.slice(shift), ...polygon.slice(0, shift)];
        expect(isSimple(shifted)).toBe(isSimple(polygon));
        expect(isSimple([...polygon].reverse())).toBe(isSimple(polygon));
      }),
    );
  });

  it('exactly when its edges meet nowhere but at the points they share', () => {
    fc.assert(
      fc.property(outline, (polygon) => isSimple(polygon) === meetsNowhereElse(polygon)),
      { numRuns: 500 },
    );
  });
});

describe('area and centroid', () => {
  it('of a square are what everyone knows', () => {
    expect(area(SQUARE)).toBeCloseTo(0.16, 15);
    expect(centroid(SQUARE)[0]).toBeCloseTo(0.4, 15);
    expect(centroid(SQUARE)[1]).toBeCloseTo(0.4, 15);
  });

  it('of a sliver far from the origin keep their digits', () => {
    expect(
      area([
        [0.9, 0.9],
        [0.9 + 2 ** -20, 0.9],
        [0.9, 0.9 + 2 ** -20],
      ]),
    ).toBeCloseTo(2 ** -41, 24);
  });

  it('of points on one line are zero, and their mean', () => {
    const line: readonly Point[] = [
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ];
    expect(area(line)).toBe(0);
    expect(centroid(line)).toEqual([0.5, 0.5]);
  });

  it('do not depend on the first point nor on the direction', () => {
    fc.assert(
      fc.property(starShaped, (polygon) => {
        const turned = [...polygon.slice(2), ...polygon.slice(0, 2)].reverse();
        expect(area(turned)).toBeCloseTo(area(polygon), 12);
        expect(centroid(turned)[0]).toBeCloseTo(centroid(polygon)[0], 9);
        expect(centroid(turned)[1]).toBeCloseTo(centroid(polygon)[1], 9);
      }),
    );
  });
});

describe('a point is contained', () => {
  it('on every corner and edge, since the outline belongs to the zone', () => {
    for (const [x, y] of [...SQUARE, [0.4, 0.2], [0.6, 0.3]] as const) expect(containsPoint(SQUARE, [x, y])).toBe(true);
  });

  it('in both lobes of a bow-tie, and in the doubly wound middle of a pentagram', () => {
    const bowTie: readonly Point[] = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ];
    expect(containsPoint(bowTie, [0.9, 0.5])).toBe(true);
    expect(containsPoint(bowTie, [0.1, 0.5])).toBe(true);
    expect(containsPoint(bowTie, [0.5, 0.1])).toBe(false);
    const pentagram = [0, 2, 4, 1, 3].map(
      (i): Point => [Math.cos((i * 2 * Math.PI) / 5), Math.sin((i * 2 * Math.PI) / 5)],
    );
    expect(containsPoint(pentagram, [0, 0])).toBe(true);
  });

  it('exactly where a fan of triangles around the centre of a star contains it', () => {
    fc.assert(
      fc.property(
        starShaped,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (star, x, y) => {
          const inFan = star.some((a, i) => inTriangle([0.5, 0.5], a, star[(i + 1) % star.length]!, [x, y]));
          expect(containsPoint(star, [x, y])).toBe(inFan);
        },
      ),
    );
  });
});

/** Brute force on 32nds: exact integers, another formula than the one under test. */
function meetsNowhereElse(polygon: readonly Point[]): boolean {
  const points = polygon.map(([x, y]) => [Math.round(x * 32), Math.round(y * 32)] as const);
  const edges = points.map((a, i) => [a, points[(i + 1) % points.length]!] as const);
  if (edges.some(([a, b]) => a[0] === b[0] && a[1] === b[1])) return false;
  for (let i = 0; i < edges.length; i++) {
    for (let j = i + 1; j < edges.length; j++) {
      const [[a, b], [c, d]] = [edges[i]!, edges[j]!];
      const shared = [...(j === i + 1 ? [b] : []), ...(i === 0 && j === edges.length - 1 ? [a] : [])];
      if (meetBeside(a, b, c, d, shared)) return false;
    }
  }
  return points.some((point) => cross(points[0]!, points[1]!, point) !== 0);
}

type Whole = readonly [number, number];
const cross = (a: Whole, b: Whole, c: Whole) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const dot = (a: Whole, b: Whole, c: Whole) => (b[0] - a[0]) * (c[0] - a[0]) + (b[1] - a[1]) * (c[1] - a[1]);

/** Whether segments ab and cd have a common point other than `shared`. */
function meetBeside(a: Whole, b: Whole, c: Whole, d: Whole, shared: readonly Whole[]): boolean {
  const denominator = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
  if (denominator !== 0) {
    const t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / denominator;
    const u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / denominator;
    return t >= 0 && t <= 1 && u >= 0 && u <= 1 && shared.length === 0;
  }
  if (cross(a, b, c) !== 0) return false;
  const along = (p: Whole) => dot(a, b, p);
  const [from, to] = [Math.min(along(c), along(d)), Math.max(along(c), along(d))];
  const overlap = Math.min(along(b), to) - Math.max(0, from);
  return overlap > 0 || (overlap === 0 && shared.length === 0);
}

function inTriangle(a: Point, b: Point, c: Point, p: Point): boolean {
  const sides = [cross(a, b, p), cross(b, c, p), cross(c, a, p)];
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
