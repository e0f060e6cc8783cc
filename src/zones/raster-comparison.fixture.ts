/** What tests hold `masksLess` against: the pixels themselves. */
import { covers, type RowSpans, rasterize, union } from '../masking/raster.js';
import { ZONE_STYLES, type ZoneSet } from './zone.js';

/** Whether at this size every pixel that `before` masks is masked by `after`, and as strongly. */
export const masksAtLeast = (after: ZoneSet, before: ZoneSet, width: number, height: number): boolean =>
  ZONE_STYLES.every((_, index) => {
    const strong = ZONE_STYLES.slice(0, index + 1);
    const spans = (zones: ZoneSet) =>
      spansOf(
        zones.filter(({ style }) => strong.includes(style)),
        width,
        height,
      );
    return coversAll(spans(after), spans(before));
  });

const spansOf = (zones: ZoneSet, width: number, height: number): RowSpans | null => {
  const [first, ...rest] = zones
    .filter(({ action }) => action === 'mask')
    .map(({ polygon, padding }) => rasterize(polygon, width, height, padding));
  return first === undefined ? null : union(first, ...rest);
};

const coversAll = (outer: RowSpans | null, inner: RowSpans | null): boolean => {
  if (inner === null) return true;
  for (let y = 0; y < inner.height; y += 2) {
    for (let x = 0; x < inner.width; x += 2) {
      if (covers(inner, x, y) && (outer === null || !covers(outer, x, y))) return false;
    }
  }
  return true;
};
