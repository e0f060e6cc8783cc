/**
 * Everything about masking that depends on the zones and not on the frame, worked out once: which blocks get which style, the
 * grids and their scratch memory, and the canary pixels that prove it was done.
 *
 * Where zones overlap, the strongest style wins for each block: solid over pixelate over blur. Layers are disjoint and applied in that
 * order, so that a weaker style only ever averages what a stronger one has already hidden.
 *
 * Pixelated zones that overlap become one layer with the larger of their cells (so do blurred ones): two grids over the same
 * pixels would give two values each, and the difference of two means tells more than either.
 */
import {
  isProhibitedKind,
  WHOLE_POLYGON,
  ZONE_STYLES,
  type Zone,
  type ZoneSet,
  type ZoneStyle,
} from '../zones/zone.js';
import { type BlurLine, blurLine } from './blur.js';
import { type Canaries, chooseCanaries, packCanaries } from './canaries.js';
import { type CellGrid, cellSize, gridOver } from './cells.js';
import { MaskError } from './mask-error.js';
import { CHROMA_BLOCK, coveredPixels, covers, intersect, type RowSpans, rasterize, subtract, union } from './raster.js';

/** What one style does to one part of the picture. Its spans share no block with another layer's. */
export type MaskLayer =
  | { readonly style: 'solid'; readonly spans: RowSpans; readonly canaries: Canaries }
  | { readonly style: 'pixelate'; readonly spans: RowSpans; readonly canaries: Canaries; readonly grid: CellGrid }
  | {
      readonly style: 'blur';
      readonly spans: RowSpans;
      readonly canaries: Canaries;
      readonly grid: CellGrid;
      readonly line: BlurLine;
    };

/** How pictures of one size and range are masked. Holds scratch memory: one plan serves one picture at a time. */
export interface MaskPlan {
  /** Luma columns and rows; even. */
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean;
  /** The zones that are burned in (action `mask`). */
  readonly zones: ZoneSet;
  /** Strongest style first; applied in this order. */
  readonly layers: readonly MaskLayer[];
  /** Share of the picture that is masked, 0 to 1. */
  readonly maskedShare: number;
}

/** Covers every pixel: for when the zones cannot be relied upon. */
const WHOLE_PICTURE: Zone = {
  id: 'whole-picture',
  kind: 'private',
  polygon: WHOLE_POLYGON,
  action: 'mask',
  style: 'solid',
  padding: 0,
};

/**
 * The plan for `zones` on pictures of `width` x `height` luma pixels. Takes milliseconds: once per zone set, size and range, never
 * per frame. No zones to mask give a plan that masks nothing; a camera may only have that with a reason.
 *
 * @throws MaskError `mask-geometry` where the size is odd, a polygon cannot be drawn or covers nothing of the picture, or the
 * rasteriser has left out a pixel that it should cover.
 */
export function compileMask(zones: ZoneSet, width: number, height: number, fullRange: boolean): MaskPlan {
  if (width % CHROMA_BLOCK !== 0 || height % CHROMA_BLOCK !== 0) {
    throw new MaskError(
      'mask-geometry',
      `A ${width}x${height} picture has half chroma samples; pad it to even sizes before masking.`,
    );
  }
  const burned = zones.filter((zone) => zone.action === 'mask');
  const parts: LayerPart[] = [];
  let hidden: RowSpans | null = null;
  for (const style of ZONE_STYLES) {
    const ofStyle = burned.filter((zone) => styleOf(zone) === style).map((zone) => spansOf(zone, width, height));
    for (const group of style === 'solid' ? [ofStyle] : groupOverlapping(ofStyle)) {
      const [first, ...others] = group;
      if (!first) continue;
      const covered = union(first, ...others);
      const spans = hidden ? subtract(covered, hidden) : covered;
      hidden = hidden ? union(hidden, covered) : covered;
      if (coveredPixels(spans) > 0) parts.push({ style, spans, cell: Math.max(...group.map(cellSize)) });
    }
  }
  const canaries = placeCanaries(burned, parts, width, height);
  const layers = parts.map((part, index) => layerOf(part, canaries[index]!));
  const maskedShare = hidden ? coveredPixels(hidden) / (width * height) : 0;
  return { width, height, fullRange, zones: burned, layers, maskedShare };
}

/** The plan that blackens everything, for when it is not known what must be hidden (late analysis, a fault). */
export const wholePicturePlan = (width: number, height: number, fullRange: boolean): MaskPlan =>
  compileMask([WHOLE_PICTURE], width, height, fullRange);

/**
 * The plan that coarsens everything, and masks `zones` besides: for evidence of what may not be shown. Blocks of 1/24 of the short side,
 * labelled as a record only.
 */
export const coarsePicturePlan = (zones: ZoneSet, width: number, height: number, fullRange: boolean): MaskPlan =>
  compileMask([...zones, { ...WHOLE_PICTURE, style: 'pixelate' }], width, height, fullRange);

/** Kinds of Art. 15 are solid whatever they ask for: the site file refuses it, and this is the last place that could. */
const styleOf = (zone: Zone): ZoneStyle => (isProhibitedKind(zone.kind) ? 'solid' : zone.style);

function spansOf(zone: Zone, width: number, height: number): RowSpans {
  const spans = rasterize(zone.polygon, width, height, zone.padding);
  if (coveredPixels(spans) > 0) return spans;
  throw new MaskError(
    'mask-geometry',
    `Zone ${zone.id} covers nothing of the picture; draw it with points between 0 and 1.`,
  );
}

/** Sorts span sets into groups such that sets of different groups share no block. */
function groupOverlapping(sets: readonly RowSpans[]): RowSpans[][] {
  let groups: RowSpans[][] = [];
  for (const set of sets) {
    const touches = (group: RowSpans[]) => group.some((other) => coveredPixels(intersect(set, other)) > 0);
    groups = [...groups.filter((group) => !touches(group)), [set, ...groups.filter(touches).flat()]];
  }
  return groups;
}

interface LayerPart {
  readonly style: ZoneStyle;
  readonly spans: RowSpans;
  /** Luma pixels on a cell's side, where the style has cells. */
  readonly cell: number;
}

function layerOf({ style, spans, cell }: LayerPart, canaries: Canaries): MaskLayer {
  if (style === 'solid') return { style, spans, canaries };
  const grid = gridOver(spans, cell, style === 'blur' ? 1 : 0);
  return style === 'pixelate'
    ? { style, spans, canaries, grid }
    : { style, spans, canaries, grid, line: blurLine(grid) };
}

/** The canaries of all zones, given to the layer that masks them. One that no layer covers is a fault of the rasteriser. */
function placeCanaries(zones: ZoneSet, parts: readonly LayerPart[], width: number, height: number): Canaries[] {
  const placed = parts.map((): [x: number, y: number, zone: number][] => []);
  zones.forEach((zone, index) => {
    for (const [x, y] of chooseCanaries(zone, width, height)) {
      const layer = placed[parts.findIndex(({ spans }) => covers(spans, x, y))];
      if (!layer) {
        throw new MaskError(
          'mask-geometry',
          `Zone ${zone.id} would leave pixel (${x}, ${y}) of ${width}x${height} open. This is a fault of Veilgate: please report it with the zone's polygon.`,
        );
      }
      layer.push([x, y, index]);
    }
  });
  return placed.map((pixels, index) => packCanaries(pixels, parts[index]!.spans));
}
