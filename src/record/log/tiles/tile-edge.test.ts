import { describe, expect, it } from 'vitest';
import { hashLeaf } from '../merkle/hash.js';
import { naiveRoot } from '../merkle/naive.fixture.js';
import { foldPerfect } from '../merkle/subtree.js';
import { splitHashes, type Tile, TileEdge } from './tile-edge.js';
import { edgeTiles, TILE_WIDTH, tilePath } from './tile-path.js';

const entry = (i: number): Buffer => Buffer.from(`entry ${i}`);

describe("a tree's edge", () => {
  it('knows the head of every size that it grows through', () => {
    const edge = new TileEdge();
    const entries: Buffer[] = [];
    expect(edge.root()).toEqual(naiveRoot(entries));
    for (let i = 0; i < 600; i++) {
      entries.push(entry(i));
      edge.append(hashLeaf(entry(i)), () => {});
      if (i % 41 === 0 || (i + 2) % TILE_WIDTH < 4) expect(edge.root()).toEqual(naiveRoot(entries));
    }
    expect(edge.size).toBe(600);
  });

  it('hands out every tile of 70,000 entries: the full ones as they fill, the partial ones at the end', () => {
    const edge = new TileEdge();
    const full: Tile[] = [];
    const leaves = Array.from({ length: 70_000 }, (_, i) => hashLeaf(entry(i)));
    for (const leaf of leaves) edge.append(leaf, (tile) => full.push(tile));
    expect(full.filter(({ level }) => level === 0)).toHaveLength(273);
    expect(full.filter(({ level }) => level === 1).map(tilePath)).toEqual(['tile/1/000']);
    expect(edge.tiles().map(tilePath)).toEqual(edgeTiles(70_000).map(tilePath));
    const [first] = full;
    expect(splitHashes(first!.bytes)).toEqual(leaves.slice(0, TILE_WIDTH));
    const above = full.find(({ level }) => level === 1)!;
    expect(splitHashes(above.bytes)[9]).toEqual(foldPerfect(leaves.slice(9 * TILE_WIDTH, 10 * TILE_WIDTH)));
  });

  it.each([0, 1, 255, 256, 257, 70_000])('is taken up again at %d leaves', (size) => {
    const grown = new TileEdge();
    for (let i = 0; i < size; i++) grown.append(hashLeaf(entry(i)), () => {});
    const read = TileEdge.of(size, grown.tiles());
    const tiles: [string[], string[]] = [[], []];
    for (let i = size; i < size + 300; i++) {
      grown.append(hashLeaf(entry(i)), (tile) => tiles[0].push(tilePath(tile)));
      read.append(hashLeaf(entry(i)), (tile) => tiles[1].push(tilePath(tile)));
    }
    expect(read.root()).toEqual(grown.root());
    expect(read.tiles()).toEqual(grown.tiles());
    expect(tiles[1]).toEqual(tiles[0]);
  });

  it('does not grow with its copy', () => {
    const edge = new TileEdge();
    edge.append(hashLeaf(entry(0)), () => {});
    const copy = edge.clone();
    copy.append(hashLeaf(entry(1)), () => {});
    expect(edge.size).toBe(1);
    expect(edge.root()).toEqual(hashLeaf(entry(0)));
  });
});
