/**
 * A zone set while it is being drawn, and everything that can be done to it. Pure: the page shows what this says. Points are shares of
 * the picture.
 */
import { area, findFlaw } from '../../masking/polygon.js';
import { uncoveredArea } from '../../zones/uncovered-area.js';
import { DEFAULT_PADDING_PX, isProhibitedKind, type Point, type Zone } from '../../zones/zone.js';

/** What the gateway takes at most, and at least. */
export const MAX_ZONES = 64;
export const MAX_CORNERS = 100;
const MIN_AREA = 1e-5;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Digits that are kept of a coordinate: a hundredth of a pixel of an 8K picture. */
const DIGITS = 6;

export interface Drawing {
  readonly zones: readonly Zone[];
  /** Why nothing is masked, where nothing is. */
  readonly unmasked: string | null;
}

/** What keeps a drawing from being put in force. `zone` is an index. */
export type Problem =
  | {
      readonly kind: 'crossing' | 'touching' | 'folded' | 'repeated' | 'sliver' | 'too-many-corners';
      readonly zone: number;
    }
  | { readonly kind: 'id-malformed' | 'id-twice' | 'style-too-weak'; readonly zone: number }
  | { readonly kind: 'reason-missing' | 'too-many-zones'; readonly zone: null };

export const clamp = (value: number): number =>
  Math.min(1, Math.max(0, Math.round(value * 10 ** DIGITS) / 10 ** DIGITS));

const at = ([x, y]: Point): Point => [clamp(x), clamp(y)];

/** A new zone around these corners, masked as strongly as can be. */
export const addZone = (drawing: Drawing, polygon: readonly Point[]): Drawing => {
  const taken = new Set(drawing.zones.map(({ id }) => id));
  let number = drawing.zones.length + 1;
  while (taken.has(`zone-${number}`)) number++;
  const zone: Zone = {
    id: `zone-${number}`,
    kind: 'private',
    polygon: polygon.map(at),
    action: 'mask',
    style: 'solid',
    padding: DEFAULT_PADDING_PX,
  };
  return { zones: [...drawing.zones, zone], unmasked: null };
};

export const removeZone = (drawing: Drawing, index: number): Drawing => ({
  ...drawing,
  zones: drawing.zones.filter((_, i) => i !== index),
});

/** Changes a zone's fields. Places of Art. 15 are masked with the one style that cannot be undone. */
export const changeZone = (drawing: Drawing, index: number, change: Partial<Zone>): Drawing => ({
  ...drawing,
  zones: drawing.zones.map((zone, i) => {
    if (i !== index) return zone;
    const next = { ...zone, ...change };
    return isProhibitedKind(next.kind) ? { ...next, style: 'solid', mask: undefined } : next;
  }),
});

const reshape = (drawing: Drawing, index: number, polygon: readonly Point[]): Drawing =>
  changeZone(drawing, index, { polygon });

export const moveCorner = (drawing: Drawing, index: number, corner: number, to: Point): Drawing => {
  const { polygon } = drawing.zones[index]!;
  return reshape(
    drawing,
    index,
    polygon.map((point, i) => (i === corner ? at(to) : point)),
  );
};

/** A corner half-way to the next one. */
export const insertCorner = (drawing: Drawing, index: number, after: number): Drawing => {
  const { polygon } = drawing.zones[index]!;
  const [a, b] = [polygon[after]!, polygon[(after + 1) % polygon.length]!];
  const middle = at([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  return reshape(drawing, index, polygon.toSpliced(after + 1, 0, middle));
};

/** Takes a corner away; of three none can be spared. */
export const removeCorner = (drawing: Drawing, index: number, corner: number): Drawing => {
  const { polygon } = drawing.zones[index]!;
  return polygon.length <= 3 ? drawing : reshape(drawing, index, polygon.toSpliced(corner, 1));
};

/** Moves a zone as a whole, as far as the picture goes. */
export const moveZone = (drawing: Drawing, index: number, dx: number, dy: number): Drawing => {
  const { polygon } = drawing.zones[index]!;
  const room = (axis: 0 | 1, by: number): number => {
    const values = polygon.map((point) => point[axis]);
    return Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), by));
  };
  const [x, y] = [room(0, dx), room(1, dy)];
  return reshape(
    drawing,
    index,
    polygon.map((point) => at([point[0] + x, point[1] + y])),
  );
};

