import type { Disk } from './disk.js';
import { CHECKPOINT_FILE, type LogEnd, PREVIOUS_FILE } from './log-end.js';
import { hashLeaf } from './merkle/hash.js';
import { signCheckpoint } from './note/checkpoint.js';
import type { SigningKey } from './note/signed-note.js';
import { frameEntry } from './tiles/entry-bundle.js';
import { ENTRIES, TILE_WIDTH, tilePath } from './tiles/tile-path.js';

/** A log that has grown. */
export interface Commit {
  readonly end: LogEnd;
  /** Folders of partial tiles that full ones have replaced, which may go. */
  readonly superseded: readonly string[];
}

/**
 * Appends entries to the log, so that all or none of them are in it whatever happens meanwhile: bundles and tiles are on the disk
 * before the checkpoint that signs them is made, and that one takes the old one's place at once.
 */
export async function commitEntries(
  disk: Disk,
  end: LogEnd,
  entries: readonly Buffer[],
  key: SigningKey,
): Promise<Commit> {
  const edge = end.edge.clone();
  const files = new Map<string, Uint8Array>();
  const superseded: string[] = [];
  let framed = [end.bundle];
  const addFull = (path: string, bytes: Buffer): void => {
    files.set(path, bytes);
    superseded.push(`${path}.p`);
  };
  for (const entry of entries) {
    edge.append(hashLeaf(entry), (tile) => addFull(tilePath(tile), tile.bytes));
    framed.push(frameEntry(entry));
    if (edge.size % TILE_WIDTH !== 0) continue;
    const index = edge.size / TILE_WIDTH - 1;
    addFull(tilePath({ level: ENTRIES, index, width: TILE_WIDTH }), Buffer.concat(framed));
    framed = [];
  }
  const bundle = Buffer.concat(framed);
  const width = edge.size % TILE_WIDTH;
  if (width > 0) {
    files.set(tilePath({ level: ENTRIES, index: Math.floor(edge.size / TILE_WIDTH), width }), bundle);
  }
  // A partial tile of the same name is the same tile: it is on the disk already.
  const unchanged = new Set(end.edge.tiles().map(tilePath));
  for (const tile of edge.tiles()) {
    if (!unchanged.has(tilePath(tile))) files.set(tilePath(tile), tile.bytes);
  }
  await disk.write([...files]);
  const checkpoint = signCheckpoint({ size: edge.size, root: edge.root() }, key);
  await disk.replace(CHECKPOINT_FILE, Buffer.from(checkpoint), PREVIOUS_FILE);
  return { end: { edge, bundle, checkpoint }, superseded };
}
