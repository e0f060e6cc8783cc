import type { Point } from '../../zones/zone.js';
import type { Box } from './item.js';

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** x, y, x, y ... in pixels as points in shares of the picture; tools let shapes hang over its edge. */
export const sharesOf = (flat: readonly number[], width: number, height: number): Point[] => {
  const points: Point[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) points.push([clamp(flat[i]! / width), clamp(flat[i + 1]! / height)]);
  return points;
};

/** A box cut to the picture; null where nothing is left of it. */
export const clampBox = ([left, top, right, bottom]: Box): Box | null => {
  const box: Box = [clamp(left), clamp(top), clamp(right), clamp(bottom)];
  return box[2] > box[0] && box[3] > box[1] ? box : null;
};
