import { SAME_EDGE } from './edge-map.js';
import { GRID_HEIGHT, GRID_WIDTH } from './luma-grid.js';
import { IDENTITY, type Similarity } from './similarity.js';
import type { ViewReference } from './view-reference.js';

/** How far a shift is searched for, cells: 20 % of the width, and as much of the height. */
const REACH_X = 26;
const REACH_Y = 16;

/** Edges that the coarse search looks at, and the fine one. */
const COARSE_EDGES = 400;
const FINE_EDGES = 1600;

/** Of the edges so many must still be in the picture, or a good share says nothing. */
const LEAST_INSIDE = 0.5;

/** First steps of the fine search: shift in widths (one cell), turn in radians, zoom. Halved twice. */
const SHIFT_STEP = 1 / GRID_WIDTH;
const TURN_STEP = (1.6 * Math.PI) / 180;
const ZOOM_STEP = 0.03;
const HALVINGS = 2;

/** A turn or a zoom costs this much of the share: a plain shift that explains as much is the better one. */
const MODEL_COST = 0.02;

/** Where a reference is found in a picture. */
export interface Registration {
  readonly transform: Similarity;
  /** Of the reference's edges that are in the picture under this transform, the share that is there: the inliers. */
  readonly share: number;
}

/**
 * Finds the similarity transform under which most of a reference's edges are in a picture: shifts one by one over a sample of
 * the edges, then uphill in shift, turn and zoom. As all edges vote for one transform, long straight lines, which fit
 * along themselves, settle nothing and disturb nothing.
 *
 * @param codes `[GRID_HEIGHT, GRID_WIDTH]` of the picture @param isFar whether to look for large shifts too, which costs most;
 * a camera that drifts is found uphill
 */
export function register(reference: ViewReference, codes: Uint8Array, isFar: boolean): Registration {
  const fine = sample(reference, FINE_EDGES);
  const still = climb(fine, reference.shape, codes, IDENTITY);
  if (!isFar) return still;
  const shift = bestShift(reference, codes);
  if (shift.dx === 0 && shift.dy === 0) return still;
  const shifted = climb(fine, reference.shape, codes, shift);
  return plainly(shifted) > plainly(still) ? shifted : still;
}

interface Edges {
  /** Units of the picture's width, from its middle. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly code: Uint8Array;
}

function sample({ cells, codes, shape }: ViewReference, most: number): Edges {
  const step = Math.max(1, cells.length / most);
  const count = Math.floor(cells.length / step);
  const edges = { x: new Float32Array(count), y: new Float32Array(count), code: new Uint8Array(count) };
  for (let i = 0; i < count; i++) {
    const at = Math.floor(i * step);
    const cell = cells[at]!;
    edges.x[i] = ((cell % GRID_WIDTH) + 0.5) / GRID_WIDTH - 0.5;
    edges.y[i] = ((Math.floor(cell / GRID_WIDTH) + 0.5) / GRID_HEIGHT - 0.5) * shape;
    edges.code[i] = codes[at]!;
  }
  return edges;
}

function bestShift({ cells, codes: wanted, shape }: ViewReference, codes: Uint8Array): Similarity {
  const step = Math.max(1, cells.length / COARSE_EDGES);
  const count = Math.floor(cells.length / step);
  let best = 0;
  let bestX = 0;
  let bestY = 0;
  for (let dy = -REACH_Y; dy <= REACH_Y; dy++) {
    for (let dx = -REACH_X; dx <= REACH_X; dx++) {
      let inside = 0;
      let same = 0;
      for (let i = 0; i < count; i++) {
        const at = Math.floor(i * step);
        const cell = cells[at]!;
        const x = (cell & (GRID_WIDTH - 1)) + dx;
        const to = cell + dy * GRID_WIDTH + dx;
        if (x < 0 || x >= GRID_WIDTH || to < 0 || to >= codes.length) continue;
        inside++;
        same += SAME_EDGE[wanted[at]! * 9 + codes[to]!]!;
      }
      if (inside < LEAST_INSIDE * count || same <= best * inside) continue;
      best = same / inside;
      bestX = dx;
      bestY = dy;
    }
  }
  return { ...IDENTITY, dx: bestX / GRID_WIDTH, dy: (bestY / GRID_HEIGHT) * shape };
}

function climb(edges: Edges, shape: number, codes: Uint8Array, start: Similarity): Registration {
  let transform = start;
  let value = worth(edges, shape, codes, transform);
  let scale = 1;
  for (let halving = 0; halving <= HALVINGS; ) {
    let better = false;
    for (const sign of [scale, -scale]) {
      for (const next of neighbours(transform, sign)) {
        const its = worth(edges, shape, codes, next);
        if (its <= value) continue;
        value = its;
        transform = next;
        better = true;
      }
    }
    if (better) continue;
    scale /= 2;
    halving++;
  }
  return { transform, share: shareOf(edges, shape, codes, transform) };
}

const neighbours = (from: Similarity, scale: number): readonly Similarity[] => [
  { ...from, dx: from.dx + scale * SHIFT_STEP },
  { ...from, dy: from.dy + scale * SHIFT_STEP },
  { ...from, turn: from.turn + scale * TURN_STEP },
  { ...from, zoom: from.zoom + scale * ZOOM_STEP },
];

const worth = (edges: Edges, shape: number, codes: Uint8Array, transform: Similarity): number =>
  plainly({ transform, share: shareOf(edges, shape, codes, transform) });

const plainly = ({ transform: { turn, zoom }, share }: Registration): number =>
  share - (turn === 0 ? 0 : MODEL_COST) - (zoom === 1 ? 0 : MODEL_COST);

function shareOf({ x, y, code }: Edges, shape: number, codes: Uint8Array, transform: Similarity): number {
  const { dx, dy, turn, zoom } = transform;
  const c = zoom * Math.cos(turn);
  const s = zoom * Math.sin(turn);
  let inside = 0;
  let same = 0;
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((c * x[i]! - s * y[i]! + dx + 0.5) * GRID_WIDTH);
    const row = Math.floor(((s * x[i]! + c * y[i]! + dy) / shape + 0.5) * GRID_HEIGHT);
    if (column < 0 || column >= GRID_WIDTH || row < 0 || row >= GRID_HEIGHT) continue;
    inside++;
    same += SAME_EDGE[code[i]! * 9 + codes[row * GRID_WIDTH + column]!]!;
  }
  return inside < LEAST_INSIDE * x.length ? 0 : same / inside;
}
