/** What property tests of zones draw from. */
import fc from 'fast-check';
import { isSimple } from '../masking/polygon.js';
import { type Point, ZONE_ACTIONS, ZONE_STYLES, type Zone, type ZoneSet } from './zone.js';

export const box = (left: number, top: number, right: number, bottom: number): readonly Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** Few distinct coordinates, so that corners and sides coincide often. */
const GRID = 16;
const onGrid = fc.integer({ min: 0, max: GRID }).map((step) => step / GRID);

const aroundCentre = (points: readonly (readonly [number, number])[]): readonly Point[] => {
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  return [...points].sort((a, b) => Math.atan2(a[1] - y, a[0] - x) - Math.atan2(b[1] - y, b[0] - x));
};

/** Simple polygons: boxes, triangles and stars around a centre. */
export const anyPolygon: fc.Arbitrary<readonly Point[]> = fc
  .oneof(
    fc
      .tuple(onGrid, onGrid, onGrid, onGrid)
      .map(([a, b, c, d]) => box(Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d))),
    fc.array(fc.tuple(onGrid, onGrid), { minLength: 3, maxLength: 3 }),
    fc.array(fc.tuple(onGrid, onGrid), { minLength: 4, maxLength: 7 }).map(aroundCentre),
  )
  .filter((polygon) => isSimple(polygon));

export const anyZone: fc.Arbitrary<Zone> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  kind: fc.constant('private' as const),
  polygon: anyPolygon,
  action: fc.constantFrom(...ZONE_ACTIONS),
  style: fc.constantFrom(...ZONE_STYLES),
  padding: fc.constantFrom(0, 4, 16),
});

export const anyZoneSet: fc.Arbitrary<ZoneSet> = fc.uniqueArray(anyZone, { selector: ({ id }) => id, maxLength: 4 });
