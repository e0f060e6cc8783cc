/** Pictures and zones for the tests of this folder. */
import fc from 'fast-check';
import { type Point, ZONE_STYLES, type Zone } from '../zones/zone.js';
import type { Picture, Plane } from './picture.js';

/** A picture of noise, the same for the same seed. Its rows are `gap` bytes longer than they need be, those filled as well. */
export function noisePicture(width: number, height: number, seed: number, fullRange = false, gap = 0): Picture {
  let state = seed | 1;
  const noise = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  const plane = (columns: number, rows: number): Plane => ({
    data: new Uint8Array((columns + gap) * rows).map(noise),
    stride: columns + gap,
  });
  const [luma, u, v] = [plane(width, height), plane(width / 2, height / 2), plane(width / 2, height / 2)];
  return { width, height, fullRange, planes: [luma, u, v] };
}

export function copyOf(picture: Picture): Picture {
  const [luma, u, v] = picture.planes.map(({ data, stride }): Plane => ({ data: Uint8Array.from(data), stride }));
  return { ...picture, planes: [luma!, u!, v!] };
}

export const TRIANGLE: readonly Point[] = [
  [0.3, 0.2],
  [0.8, 0.5],
  [0.4, 0.75],
];

export const zoneOf = (changes: Partial<Zone> = {}): Zone => ({
  id: 'desk',
  kind: 'private',
  polygon: TRIANGLE,
  action: 'mask',
  style: 'solid',
  padding: 4,
  ...changes,
});

/** Polygons inside the picture, zones of them, and sets of up to four zones that often overlap. */
const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
export const anyPolygon = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 7 });
export const anyZone = fc
  .record({
    polygon: anyPolygon,
    style: fc.constantFrom(...ZONE_STYLES),
    padding: fc.integer({ min: 0, max: 20 }),
  })
  .map(zoneOf);
export const anyZoneSet = fc
  .array(anyZone, { minLength: 1, maxLength: 4 })
  .map((zones) => zones.map((zone, i): Zone => ({ ...zone, id: `zone-${i}` })));
/** Even sizes from one block up. */
export const anySize = fc.record({
  width: fc.integer({ min: 1, max: 100 }).map((half) => 2 * half),
  height: fc.integer({ min: 1, max: 100 }).map((half) => 2 * half),
});
