import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyPath, verifyConsistency } from './consistency.js';
import { EMPTY_ROOT, hashLeaf } from './hash.js';
import { inclusionPath, verifyInclusion } from './inclusion.js';
import { naiveConsistency, naiveInclusion, naiveRoot } from './naive.fixture.js';
import { foldPerfect, foldSubtrees, type LeafRange, perfectSubtrees } from './subtree.js';

/** The entries that implementations of RFC 6962 are commonly tested with, and the heads of the trees of the first n of them. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const entriesOf = (size: number): Buffer[] => Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i}`));

/** Heads of ranges, from the entries alone. */
const headOf =
  (entries: readonly Buffer[]) =>
  (range: LeafRange): Buffer =>
    foldSubtrees(
      perfectSubtrees(range).map(({ height, index }) =>
        foldPerfect(entries.slice(index * 2 ** height, (index + 1) * 2 ** height).map(hashLeaf)),
      ),
    );

const size = fc.integer({ min: 1, max: 600 });
const tree = size.chain((second) => fc.tuple(fc.integer({ min: 0, max: second }), fc.constant(second)));
const leaf = size.chain((second) => fc.tuple(fc.integer({ min: 0, max: second - 1 }), fc.constant(second)));

describe('heads of trees', () => {
  it('are those of the published RFC 6962 vectors', () => {
    for (const [n, root] of ROOTS.entries()) {
      expect(headOf(ENTRIES)({ start: 0, end: n }).toString('hex')).toBe(root);
      expect(naiveRoot(ENTRIES.slice(0, n)).toString('hex')).toBe(root);
    }
  });

  it('are those of the recursive definition, for any size', () => {
    fc.assert(
      fc.property(size, (n) => {
        const entries = entriesOf(n);
        expect(headOf(entries)({ start: 0, end: n })).toEqual(naiveRoot(entries));
      }),
      { numRuns: 50 },
    );
  });
});

describe('inclusion', () => {
  it('paths are those of the recursive definition, and prove what they are for', () => {
    fc.assert(
      fc.property(leaf, ([index, n]) => {
        const entries = entriesOf(n);
        const path = inclusionPath(index, n).map(headOf(entries));
        expect(path).toEqual(naiveInclusion(index, entries));
        const claim = { index, size: n, leafHash: hashLeaf(entries[index]!), root: naiveRoot(entries) };
        expect(verifyInclusion(claim, path)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is not proven where anything was changed', () => {
    fc.assert(
      fc.property(leaf, fc.nat(), fc.nat(), ([index, n], at, bit) => {
        const entries = entriesOf(n);
        const path = inclusionPath(index, n).map(headOf(entries));
        const claim = { index, size: n, leafHash: hashLeaf(entries[index]!), root: naiveRoot(entries) };
        const flip = (hash: Buffer): Buffer => {
          const copy = Buffer.from(hash);
          copy[(bit >> 3) % 32]! ^= 1 << (bit & 7);
          return copy;
        };
        expect(verifyInclusion({ ...claim, root: flip(claim.root) }, path)).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: flip(claim.leafHash) }, path)).toBe(false);
        expect(verifyInclusion({ ...claim, index: n }, path)).toBe(false);
        if (n > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % n }, path)).toBe(false);
        expect(verifyInclusion(claim, [...path, EMPTY_ROOT])).toBe(false);
        if (path.length > 0) {
          expect(verifyInclusion(claim, path.slice(1))).toBe(false);
          expect(
            verifyInclusion(
              claim,
              path.map((hash, i) => (i === at % path.length ? flip(hash) : hash)),
            ),
          ).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 60])('of leaf %d is no claim', (index) => {
    expect(verifyInclusion({ index, size: 8, leafHash: EMPTY_ROOT, root: EMPTY_ROOT }, [])).toBe(false);
  });
});

describe('consistency', () => {
  it('paths are those of the recursive definition, and prove what they are for', () => {
    fc.assert(
      fc.property(tree, ([first, second]) => {
        const entries = entriesOf(second);
        const path = consistencyPath(first, second).map(headOf(entries));
        if (first > 0) expect(path).toEqual(naiveConsistency(first, entries));
        const old = { size: first, root: naiveRoot(entries.slice(0, first)) };
        expect(verifyConsistency(old, { size: second, root: naiveRoot(entries) }, path)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is not proven for a past that was changed', () => {
    fc.assert(
      fc.property(
        tree.filter(([first]) => first > 0),
        fc.nat(),
        ([first, second], at) => {
          const entries = entriesOf(second);
          const path = consistencyPath(first, second).map(headOf(entries));
          const before = entries.slice(0, first);
          before[at % first] = Buffer.from('another past');
          const head = { size: second, root: naiveRoot(entries) };
          expect(verifyConsistency({ size: first, root: naiveRoot(before) }, head, path)).toBe(false);
          const old = { size: first, root: naiveRoot(entries.slice(0, first)) };
          expect(verifyConsistency(old, { ...head, root: EMPTY_ROOT }, path)).toBe(false);
          expect(verifyConsistency(old, head, [...path, EMPTY_ROOT])).toBe(false);
          if (path.length > 0) expect(verifyConsistency(old, head, path.slice(1))).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never runs backwards', () => {
    const [small, large] = [2, 3].map((n) => ({ size: n, root: naiveRoot(entriesOf(n)) }));
    expect(verifyConsistency(large!, small!, [])).toBe(false);
  });
});
