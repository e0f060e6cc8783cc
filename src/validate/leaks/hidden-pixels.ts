import type { Point } from '../../zones/zone.js';

/**
 * Which pixels no viewer may see: one byte a pixel, 1 where the pixel's centre lies in one of the polygons (even-odd). Written apart
 * from the product's own rasteriser on purpose: what checks it must not share its faults.
 *
 * @param polygons in shares of the picture
 * @returns `[height, width]`
 */
export function hiddenPixels(polygons: readonly (readonly Point[])[], width: number, height: number): Uint8Array {
  const hidden = new Uint8Array(width * height);
  for (const polygon of polygons) {
    for (let row = 0; row < height; row++) {
      const crossings = crossingsAt(polygon, (row + 0.5) / height).map((x) => x * width - 0.5);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = Math.max(0, Math.ceil(crossings[i]!));
        const to = Math.min(width - 1, Math.floor(crossings[i + 1]!));
        if (from <= to) hidden.fill(1, row * width + from, row * width + to + 1);
      }
    }
  }
  return hidden;
}

/** Where a horizontal line cuts a polygon, from left to right. */
function crossingsAt(polygon: readonly Point[], y: number): number[] {
  const found: number[] = [];
  for (const [i, [x0, y0]] of polygon.entries()) {
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    if (y0 <= y === y1 <= y) continue;
    found.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  return found.sort((a, b) => a - b);
}
