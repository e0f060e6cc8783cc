import { distance, type Homography, type Point, project } from '../quad.js';

/** A point and where it is seen. */
export interface Pair {
  readonly from: Point;
  readonly to: Point;
}

/**
 * The projective map that takes each pair's `from` nearest to its `to`, by least squares on normalised coordinates (Hartley's direct
 * linear transformation with the last number 1). Null: fewer than four pairs, or they lie on lines.
 */
export function fitHomography(pairs: readonly Pair[]): Homography | null {
  if (pairs.length < 4) return null;
  const a = normaliser(pairs.map(({ from }) => from));
  const b = normaliser(pairs.map(({ to }) => to));
  if (!a || !b) return null;
  /** Normal equations `[8, 9]`. */
  const system = Array.from({ length: 8 }, () => new Float64Array(9));
  const add = (row: readonly number[], value: number) => {
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 8; j++) system[i]![j]! += row[i]! * row[j]!;
      system[i]![8]! += row[i]! * value;
    }
  };
  for (const { from, to } of pairs) {
    const [x, y] = [(from[0] - a.x) * a.scale, (from[1] - a.y) * a.scale];
    const [u, v] = [(to[0] - b.x) * b.scale, (to[1] - b.y) * b.scale];
    add([x, y, 1, 0, 0, 0, -u * x, -u * y], u);
    add([0, 0, 0, x, y, 1, -v * x, -v * y], v);
  }
  const h = solved(system);
  if (!h) return null;
  const there = [a.scale, 0, -a.scale * a.x, 0, a.scale, -a.scale * a.y, 0, 0, 1];
  const back = [1 / b.scale, 0, b.x, 0, 1 / b.scale, b.y, 0, 0, 1];
  const map = times(back, times([...h, 1], there));
  return Math.abs(map[8]!) < 1e-12 ? null : map.map((value) => value / map[8]!);
}

/** Tries of a consensus: with half of the pairs right, one in sixteen samples is. */
const TRIES = 300;
/** Rounds of fitting to what agrees. */
const ROUNDS = 3;

/**
 * The map that most pairs agree on (RANSAC), fitted to those; the same pairs give the same map.
 * @param tolerance px that a pair may be off
 * @param isPlausible whether a map can be at all: others are not counted
 */
export function agreedHomography(
  pairs: readonly Pair[],
  tolerance: number,
  isPlausible: (map: Homography) => boolean,
): { readonly map: Homography; readonly agreeing: readonly Pair[] } | null {
  if (pairs.length < 4) return null;
  let state = 1;
  const pick = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return pairs[Math.floor((state / 4_294_967_296) * pairs.length)]!;
  };
  const agreeingWith = (map: Homography) =>
    pairs.filter(({ from, to }) => distance(project(map, from[0], from[1]), to) <= tolerance);
  let best: { map: Homography; agreeing: Pair[] } | null = null;
  const consider = (map: Homography | null): void => {
    if (!map || !isPlausible(map)) return;
    const agreeing = agreeingWith(map);
    if (agreeing.length >= 4 && agreeing.length > (best?.agreeing.length ?? 0)) best = { map, agreeing };
  };
  for (let i = 0; i < TRIES; i++) consider(fitHomography([pick(), pick(), pick(), pick()]));
  for (let i = 0; i < ROUNDS && best; i++) consider(fitHomography((best as { agreeing: Pair[] }).agreeing));
  return best;
}

/** Takes points about their middle at a mean distance of one. */
function normaliser(points: readonly Point[]): { x: number; y: number; scale: number } | null {
  const x = points.reduce((sum, [px]) => sum + px, 0) / points.length;
  const y = points.reduce((sum, [, py]) => sum + py, 0) / points.length;
  const spread = points.reduce((sum, point) => sum + distance(point, [x, y]), 0) / points.length;
  return spread < 1e-9 ? null : { x, y, scale: 1 / spread };
}

function times(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [Math.floor(i / 3) * 3, i % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
}

/** Gauss and Jordan with pivots; null where the equations say too little. */
function solved(system: Float64Array[]): number[] | null {
  const size = system.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(system[row]![column]!) > Math.abs(system[pivot]![column]!)) pivot = row;
    if (Math.abs(system[pivot]![column]!) < 1e-9) return null;
    [system[column], system[pivot]] = [system[pivot]!, system[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = system[row]![column]! / system[column]![column]!;
      for (let i = column; i <= size; i++) system[row]![i]! -= factor * system[column]![i]!;
    }
  }
  return system.map((row, i) => row[size]! / row[i]!);
}