/** Cuts a zone in two from a corner: along the inner line that leaves the most equal halves. Unchanged where there is none. */
export const splitZone = (drawing: Drawing, index: number, corner: number): Drawing => {
  const zone = drawing.zones[index]!;
  const { polygon } = zone;
  if (drawing.zones.length >= MAX_ZONES) return drawing;
  const ring = [...polygon.slice(corner), ...polygon.slice(0, corner)];
  let best: { halves: [Point[], Point[]]; lesser: number } | null = null;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i]!, ring[(i + 1) % ring.length]!];
    // To a corner that is no neighbour, or to the middle of a side that does not meet this corner.
    const ends: readonly (readonly [Point, readonly Point[], readonly Point[]])[] = [
      ...(i > 1 && i < ring.length - 1 ? [[a, ring.slice(1, i), ring.slice(i + 1)] as const] : []),
      ...(i < ring.length - 1
        ? [[at([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]), ring.slice(1, i + 1), ring.slice(i + 1)] as const]
        : []),
    ];
    for (const [end, left, right] of ends) {
      const halves: [Point[], Point[]] = [
        [ring[0]!, ...left, end],
        [ring[0]!, end, ...right],
      ];
      if (halves.some((half) => findFlaw(half) !== null)) continue;
      const areas = halves.map(area);
      if (Math.abs(areas[0]! + areas[1]! - area(ring)) > 1e-6) continue;
      const lesser = Math.min(...areas);
      if (best === null || lesser > best.lesser) best = { halves, lesser };
    }
  }
  if (best === null) return drawing;
  const taken = new Set(drawing.zones.map(({ id }) => id));
  let number = 2;
  while (taken.has(`${zone.id}-${number}`)) number++;
  const [one, other] = best.halves;
  const parts = [
    { ...zone, polygon: one },
    { ...zone, id: `${zone.id}-${number}`, polygon: other },
  ];
  return { ...drawing, zones: drawing.zones.toSpliced(index, 1, ...parts) };
};

/** Draws a point to the picture's edges and to other corners that are near, axis by axis. */
export const snap = (point: Point, others: readonly Point[], reach: number): Point => {
  const nearest = (value: number, axis: 0 | 1): number => {
    let [best, distance] = [value, reach];
    for (const target of [0, 1, ...others.map((other) => other[axis])]) {
      if (Math.abs(target - value) < distance) [best, distance] = [target, Math.abs(target - value)];
    }
    return best;
  };
  return at([nearest(point[0], 0), nearest(point[1], 1)]);
};

/** Everything that is wrong with a drawing, in the order of its zones. */
export const problemsOf = ({ zones, unmasked }: Drawing): readonly Problem[] => {
  const ids = zones.map(({ id }) => id);
  const found = zones.flatMap((zone, index): Problem[] => {
    const { id, kind, style, polygon } = zone;
    const problems: Problem[] = [];
    if (!SLUG.test(id)) problems.push({ kind: 'id-malformed', zone: index });
    if (ids.indexOf(id) !== index) problems.push({ kind: 'id-twice', zone: index });
    if (isProhibitedKind(kind) && style !== 'solid') problems.push({ kind: 'style-too-weak', zone: index });
    const shape = shapeProblem(polygon);
    if (shape) problems.push({ kind: shape, zone: index });
    return problems;
  });
  if (zones.length === 0 && (unmasked ?? '').trim() === '') found.push({ kind: 'reason-missing', zone: null });
  if (zones.length > MAX_ZONES) found.push({ kind: 'too-many-zones', zone: null });
  return found;
};

type ShapeProblem = 'crossing' | 'touching' | 'folded' | 'repeated' | 'sliver' | 'too-many-corners';

const shapeProblem = (polygon: readonly Point[]): ShapeProblem | null => {
  if (polygon.length > MAX_CORNERS) return 'too-many-corners';
  const flaw = findFlaw(polygon)?.flaw;
  if (flaw === 'crossing' || flaw === 'touching' || flaw === 'folded') return flaw;
  if (flaw === 'repeated-point') return 'repeated';
  return flaw !== undefined || area(polygon) < MIN_AREA ? 'sliver' : null;
};

/** Shares of the picture: what masks cover together, and what of it more than one of them covers; null where it is too intricate. */
export const coverageOf = ({ zones }: Drawing): { readonly covered: number; readonly overlap: number } | null => {
  const masks = zones.filter(({ action, polygon }) => action === 'mask' && findFlaw(polygon) === null);
  let covered = 0;
  let sum = 0;
  for (const [index, { polygon }] of masks.entries()) {
    const fresh = uncoveredArea(
      polygon,
      masks.slice(0, index).map((mask) => mask.polygon),
    );
    if (fresh === null) return null;
    covered += fresh;
    sum += area(polygon);
  }
  return { covered, overlap: Math.max(0, sum - covered) };
};

/** A drawing with everything that can be undone. */
export interface History {
  readonly past: readonly Drawing[];
  readonly present: Drawing;
  readonly future: readonly Drawing[];
}

/** Steps that can be taken back. */
const MOST_STEPS = 200;

export const begin = (present: Drawing): History => ({ past: [], present, future: [] });

export const step = ({ past, present }: History, next: Drawing): History =>
  next === present
    ? { past, present, future: [] }
    : { past: [...past.slice(1 - MOST_STEPS), present], present: next, future: [] };

/** Goes on with the step that was taken last: a drag is one step, not a hundred. */
export const amend = (history: History, next: Drawing): History => ({ ...history, present: next, future: [] });

export const undo = ({ past, present, future }: History): History =>
  past.length === 0
    ? { past, present, future }
    : { past: past.slice(0, -1), present: past.at(-1)!, future: [present, ...future] };

export const redo = ({ past, present, future }: History): History =>
  future.length === 0
    ? { past, present, future }
    : { past: [...past, present], present: future[0]!, future: future.slice(1) };
