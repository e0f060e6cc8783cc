import type { Point, ZoneSet } from '../zones/zone.js';

/**
 * A similarity transform of the picture about its middle, in units of its width: `p' = zoom * R(turn) * p + (dx, dy)`. Where
 * what was at `p` is seen now.
 */
export interface Similarity {
  /** Widths of the picture, to the right. */
  readonly dx: number;
  /** Widths of the picture, down. */
  readonly dy: number;
  /** Radians, clockwise as seen. */
  readonly turn: number;
  readonly zoom: number;
}

export const IDENTITY: Similarity = { dx: 0, dy: 0, turn: 0, zoom: 1 };

/** Where a transform takes a point of the picture. @param shape height of the picture over its width */
export function moved({ dx, dy, turn, zoom }: Similarity, [px, py]: Point, shape: number): Point {
  const x = px - 0.5;
  const y = (py - 0.5) * shape;
  const c = zoom * Math.cos(turn);
  const s = zoom * Math.sin(turn);
  return [c * x - s * y + dx + 0.5, (s * x + c * y + dy) / shape + 0.5];
}

/** The most that two transforms differ by at any vertex of a masked zone, in widths of the picture; 0 without zones. */
export const worstDistance = (a: Similarity, b: Similarity, zones: ZoneSet, shape: number): number =>
  zones
    .filter(({ action }) => action === 'mask')
    .flatMap(({ polygon }) => polygon)
    .reduce((worst, vertex) => {
      const [ax, ay] = moved(a, vertex, shape);
      const [bx, by] = moved(b, vertex, shape);
      return Math.max(worst, Math.hypot(ax - bx, (ay - by) * shape));
    }, 0);

/** How far a transform moves a point, in widths of the picture. */
export function displacement(transform: Similarity, point: Point, shape: number): number {
  const [x, y] = moved(transform, point, shape);
  return Math.hypot(x - point[0], (y - point[1]) * shape);
}

/** The most that any vertex of a masked zone is moved, in widths of the picture; 0 without zones. */
export const worstDisplacement = (transform: Similarity, zones: ZoneSet, shape: number): number =>
  worstDistance(transform, IDENTITY, zones, shape);

/** `shifted by 3.1 %, turned by 2.0°, zoomed by 1.05`: what a person reads. */
export function describe({ dx, dy, turn, zoom }: Similarity): string {
  const parts: string[] = [];
  const shift = Math.hypot(dx, dy);
  if (shift > 0.001) parts.push(`shifted by ${(shift * 100).toFixed(1)} % of its width`);
  if (Math.abs(turn) > 0.001) parts.push(`turned by ${((Math.abs(turn) * 180) / Math.PI).toFixed(1)} degrees`);
  if (Math.abs(zoom - 1) > 0.001) parts.push(`zoomed by ${zoom.toFixed(2)}`);
  return parts.join(', ') || 'in its place';
}
