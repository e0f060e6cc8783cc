import { moved, type Similarity } from '../../src/guard/similarity.js';
import { coveredPixels, rasterize, subtract } from '../../src/masking/raster.js';
import type { Zone } from '../../src/zones/zone.js';

/** Pixels are counted at this size, with the default padding. */
const [WIDTH, HEIGHT] = [1920, 1080];
const PADDING = 16;

/** Pixels of what a zone was drawn over that are seen beside its mask, where the view has moved; of all of it where the view is another. */
function openPixels({ polygon }: Zone, seen: Similarity | null): number {
  const mask = rasterize(polygon, WIDTH, HEIGHT, PADDING);
  if (!seen) return coveredPixels(rasterize(polygon, WIDTH, HEIGHT, 0));
  const there = polygon.map((point) => moved(seen, point, HEIGHT / WIDTH));
  return coveredPixels(subtract(rasterize(there, WIDTH, HEIGHT, 0), mask));
}

/**
 * Pixels that got out in the frames before the guard withheld, at 1080p.
 *
 * @param delay frames from the first tampered one to the first withheld one @param ahead look-ahead, in frames
 * @param seenAt where the view is seen in the frames; null: it is another view
 */
export function leakedPixels(
  zone: Zone,
  seenAt: ((n: number) => Similarity) | null,
  delay: number,
  ahead: number,
): number {
  let sum = 0;
  for (let n = 0; n < delay - ahead; n++) sum += openPixels(zone, seenAt?.(n) ?? null);
  return sum;
}
