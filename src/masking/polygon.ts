/**
 * Polygons as pure geometry: is one simple, and if not where it fails; its area, its centroid, what it contains.
 *
 * Any unit will do (zones use points normalised to [0, 1]). Orientation tests are exact (Shewchuk 1997, "Adaptive Precision
 * Floating-Point Arithmetic and Fast Robust Geometric Predicates"), so slivers and near-misses are decided, not guessed.
 */
import { orient2d } from 'robust-predicates';
import type { Point } from '../zones/zone.js';

/**
 * What keeps a polygon from being simple. Points are named by their index; edge `i` runs from point `i` to the next one, the
 * last back to point 0.
 */
export type PolygonFlaw =
  | { readonly flaw: 'too-few-points'; readonly count: number }
  | { readonly flaw: 'not-finite'; readonly point: number }
  | { readonly flaw: 'repeated-point'; readonly points: readonly [number, number] }
  /** All points lie on one line. */
  | { readonly flaw: 'no-area' }
  /** The outline turns back on itself at this point: its two edges overlap. */
  | { readonly flaw: 'folded'; readonly point: number; readonly edges: readonly [number, number] }
  /** A point lies on an edge that it does not belong to. */
  | { readonly flaw: 'touching'; readonly point: number; readonly edge: number }
  | { readonly flaw: 'crossing'; readonly edges: readonly [number, number] };

/** Whether the outline neither crosses nor touches itself and encloses an area. */
export const isSimple = (polygon: readonly Point[]): boolean => findFlaw(polygon) === null;

/** The first thing that keeps `polygon` from being simple, or null. Takes O(n^2) for n points. */
export function findFlaw(polygon: readonly Point[]): PolygonFlaw | null {
  const count = polygon.length;
  if (count < 3) return { flaw: 'too-few-points', count };
  const broken = polygon.findIndex(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
  if (broken >= 0) return { flaw: 'not-finite', point: broken };
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      if (same(polygon[i]!, polygon[j]!)) return { flaw: 'repeated-point', points: [i, j] };
    }
  }
  if (polygon.every((point) => turn(polygon[0]!, polygon[1]!, point) === 0)) return { flaw: 'no-area' };
  for (let i = 0; i < count; i++) {
    const previous = (i + count - 1) % count;
    const [a, b, c] = [polygon[previous]!, polygon[i]!, polygon[(i + 1) % count]!];
    if (turn(a, b, c) === 0 && !isBetween(a, b, c)) return { flaw: 'folded', point: i, edges: [previous, i] };
  }
  return findContact(polygon);
}

/**
 * A point on a foreign edge, or two edges that cross. Of each pair of edges only the starting points are tried: an end is
 * the start of another edge, and on an edge next to its own it would be a fold.
 */
function findContact(polygon: readonly Point[]): PolygonFlaw | null {
  const count = polygon.length;
  for (let i = 0; i < count; i++) {
    const [a, b] = [polygon[i]!, polygon[(i + 1) % count]!];
    for (let j = i + 2; j < count; j++) {
      if ((j + 1) % count === i) continue;
      const [c, d] = [polygon[j]!, polygon[(j + 1) % count]!];
      const [abc, abd] = [turn(a, b, c), turn(a, b, d)];
      const [cda, cdb] = [turn(c, d, a), turn(c, d, b)];
      if (abc * abd < 0 && cda * cdb < 0) return { flaw: 'crossing', edges: [i, j] };
      if (abc === 0 && isBetween(a, c, b)) return { flaw: 'touching', point: j, edge: i };
      if (cda === 0 && isBetween(c, a, d)) return { flaw: 'touching', point: i, edge: j };
    }
  }
  return null;
}

/** The enclosed area, in squared units (the shoelace formula, taken relative to the first point so that slivers keep digits). */
export function area(polygon: readonly Point[]): number {
  return Math.abs(signedArea(polygon));
}

/** The centre of the enclosed area; of the points where there is no area. */
export function centroid(polygon: readonly Point[]): Point {
  const [ox, oy] = polygon[0] ?? [0, 0];
  let [sumX, sumY, weight] = [0, 0, 0];
  for (let i = 1; i + 1 < polygon.length; i++) {
    const [bx, by] = [polygon[i]![0] - ox, polygon[i]![1] - oy];
    const [cx, cy] = [polygon[i + 1]![0] - ox, polygon[i + 1]![1] - oy];
    const cross = bx * cy - cx * by;
    sumX += cross * (bx + cx);
    sumY += cross * (by + cy);
    weight += 3 * cross;
  }
  if (weight !== 0) return [ox + sumX / weight, oy + sumY / weight];
  const mean = (axis: 0 | 1) => polygon.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, polygon.length);
  return [mean(0), mean(1)];
}

/**
 * Whether `point` lies inside or on the outline. Of an outline that crosses itself every enclosed part counts (non-zero
 * winding): where in doubt, more is masked.
 */
export function containsPoint(polygon: readonly Point[], point: Point): boolean {
  let winding = 0;
  for (let i = 0; i < polygon.length; i++) {
    const [a, b] = [polygon[i]!, polygon[(i + 1) % polygon.length]!];
    const side = turn(a, b, point);
    if (side === 0 && isBetween(a, point, b)) return true;
    if (a[1] <= point[1]) {
      if (b[1] > point[1] && side > 0) winding++;
    } else if (b[1] <= point[1] && side < 0) winding--;
  }
  return winding !== 0;
}

function signedArea(polygon: readonly Point[]): number {
  const [ox, oy] = polygon[0] ?? [0, 0];
  let doubled = 0;
  for (let i = 1; i + 1 < polygon.length; i++) {
    const [bx, by] = polygon[i]!;
    const [cx, cy] = polygon[i + 1]!;
    doubled += (bx - ox) * (cy - oy) - (cx - ox) * (by - oy);
  }
  return doubled / 2;
}

const same = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

/** The sign of the turn a -> b -> c, exact: 1 and -1 for the two sides, 0 on the line. */
const turn = (a: Point, b: Point, c: Point): number => -Math.sign(orient2d(a[0], a[1], b[0], b[1], c[0], c[1]));

/** Whether `b`, known to lie on the line through `a` and `c`, lies between them (ends included). */
const isBetween = (a: Point, b: Point, c: Point): boolean =>
  Math.min(a[0], c[0]) <= b[0] &&
  b[0] <= Math.max(a[0], c[0]) &&
  Math.min(a[1], c[1]) <= b[1] &&
  b[1] <= Math.max(a[1], c[1]);
