import type { ReadableDisk } from '../disk.js';
import { HASH_BYTES, hashLeaf } from '../merkle/hash.js';
import { readBundle } from '../tiles/entry-bundle.js';
import { readBundleFile, readHashes } from '../tiles/read-tile.js';
import { splitHashes, type Tile, TileEdge } from '../tiles/tile-edge.js';
import { ENTRIES, TILE_WIDTH, tilePath } from '../tiles/tile-path.js';
import { type EntryFault, explainBundle } from './explain-bundle.js';

/** The first entry that does not fit the hash of it. */
export interface EntryMisfit {
  readonly entry: number;
  readonly fault: EntryFault;
  /** The bundle that it is in, or should be. */
  readonly path: string;
}

/** The first tile of hashes that is missing, or not what the files below it come to. */
export interface TileMisfit {
  readonly path: string;
  /** The entries that the hash in question is of: `start` inclusive, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** What the files of a log come to, each computed from below. */
export interface Walk {
  /** Head of the tree of the entries; null where some are missing. */
  readonly entriesRoot: Buffer | null;
  /** Head of the tree of the hashes in the lowest tiles; null where some are missing. */
  readonly leavesRoot: Buffer | null;
  /** Heads of the trees of the first so many entries, as far as none is missing. */
  readonly heads: ReadonlyMap<number, Buffer>;
  readonly entryMisfit: EntryMisfit | null;
  readonly tileMisfit: TileMisfit | null;
}

/**
 * Reads a log of `size` entries from the first to the last and computes every hash again, also the heads of its first `sizes`
 * entries. A file is in memory for a moment only.
 */
export async function walkLog(disk: ReadableDisk, size: number, sizes: ReadonlySet<number>): Promise<Walk> {
  const walker = new Walker(disk, size, sizes);
  for (let index = 0; index * TILE_WIDTH < size; index++) await walker.takeBundle(index);
  return walker.finish();
}

class Walker {
  readonly #disk: ReadableDisk;
  readonly #size: number;
  readonly #sizes: ReadonlySet<number>;
  readonly #heads = new Map<number, Buffer>();
  /** Tree of the entries; null from the first that is missing. */
  #entries: TileEdge | null = new TileEdge();
  /** Tree of the hashes in the lowest tiles, apart from the first that is not its entry's; null from the first that is missing. */
  #leaves: TileEdge | null = null;
  #haveParted = false;
  #entryMisfit: EntryMisfit | null = null;
  #tileMisfit: TileMisfit | null = null;
  readonly #hashes = Buffer.alloc(TILE_WIDTH * HASH_BYTES);

  constructor(disk: ReadableDisk, size: number, sizes: ReadonlySet<number>) {
    this.#disk = disk;
    this.#size = size;
    this.#sizes = sizes;
    this.#noteHead();
  }

  async takeBundle(index: number): Promise<void> {
    const width = Math.min(TILE_WIDTH, this.#size - index * TILE_WIDTH);
    const [file, leaves] = await Promise.all([
      readBundleFile(this.#disk, index, width),
      readHashes(this.#disk, { level: 0, index, width }),
    ]);
    const { entries, end } = readBundle(file ?? Buffer.alloc(0), width);
    const hasRest = file !== null && end < file.length;
    let bytes = 0;
    for (const entry of entries) bytes += hashLeaf(entry).copy(this.#hashes, bytes);
    const hashes = this.#hashes.subarray(0, bytes);
    if (hasRest || leaves === null || !hashes.equals(leaves)) {
      if (!this.#haveParted) this.#leaves = this.#entries?.clone() ?? null;
      this.#haveParted = true;
      this.#noteEntry(index, width, hashes, hasRest, leaves);
      if (leaves === null) this.#noteTile(0, index, 0, width);
    }
    const full = this.#grow(hashes, width, leaves);
    for (const tile of full) if (tile.level > 0) await this.#checkTile(tile);
  }

  async finish(): Promise<Walk> {
    const sound = this.#haveParted ? (this.#leaves ?? this.#entries) : this.#entries;
    for (const tile of sound?.tiles() ?? []) if (tile.level > 0) await this.#checkTile(tile);
    return {
      entriesRoot: this.#entries?.root() ?? null,
      leavesRoot: (this.#haveParted ? this.#leaves : this.#entries)?.root() ?? null,
      heads: this.#heads,
      entryMisfit: this.#entryMisfit,
      tileMisfit: this.#tileMisfit,
    };
  }

  /** Adds a bundle to the trees. Returns the tiles that became full: of the tiles' own tree where there are two. */
  #grow(hashes: Buffer, width: number, leaves: Buffer | null): Tile[] {
    const [ofEntries, ofLeaves]: [Tile[], Tile[]] = [[], []];
    if (hashes.length < width * HASH_BYTES) this.#entries = null;
    for (const hash of splitHashes(hashes)) {
      this.#entries?.append(hash, (tile) => ofEntries.push(tile));
      this.#noteHead();
    }
    if (!this.#haveParted) return ofEntries;
    if (leaves === null) this.#leaves = null;
    for (const hash of splitHashes(leaves ?? Buffer.alloc(0)))
      this.#leaves?.append(hash, (tile) => ofLeaves.push(tile));
    return this.#leaves === null ? ofEntries : ofLeaves;
  }

  async #checkTile({ level, index, width, bytes }: Tile): Promise<void> {
    const found = await readHashes(this.#disk, { level, index, width });
    if (found === null) this.#noteTile(level, index, 0, width);
    else if (!found.equals(bytes)) {
      const wrong = splitHashes(found).findIndex((hash, i) => !hash.equals(splitHashes(bytes)[i]!));
      this.#noteTile(level, index, wrong, wrong + 1);
    }
  }

  /** Notes that the hashes `from` to before `to` of a tile are in question. */
  #noteTile(level: number, index: number, from: number, to: number): void {
    const span = TILE_WIDTH ** level;
    const start = (index * TILE_WIDTH + from) * span;
    const width = Math.min(TILE_WIDTH, Math.floor(this.#size / span) - index * TILE_WIDTH);
    if (this.#tileMisfit !== null && this.#tileMisfit.start <= start) return;
    const end = Math.min((index * TILE_WIDTH + to) * span, this.#size);
    this.#tileMisfit = { path: tilePath({ level, index, width }), start, end };
  }

  #noteEntry(index: number, width: number, hashes: Buffer, hasRest: boolean, leaves: Buffer | null): void {
    if (this.#entryMisfit !== null) return;
    // Without hashes to compare with, entries can still be missing.
    const expected = leaves ?? Buffer.concat([hashes, Buffer.alloc(width * HASH_BYTES - hashes.length)]);
    const found = explainBundle({ hashes: splitHashes(hashes), hasRest }, splitHashes(expected));
    if (found === null) return;
    const path = tilePath({ level: ENTRIES, index, width });
    this.#entryMisfit = { entry: index * TILE_WIDTH + found.at, fault: found.fault, path };
  }

  #noteHead(): void {
    const size = this.#entries?.size ?? -1;
    if (this.#sizes.has(size)) this.#heads.set(size, this.#entries!.root());
  }
}
