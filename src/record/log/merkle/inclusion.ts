import { hashNode } from './hash.js';
import { type LeafRange, splitPoint } from './subtree.js';

/**
 * Which subtrees' heads prove that leaf `index` is in the tree of `size` leaves, from the leaf's sibling to the root's child:
 * PATH(m, D_n) of RFC 9162 2.1.3.1.
 */
export function inclusionPath(index: number, size: number): LeafRange[] {
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/** What an inclusion proof is checked against. */
export interface InclusionClaim {
  /** Zero-based place of the entry. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  readonly leafHash: Buffer;
  readonly root: Buffer;
}

/** Whether `path` proves the claim (RFC 9162 2.1.3.2). Nothing about the input is taken for granted. */
export function verifyInclusion({ index, size, leafHash, root }: InclusionClaim, path: readonly Buffer[]): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  // Shifts would cut at 32 bits: sizes go to 2^53.
  let [fn, sn] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = hashNode(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && hash.equals(root);
}
