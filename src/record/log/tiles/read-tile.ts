import type { ReadableDisk } from '../disk.js';
import { HASH_BYTES } from '../merkle/hash.js';
import { readBundle } from './entry-bundle.js';
import { ENTRIES, TILE_WIDTH, type TileId, tilePath } from './tile-path.js';

/**
 * A tile's hashes, or null where it is missing or too short. A partial tile is taken from the full one where that has replaced it
 * (C2SP tlog-tiles).
 */
export async function readHashes(disk: ReadableDisk, id: TileId): Promise<Buffer | null> {
  const length = id.width * HASH_BYTES;
  const own = await disk.read(tilePath(id));
  if (own !== null) return own.length === length ? own : null;
  if (id.width === TILE_WIDTH) return null;
  const full = await disk.read(tilePath({ ...id, width: TILE_WIDTH }));
  return full !== null && full.length >= length ? full.subarray(0, length) : null;
}

/** The entries of a bundle as a file, or null where it is missing: from the full bundle where that has replaced a partial one. */
export async function readBundleFile(disk: ReadableDisk, index: number, width: number): Promise<Buffer | null> {
  const own = await disk.read(tilePath({ level: ENTRIES, index, width }));
  if (own !== null || width === TILE_WIDTH) return own;
  const full = await disk.read(tilePath({ level: ENTRIES, index, width: TILE_WIDTH }));
  return full === null ? null : full.subarray(0, readBundle(full, width).end);
}
