/**
 * Whether one set of zones masks less than another: what decides if a change may apply at once or needs a person.
 *
 * The question is answered on the polygons and not on a raster, so the answer holds at every picture size. A zone of the old set is
 * kept if new zones that are each *as strong* cover all of it. As strong means: style no weaker, padding no smaller, and for
 * styles made of cells (pixelate, blur), whose size follows the zone's, a zone at least as wide and as high. That is
 * enough, because rasterising and padding are monotone: what covers a polygon covers its pixels, padded by as much. It asks a person
 * a little too often (a zone that grew by more than its padding shrank), and never too rarely.
 */
import { uncoveredArea } from './uncovered-area.js';
import { masksPeople, type Point, type Zone, type ZoneSet, type ZoneStyle } from './zone.js';

/** In what way a zone masks less. */
export type Weakening =
  | 'removed'
  | 'flagged'
  | 'people-only'
  | 'weaker-style'
  | 'less-padding'
  | 'shrunk-or-moved'
  | 'too-intricate';

/** What a zone set loses against the one before, at one of its old zones. */
export interface ZoneLoss {
  /** Id of the old zone. */
  readonly zone: string;
  readonly weakenings: readonly Weakening[];
  /** Share of the picture (0 to 1) that is masked less, or not at all any more. */
  readonly share: number;
  /** Of it, the share that is not masked at all any more. */
  readonly bare: number;
  /** All of it in one sentence. */
  readonly message: string;
}

/** Rounding of doubles stays far below; it is less than a hundredth of a pixel of an 8K picture. */
const NEGLIGIBLE_AREA = 1e-10;

const STRENGTH: Readonly<Record<ZoneStyle, number>> = { solid: 3, pixelate: 2, blur: 1 };

/** What `after` masks less than `before`, zone by zone; empty: the same or more everywhere. */
export const masksLess = (before: ZoneSet, after: ZoneSet): ZoneLoss[] => {
  const masks = after.filter(isMask);
  return before.filter(isMask).flatMap((zone) => lossOf(zone, masks, after) ?? []);
};

const lossOf = (zone: Zone, masks: readonly Zone[], after: ZoneSet): ZoneLoss | null => {
  const strong = masks.filter((other) => isAsStrong(other, zone));
  if (strong.some(({ polygon }) => isSamePolygon(polygon, zone.polygon))) return null;
  const lost = uncoveredArea(zone.polygon, polygonsOf(strong));
  if (lost !== null && lost <= NEGLIGIBLE_AREA) return null;
  const whole = uncoveredArea(zone.polygon, [])!;
  const share = lost ?? whole;
  const bare = Math.min(
    share,
    uncoveredArea(zone.polygon, polygonsOf(masks.filter((other) => hidesAsMuch(other, zone)))) ?? whole,
  );
  const namesake = after.find(({ id }) => id === zone.id);
  const weakenings: Weakening[] = lost === null ? ['too-intricate'] : weakeningsOf(zone, namesake, bare);
  const message = `${zone.id}: ${describe(weakenings, zone, namesake)}; ${describeShares(share, bare)}.`;
  return { zone: zone.id, weakenings, share, bare, message };
};

const isMask = ({ action }: Zone): boolean => action === 'mask';

/** Where people alone are masked, the rest is bare. */
const hidesAsMuch = (other: Zone, zone: Zone): boolean => !masksPeople(other) || masksPeople(zone);

const isAsStrong = (other: Zone, zone: Zone): boolean => {
  if (!hidesAsMuch(other, zone)) return false;
  if (STRENGTH[other.style] < STRENGTH[zone.style] || other.padding < zone.padding) return false;
  if (other.style === 'solid') return true;
  const [width, height] = sizeOf(other.polygon);
  const [zoneWidth, zoneHeight] = sizeOf(zone.polygon);
  return width >= zoneWidth && height >= zoneHeight;
};

const weakeningsOf = (zone: Zone, namesake: Zone | undefined, bare: number): Weakening[] => {
  if (namesake === undefined) return ['removed'];
  if (namesake.action === 'flag') return ['flagged'];
  if (!hidesAsMuch(namesake, zone)) return ['people-only'];
  const found: Weakening[] = [];
  if (STRENGTH[namesake.style] < STRENGTH[zone.style]) found.push('weaker-style');
  if (namesake.padding < zone.padding) found.push('less-padding');
  if (bare > NEGLIGIBLE_AREA || (uncoveredArea(zone.polygon, [namesake.polygon]) ?? 1) > NEGLIGIBLE_AREA) {
    found.push('shrunk-or-moved');
  }
  return found.length > 0 ? found : ['shrunk-or-moved'];
};

const describe = (weakenings: readonly Weakening[], zone: Zone, now: Zone | undefined): string => {
  const words: Readonly<Record<Weakening, string>> = {
    removed: 'removed',
    flagged: 'only flagged, no longer masked',
    'people-only': 'only the people in it, no longer all of it',
    'weaker-style': `${now?.style} instead of ${zone.style}`,
    'less-padding': `padding ${now?.padding} px instead of ${zone.padding} px`,
    'shrunk-or-moved': 'smaller, or moved',
    'too-intricate': 'too intricate to compare with the zones in force',
  };
  return weakenings.map((weakening) => words[weakening]).join(', ');
};

const describeShares = (share: number, bare: number): string => {
  const weaker = share - bare;
  if (bare <= NEGLIGIBLE_AREA) return `${percent(share)} of the picture would be masked more weakly`;
  const gone = `${percent(bare)} of the picture would no longer be masked`;
  return weaker <= NEGLIGIBLE_AREA ? gone : `${gone}, and ${percent(weaker)} more weakly`;
};

const percent = (share: number): string => (share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`);

const polygonsOf = (zones: readonly Zone[]) => zones.map(({ polygon }) => polygon);

const isSamePolygon = (a: readonly Point[], b: readonly Point[]): boolean =>
  a.length === b.length && a.every(([x, y], index) => x === b[index]![0] && y === b[index]![1]);

/** Width and height of the bounding box. */
const sizeOf = (polygon: readonly Point[]): readonly [width: number, height: number] => {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  return [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
};
