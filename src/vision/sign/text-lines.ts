import type { Point, Quad } from './quad.js';

/** Text where the detector's probability is above this; the value its authors trained and published it with. */
const TEXT = 0.3;
/** A line's mean probability; below it is texture. Lower than the usual 0.6: what is read is checked against words anyway. */
const LEAST_SCORE = 0.45;
/** The detector was taught lines shrunk by this ratio of area to circumference. */
const UNCLIP = 1.5;
/** Map pixels: a shorter side below this cannot be read at any size. */
const LEAST_SIDE = 3;

/** A line of text that a detector marked. */
export interface TextLine {
  /** On the detector's map, px. */
  readonly quad: Quad;
  /** Mean probability, 0 to 1. */
  readonly score: number;
}

/**
 * Lines of text on a map of probabilities (differentiable binarisation, https://arxiv.org/abs/1911.08947): connected areas, the
 * smallest rectangle around each, grown by what training had shrunk it.
 * @param map `[height, width]`, 0 to 1
 */
export function findTextLines(map: Float32Array, width: number, height: number): TextLine[] {
  const seen = new Uint8Array(width * height);
  const stack: number[] = [];
  const lines: TextLine[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || map[start]! <= TEXT) continue;
    seen[start] = 1;
    stack.push(start);
    let sum = 0;
    let count = 0;
    /** Leftmost and rightmost pixel of each row: all that a hull needs. */
    const extent = new Map<number, [number, number]>();
    while (stack.length > 0) {
      const at = stack.pop()!;
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += map[at]!;
      count++;
      const row = extent.get(y);
      if (!row) extent.set(y, [x, x]);
      else if (x < row[0]) row[0] = x;
      else if (x > row[1]) row[1] = x;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (seen[next] || map[next]! <= TEXT) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    const score = sum / count;
    if (score < LEAST_SCORE) continue;
    const points: Point[] = [];
    for (const [y, [left, right]] of extent) points.push([left, y], [right + 1, y], [left, y + 1], [right + 1, y + 1]);
    const box = smallestRectangle(points);
    if (Math.min(box.width, box.height) < LEAST_SIDE) continue;
    lines.push({ quad: reading(grown(box)), score });
  }
  return lines;
}

interface TurnedBox {
  readonly x: number;
  readonly y: number;
  /** Along `angle`. */
  readonly width: number;
  readonly height: number;
  /** Radians. */
  readonly angle: number;
}

/** Of all rectangles around the points the one of least area: it lies along one edge of their hull. */
export function smallestRectangle(points: readonly Point[]): TurnedBox {
  const outline = hull(points);
  let best: TurnedBox | null = null;
  for (let i = 0; i < outline.length; i++) {
    const [a, b] = [outline[i]!, outline[(i + 1) % outline.length]!];
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of outline) {
      const u = x * cos + y * sin;
      const v = y * cos - x * sin;
      left = Math.min(left, u);
      right = Math.max(right, u);
      top = Math.min(top, v);
      bottom = Math.max(bottom, v);
    }
    const [width, height] = [right - left, bottom - top];
    if (best && best.width * best.height <= width * height) continue;
    const [u, v] = [(left + right) / 2, (top + bottom) / 2];
    best = { x: u * cos - v * sin, y: u * sin + v * cos, width, height, angle };
  }
  return best!;
}

/** Convex hull, counted clockwise on the screen (Andrew's monotone chain). */
function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: Iterable<Point>): Point[] => {
    const chain: Point[] = [];
    for (const point of from) {
      while (chain.length > 1 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function grown(box: TurnedBox): TurnedBox {
  const by = (box.width * box.height * UNCLIP) / (2 * (box.width + box.height));
  return { ...box, width: box.width + 2 * by, height: box.height + 2 * by };
}

/** Corners in reading order: signs hang upright, so the text's upper edge is the one nearest to level and above. */
function reading({ x, y, width, height, angle }: TurnedBox): Quad {
  let turned = angle;
  let [along, across] = [width, height];
  // Of the four ways to name the same rectangle, the one whose first side points right most.
  while (turned > Math.PI / 4) {
    turned -= Math.PI / 2;
    [along, across] = [across, along];
  }
  while (turned <= -Math.PI / 4) {
    turned += Math.PI / 2;
    [along, across] = [across, along];
  }
  const [cos, sin] = [Math.cos(turned) / 2, Math.sin(turned) / 2];
  const corner = (u: number, v: number): Point => [
    x + u * along * cos - v * across * sin,
    y + u * along * sin + v * across * cos,
  ];
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}
