import { SAME_EDGE } from './edge-map.js';
import { GRID_HEIGHT, GRID_WIDTH } from './luma-grid.js';
import type { Similarity } from './similarity.js';
import { BLOCKS, type ViewReference } from './view-reference.js';

/** A block votes where the two explanations differ by so much of its edges: about three of ten, above what noise does. */
const CLEAR = 0.25;

/** What the blocks of a view say of a movement. Those along whose lines it goes fit either way, and do not vote. */
export interface Votes {
  /** Of the blocks that were asked, the share that is found where the movement puts it, and not in its place. */
  readonly moved: number;
  /** The share that is found in its place, and not where the movement puts it. */
  readonly stayed: number;
}

/**
 * Tells a movement of the camera from one of things before it, which takes a few blocks along and leaves the others.
 *
 * @param asked `[BLOCKS]` 1 where a block is asked @param inPlace `[BLOCKS]` shares without movement
 * @param under `[BLOCKS]` shares under the movement, as `sharesUnder` gives them
 */
export function votesFor(asked: Uint8Array, inPlace: Float32Array, under: Float32Array): Votes {
  let count = 0;
  let moved = 0;
  let stayed = 0;
  for (let block = 0; block < BLOCKS; block++) {
    if (!asked[block]) continue;
    count++;
    const gain = under[block]! - inPlace[block]!;
    if (gain >= CLEAR) moved++;
    else if (gain <= -CLEAR) stayed++;
  }
  return count === 0 ? { moved: 0, stayed: 0 } : { moved: moved / count, stayed: stayed / count };
}

/**
 * Of each block's edges the share that is seen where a movement puts them; not a number where it puts all of them outside the picture.
 *
 * @param codes `[GRID_HEIGHT, GRID_WIDTH]` of the picture @param into `[BLOCKS]`
 */
export function sharesUnder(
  { cells, codes: wanted, blockStart, shape }: ViewReference,
  codes: Uint8Array,
  { dx, dy, turn, zoom }: Similarity,
  into: Float32Array,
): void {
  const c = zoom * Math.cos(turn);
  const s = zoom * Math.sin(turn);
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
    into[block] = same / inside;
  }
}
