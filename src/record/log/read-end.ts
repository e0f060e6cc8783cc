import type { Disk, FileToWrite, ReadableDisk } from './disk.js';
import type { LogEnd } from './log-end.js';
import { hashLeaf } from './merkle/hash.js';
import { readBundle } from './tiles/entry-bundle.js';
import { readBundleFile, readHashes } from './tiles/read-tile.js';
import { type Tile, TileEdge } from './tiles/tile-edge.js';
import { edgeTiles, TILE_WIDTH, tilePath } from './tiles/tile-path.js';

/** What a log's files should come to. */
export interface ExpectedHead {
  readonly size: number;
  readonly root: Buffer;
}

/** The end of a log without the checkpoint. */
export type TreeEnd = Omit<LogEnd, 'checkpoint'>;

/**
 * The end of a log from the files of its right edge, or null where they do not come to the head. Reads a few files whatever the
 * log's size; what lies before is for `verifyLog`.
 */
export async function readEnd(disk: ReadableDisk, { size, root }: ExpectedHead): Promise<TreeEnd | null> {
  const tiles: Tile[] = [];
  for (const { level, index, width } of edgeTiles(size)) {
    if (level === 'entries') continue;
    const bytes = await readHashes(disk, { level, index, width });
    if (bytes === null) return null;
    tiles.push({ level, index, width, bytes });
  }
  const edge = TileEdge.of(size, tiles);
  if (!edge.root().equals(root)) return null;
  const width = size % TILE_WIDTH;
  if (width === 0) return { edge, bundle: Buffer.alloc(0) };
  const bundle = await readBundleFile(disk, Math.floor(size / TILE_WIDTH), width);
  if (bundle === null) return null;
  const { entries, end } = readBundle(bundle, width);
  const leaves = Buffer.concat(entries.map(hashLeaf));
  return end === bundle.length && leaves.equals(tiles[0]!.bytes) ? { edge, bundle } : null;
}

/**
 * The end of a log from its entries alone, or null where they do not come to the head. Tiles that are missing or wrong are written
 * anew: the head says that they are right.
 */
export async function rebuildEnd(disk: Disk, { size, root }: ExpectedHead): Promise<TreeEnd | null> {
  const edge = new TileEdge();
  const wrong: FileToWrite[] = [];
  let bundle: Buffer = Buffer.alloc(0);
  while (edge.size < size) {
    const width = Math.min(TILE_WIDTH, size - edge.size);
    const file = await readBundleFile(disk, edge.size / TILE_WIDTH, width);
    const { entries, end } = readBundle(file ?? Buffer.alloc(0), width);
    if (entries.length < width || end !== file!.length) return null;
    const full: Tile[] = [];
    for (const entry of entries) edge.append(hashLeaf(entry), (tile) => full.push(tile));
    for (const tile of full) if (!(await isOnDisk(disk, tile))) wrong.push([tilePath(tile), tile.bytes]);
    if (width < TILE_WIDTH) bundle = file!;
  }
  if (!edge.root().equals(root)) return null;
  for (const tile of edge.tiles()) if (!(await isOnDisk(disk, tile))) wrong.push([tilePath(tile), tile.bytes]);
  if (wrong.length > 0) await disk.write(wrong);
  return { edge, bundle };
}

const isOnDisk = async (disk: ReadableDisk, tile: Tile): Promise<boolean> =>
  (await readHashes(disk, tile))?.equals(tile.bytes) ?? false;
