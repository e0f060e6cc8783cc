import { EMPTY_ROOT, hashLeaf, hashNode } from './hash.js';

/** RFC 9162 2.1 word for word, recursive and slow: what the real code is compared with. */
const split = (n: number): number => {
  let k = 1;
  while (k << 1 < n) k <<= 1;
  return k;
};

/** MTH(D_n), 2.1.1. */
export const naiveRoot = (d: readonly Uint8Array[]): Buffer => {
  if (d.length === 0) return EMPTY_ROOT;
  if (d.length === 1) return hashLeaf(d[0]!);
  const k = split(d.length);
  return hashNode(naiveRoot(d.slice(0, k)), naiveRoot(d.slice(k)));
};

/** PATH(m, D_n), 2.1.3.1. */
export const naiveInclusion = (m: number, d: readonly Uint8Array[]): Buffer[] => {
  if (d.length <= 1) return [];
  const k = split(d.length);
  return m < k
    ? [...naiveInclusion(m, d.slice(0, k)), naiveRoot(d.slice(k))]
    : [...naiveInclusion(m - k, d.slice(k)), naiveRoot(d.slice(0, k))];
};

/** PROOF(m, D_n), 2.1.4.1. */
export const naiveConsistency = (m: number, d: readonly Uint8Array[]): Buffer[] => subproof(m, d, true);

const subproof = (m: number, d: readonly Uint8Array[], b: boolean): Buffer[] => {
  if (m === d.length) return b ? [] : [naiveRoot(d)];
  const k = split(d.length);
  return m <= k
    ? [...subproof(m, d.slice(0, k), b), naiveRoot(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), naiveRoot(d.slice(0, k))];
};
