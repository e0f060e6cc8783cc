import type { Point } from './zone.js';

type Polygon = readonly Point[];

/** A side of a polygon, from its upper end (smaller y) to its lower one. */
interface Side {
  readonly polygon: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
  /** Change of x per unit of y. */
  readonly slope: number;
}

/** Sides looked at, all slabs together: tens of milliseconds. Sixteen zones of a dozen corners that all cross each other need less. */
const MAX_STEPS = 2_000_000;

/**
 * How much of `polygon` no polygon of `cover` covers, in units of the plane (of the picture, for normalised points). All are simple.
 * Null where there are too many crossings to find out.
 *
 * Exact but for the rounding of doubles, so it holds at every picture size: the plane is cut into horizontal slabs at each
 * corner and at each crossing of two sides. Inside a slab no sides cross, the uncovered width is a linear function of y,
 * and its value half-way times the slab's height is the area (the trapezoidal decomposition of de Berg et al.,
 * "Computational Geometry", chapter 6, here only summed up).
 */
export const uncoveredArea = (polygon: Polygon, cover: readonly Polygon[]): number | null => {
  const [top, bottom] = extent(polygon, 1);
  const [left, right] = extent(polygon, 0);
  const near = cover.filter((other) => {
    const [otherTop, otherBottom] = extent(other, 1);
    const [otherLeft, otherRight] = extent(other, 0);
    return otherTop < bottom && otherBottom > top && otherLeft < right && otherRight > left;
  });
  const polygons = [polygon, ...near];
  const sides = polygons.flatMap(sidesOf);
  if (sides.length ** 2 > MAX_STEPS) return null;
  const levels = [...new Set([...sides.flatMap((side) => [side.top, side.bottom]), ...crossings(sides)])]
    .filter((y) => y >= top && y <= bottom)
    .sort((a, b) => a - b);
  if (levels.length * sides.length > MAX_STEPS) return null;
  let area = 0;
  for (let i = 1; i < levels.length; i++) {
    const middle = (levels[i - 1]! + levels[i]!) / 2;
    area += uncoveredWidth(sides, polygons.length, middle) * (levels[i]! - levels[i - 1]!);
  }
  return area;
};

/** Along the line at `y`: how much of polygon 0 no other polygon covers. */
const uncoveredWidth = (sides: readonly Side[], polygons: number, y: number): number => {
  const crossed = sides
    .filter((side) => side.top < y && y < side.bottom)
    .map((side) => ({ polygon: side.polygon, x: side.x + (y - side.top) * side.slope }))
    .sort((a, b) => a.x - b.x);
  const inside = new Uint8Array(polygons);
  let [covering, from, width] = [0, 0, 0];
  for (const { polygon, x } of crossed) {
    if (inside[0] === 1 && covering === 0) width += x - from;
    inside[polygon]! ^= 1;
    if (polygon > 0) covering += inside[polygon] === 1 ? 1 : -1;
    from = x;
  }
  return width;
};

const sidesOf = (points: Polygon, polygon: number): Side[] =>
  points.flatMap((a, index) => {
    const b = points[(index + 1) % points.length]!;
    if (a[1] === b[1]) return []; // a level side bounds a slab and crosses none
    const [upper, lower] = a[1] < b[1] ? [a, b] : [b, a];
    const slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
    return [{ polygon, top: upper[1], bottom: lower[1], x: upper[0], slope }];
  });

/** The heights at which two sides cross, each between the ends of both. */
const crossings = (sides: readonly Side[]): number[] => {
  const heights: number[] = [];
  for (const [index, a] of sides.entries()) {
    for (let other = index + 1; other < sides.length; other++) {
      const b = sides[other]!;
      if (a.top >= b.bottom || b.top >= a.bottom || a.slope === b.slope) continue;
      const y = (b.x - b.top * b.slope - (a.x - a.top * a.slope)) / (a.slope - b.slope);
      if (y > Math.max(a.top, b.top) && y < Math.min(a.bottom, b.bottom)) heights.push(y);
    }
  }
  return heights;
};

const extent = (points: Polygon, axis: 0 | 1): readonly [least: number, most: number] => [
  Math.min(...points.map((point) => point[axis])),
  Math.max(...points.map((point) => point[axis])),
];
