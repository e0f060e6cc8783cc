import { EMPTY_ROOT, hashNode } from './hash.js';

/** Leaves `start` (inclusive) to `end` (exclusive). */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A perfect subtree: leaves `index * 2^height` to `(index + 1) * 2^height`. */
export interface PerfectSubtree {
  readonly height: number;
  readonly index: number;
}

/** The largest power of two smaller than `size`, which is at least 2: where RFC 9162 2.1.1 splits a tree. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/**
 * The perfect subtrees that a range is made of, from left to right.
 *
 * The range is one that the RFC's splitting produces (or a whole tree): its start is a multiple of the power of two that its
 * length rounds up to.
 */
export function perfectSubtrees({ start, end }: LeafRange): PerfectSubtree[] {
  const subtrees: PerfectSubtree[] = [];
  let from = start;
  let height = Math.floor(Math.log2(Math.max(end - start, 1)));
  for (; from < end; height--) {
    const leaves = 2 ** height;
    if (leaves > end - from) continue;
    subtrees.push({ height, index: from / leaves });
    from += leaves;
  }
  return subtrees;
}

/** Head of the tree whose perfect subtrees have these hashes, from left to right: MTH of RFC 9162 2.1.1. */
export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return EMPTY_ROOT;
  return hashes.reduceRight((right, left) => hashNode(left, right));
}

/** Head of a perfect tree of 2^n hashes. */
export function foldPerfect(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(hashNode(level[i]!, level[i + 1]!));
    level = above;
  }
  return level[0]!;
}
