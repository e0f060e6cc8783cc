import { SAME_EDGE } from './edge-map.js';
import { GRID_HEIGHT, GRID_WIDTH } from './luma-grid.js';
import type { Similarity } from './similarity.js';
import { BLOCKS, type ViewReference } from './view-reference.js';

/** A block votes where the two explanations differ by so much of its edges: about three of ten, above what noise does. */
const CLEAR = 0.25;

/** What the blocks of a view say of a movement. Those along whose lines it goes fit either way, and do not vote. */
export interface Votes {
  /** Of the informative blocks, the share that is found where the movement puts it, and not in its place. */
  readonly moved: number;
  /** The share that is found in its place, and not where the movement puts it. */
  readonly stayed: number;
}

/**
 * Tells a movement of the camera from one of things before it, which takes a few blocks along and leaves the others.
 *
 * @param codes `[GRID_HEIGHT, GRID_WIDTH]` of the picture @param inPlace `[BLOCKS]` shares without movement
 */
export function votesFor(
  { cells, codes: wanted, blockStart, shape, informative }: ViewReference,
  codes: Uint8Array,
  inPlace: Float32Array,
  { dx, dy, turn, zoom }: Similarity,
): Votes {
  const c = zoom * Math.cos(turn);
  const s = zoom * Math.sin(turn);
  let moved = 0;
  let stayed = 0;
  for (let block = 0; block < BLOCKS; block++) {
    let inside = 0;
    let same = 0;
    for (let i = blockStart[block]!; i < blockStart[block + 1]!; i++) {
      const cell = cells[i]!;
      const x = ((cell % GRID_WIDTH) + 0.5) / GRID_WIDTH - 0.5;
      const y = ((Math.floor(cell / GRID_WIDTH) + 0.5) / GRID_HEIGHT - 0.5) * shape;
      const column = Math.floor((c * x - s * y + dx + 0.5) * GRID_WIDTH);
      const row = Math.floor(((s * x + c * y + dy) / shape + 0.5) * GRID_HEIGHT);
      if (column < 0 || column >= GRID_WIDTH || row < 0 || row >= GRID_HEIGHT) continue;
      inside++;
      same += SAME_EDGE[wanted[i]! * 9 + codes[row * GRID_WIDTH + column]!]!;
    }
    if (inside === 0) continue;
    const gain = same / inside - inPlace[block]!;
    if (gain >= CLEAR) moved++;
    else if (gain <= -CLEAR) stayed++;
  }
  return { moved: moved / informative, stayed: stayed / informative };
}
