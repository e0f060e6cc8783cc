import { SAME_EDGE } from './edge-map.js';
import { BLOCKS, type ViewReference } from './view-reference.js';

/** A block is in its place where so many of its edges are: about a third match by chance. */
export const GOOD_BLOCK = 0.6;

/** How a picture compares with a reference cell by cell, without any movement. Reused from frame to frame. */
export class Match {
  /** Of all edges of the reference, the share that is where it was. */
  share = 0;
  /** Of the informative blocks, the share that is in place. */
  goodBlocks = 0;
  /** `[BLOCKS]` share of each block, 0 where it says nothing. */
  readonly blocks = new Float32Array(BLOCKS);

  /** @param codes `[GRID_HEIGHT, GRID_WIDTH]` of the picture */
  read(reference: ViewReference, codes: Uint8Array): void {
    const { cells, codes: wanted, blockStart } = reference;
    let all = 0;
    let good = 0;
    for (let block = 0; block < BLOCKS; block++) {
      const from = blockStart[block]!;
      const to = blockStart[block + 1]!;
      this.blocks[block] = 0;
      if (to === from) continue;
      let same = 0;
      for (let i = from; i < to; i++) same += SAME_EDGE[wanted[i]! * 9 + codes[cells[i]!]!]!;
      const share = same / (to - from);
      this.blocks[block] = share;
      all += same;
      if (share >= GOOD_BLOCK) good++;
    }
    this.share = all / cells.length;
    this.goodBlocks = good / reference.informative;
  }
}
