import { NEXT_SUFFIX, type ReadableDisk } from '../disk.js';
import { LOCK_FILE } from '../folder-lock.js';
import { CHECKPOINT_FILE, PREVIOUS_FILE, VKEY_FILE } from '../log-end.js';
import { HASH_BYTES } from '../merkle/hash.js';
import { tileStanding } from '../sweep.js';
import { readBundle } from '../tiles/entry-bundle.js';
import { readBundleFile, readHashes } from '../tiles/read-tile.js';
import { splitHashes } from '../tiles/tile-edge.js';
import { ENTRIES, levelWidth, parseTilePath, TILE_WIDTH, type TileId } from '../tiles/tile-path.js';

/** Files of a log that are no part of its tree, and that others look after. */
const KNOWN: ReadonlySet<string> = new Set([
  CHECKPOINT_FILE,
  `${CHECKPOINT_FILE}${NEXT_SUFFIX}`,
  PREVIOUS_FILE,
  VKEY_FILE,
  `${VKEY_FILE}${NEXT_SUFFIX}`,
  LOCK_FILE,
]);

/** What else lies in a log's folder. */
export interface Leftovers {
  /** Earlier, shorter versions of tiles that are not what the log holds now, with the first entry that differs. */
  readonly misfits: readonly { readonly path: string; readonly entry: number }[];
  /** Files that no checkpoint signs: what a crash leaves, or what was put there. */
  readonly beyond: readonly string[];
  /** Files that no log has. */
  readonly strange: readonly string[];
}

/** Looks at every file of a log of `size` entries that the tree itself is not made of. */
export async function examineLeftovers(disk: ReadableDisk, size: number): Promise<Leftovers> {
  const misfits: { path: string; entry: number }[] = [];
  const beyond: string[] = [];
  const strange: string[] = [];
  for (const path of await disk.list()) {
    const tile = parseTilePath(path);
    if (tile === null) {
      if (!KNOWN.has(path)) strange.push(path);
      continue;
    }
    const isBeyond = tileStanding(tile, size) === 'beyond';
    if (isBeyond) beyond.push(path);
    const width = signedWidth(tile, size);
    if (width === 0 || (!isBeyond && tile.width === width)) continue;
    const own = (await disk.read(path)) ?? Buffer.alloc(0);
    const signed = await readSigned(disk, tile, width);
    if (signed === null || !(isBeyond ? agree(own, signed) : own.equals(firstOf(signed, tile)))) {
      misfits.push({ path, entry: firstDifference(tile, own, signed ?? Buffer.alloc(0)) });
    }
  }
  return { misfits, beyond, strange };
}

/** How wide a tile is in a log of `size` entries. */
function signedWidth({ level, index }: TileId, size: number): number {
  const count = levelWidth(level === ENTRIES ? 0 : level, size) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, count));
}

const readSigned = (disk: ReadableDisk, { level, index }: TileId, width: number): Promise<Buffer | null> =>
  level === ENTRIES ? readBundleFile(disk, index, width) : readHashes(disk, { level, index, width });

/** What a narrower version of the same tile should hold. */
const firstOf = (bytes: Buffer, { level, width }: TileId): Buffer =>
  bytes.subarray(0, level === ENTRIES ? readBundle(bytes, width).end : width * HASH_BYTES);

/** The first entry that two versions of a tile do not agree about. */
function firstDifference({ level, index, width }: TileId, own: Buffer, signed: Buffer): number {
  const [ours, theirs] =
    level === ENTRIES
      ? [readBundle(own, width).entries, readBundle(signed, width).entries]
      : [splitHashes(own.subarray(0, own.length - (own.length % HASH_BYTES))), splitHashes(signed)];
  let at = 0;
  while (at < ours.length && theirs[at]?.equals(ours[at]!)) at++;
  return (index * TILE_WIDTH + at) * (level === ENTRIES ? 1 : TILE_WIDTH ** level);
}

/** Whether one of two is the beginning of the other. */
function agree(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return a.subarray(0, length).equals(b.subarray(0, length));
}
