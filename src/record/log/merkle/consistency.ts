import { hashNode } from './hash.js';
import { type LeafRange, splitPoint } from './subtree.js';

/**
 * Which subtrees' heads prove that the tree of `second` leaves begins with that of `first`: PROOF(m, D_n) of RFC 9162 2.1.4.1.
 * Empty for equal sizes, and for `first` 0, of which there is nothing to prove.
 */
export function consistencyPath(first: number, second: number): LeafRange[] {
  if (first === 0 || first === second) return [];
  const path: LeafRange[] = [];
  let [start, end] = [0, second];
  // SUBPROOF's `b`: the old tree's head is known to the verifier as long as only its left edge was followed.
  let isKnown = true;
  while (first !== end) {
    const middle = start + splitPoint(end - start);
    if (first <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
      isKnown = false;
    }
  }
  if (!isKnown) path.push({ start, end });
  return path.reverse();
}

/** A tree's size and head. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether `path` proves that the tree `second` begins with the tree `first` (RFC 9162 2.1.4.2). */
export function verifyConsistency(first: TreeHead, second: TreeHead, path: readonly Buffer[]): boolean {
  if (!Number.isSafeInteger(first.size) || !Number.isSafeInteger(second.size)) return false;
  if (first.size < 0 || first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && first.root.equals(second.root);
  // Every tree begins with the empty one; the RFC leaves the case out.
  if (first.size === 0) return path.length === 0;
  if (path.length === 0) return false;
  const isPerfect = splitPoint(first.size + 1) === first.size;
  const [seed, ...rest] = isPerfect ? [first.root, ...path] : path;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  let [fr, sr] = [seed!, seed!];
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = hashNode(sibling, fr);
      sr = hashNode(sibling, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = hashNode(sr, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && fr.equals(first.root) && sr.equals(second.root);
}
