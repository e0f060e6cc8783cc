import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTRIES, edgeTiles, parseTilePath, TILE_WIDTH, tilePath } from './tile-path.js';

const tile = fc.record({
  level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant<typeof ENTRIES>(ENTRIES)),
  index: fc.oneof(fc.nat(2000), fc.maxSafeNat()),
  width: fc.integer({ min: 1, max: TILE_WIDTH }),
});

describe('tile paths', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 999, width: 256 }, 'tile/0/999'],
    [{ level: 1, index: 1000, width: 256 }, 'tile/1/x001/000'],
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 1234067, width: 17 }, 'tile/2/x001/x234/067.p/17'],
    [{ level: ENTRIES, index: 5, width: 255 }, 'tile/entries/005.p/255'],
  ] as const)('%o is %s', (id, path) => {
    expect(tilePath(id)).toBe(path);
    expect(parseTilePath(path)).toEqual(id);
  });

  it('are read back as what they were made of', () => {
    fc.assert(
      fc.property(tile, (id) => {
        expect(parseTilePath(tilePath(id))).toEqual(id);
      }),
    );
  });

  it.each([
    'tile/64/000',
    'tile/00/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/1000',
    'tile/entries/000/',
    'tile/names/000',
    '../tile/0/000',
    'checkpoint',
  ])('%s is none', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  it("of a tree's edge are those of the specification's example of 70,000 entries", () => {
    expect(edgeTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(edgeTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(edgeTiles(0)).toEqual([]);
  });
});
