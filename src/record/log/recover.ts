import { VeilgateError } from '../../errors.js';
import { commitEntries } from './commit.js';
import { type Disk, NEXT_SUFFIX, type ReadableDisk } from './disk.js';
import { CHECKPOINT_FILE, type LogEnd, PREVIOUS_FILE, VKEY_FILE } from './log-end.js';
import { parseCheckpoint, type SignedCheckpoint, signCheckpoint } from './note/checkpoint.js';
import { checkSignature, type SigningKey } from './note/signed-note.js';
import { formatVerifierKey } from './note/verifier-key.js';
import { readEnd, rebuildEnd, type TreeEnd } from './read-end.js';
import { lacksFullTile, sweepings } from './sweep.js';
import { readBundle } from './tiles/entry-bundle.js';
import { TileEdge } from './tiles/tile-edge.js';
import { ENTRIES, parseTilePath, TILE_FOLDER, TILE_WIDTH } from './tiles/tile-path.js';

/** Something that was mended, and belongs into the log. */
export interface Healing {
  readonly what: string;
  /** The entries that it is about: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** The end of a log, and what it took to find it. */
export interface Recovery {
  readonly end: LogEnd;
  readonly healings: readonly Healing[];
  /** Files and folders removed, of commits that were never acknowledged or have been replaced. */
  readonly swept: number;
}

/** A checkpoint file: not there or unreadable, or this log's. */
type CheckpointFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'own'; readonly checkpoint: SignedCheckpoint; readonly text: string };

/**
 * Finds the end of a log, whatever a crash left of the last commit, and removes what is left of it. A folder without a log becomes
 * the log of no entries.
 *
 * The checkpoint decides. A commit whose checkpoint was whole but not yet in place is finished; any other is dropped: it was not
 * acknowledged. Tiles are computed anew where the entries come to the signed head without them.
 *
 * @throws VeilgateError `audit-log-foreign` where another key signed, `audit-log-damaged` where the entries are not those signed:
 *   no crash does that.
 */
export async function recoverLog(disk: Disk, key: SigningKey): Promise<Recovery> {
  const files = new Set(await disk.list());
  const vkey = Buffer.from(`${formatVerifierKey(key)}\n`);
  const healings: Healing[] = [];
  let end = await finishCommit(disk, key);
  if (end === null) {
    const current = await readCheckpoint(disk, CHECKPOINT_FILE, key);
    if (current.kind === 'own') end = await endAt(disk, current, files, healings);
    else if (isEmpty(files)) end = await beginLog(disk, key);
    else end = await resume(disk, key, files, healings);
  }
  const size = end.edge.size;
  const leftovers = sweepings(new Set(await disk.list()), size);
  if (files.has(NEXT)) leftovers.push(NEXT);
  if (leftovers.length > 0) await disk.remove(leftovers);
  if (!(await disk.read(VKEY_FILE))?.equals(vkey)) await disk.replace(VKEY_FILE, vkey);
  return { end, healings, swept: leftovers.length };
}

const NEXT = `${CHECKPOINT_FILE}${NEXT_SUFFIX}`;

/** Puts the next checkpoint in place where it is whole and all that it signs is there; else null. */
async function finishCommit(disk: Disk, key: SigningKey): Promise<LogEnd | null> {
  const next = await readCheckpoint(disk, NEXT, key);
  if (next.kind === 'none') return null;
  const current = await readCheckpoint(disk, CHECKPOINT_FILE, key);
  if (current.kind === 'own' && current.checkpoint.size >= next.checkpoint.size) return null;
  const end = await readEnd(disk, next.checkpoint);
  if (end === null) return null;
  await disk.finishReplace(CHECKPOINT_FILE);
  return { ...end, checkpoint: next.text };
}

/** The end that a checkpoint signs. */
async function endAt(
  disk: Disk,
  { checkpoint, text }: Extract<CheckpointFile, { kind: 'own' }>,
  files: ReadonlySet<string>,
  healings: Healing[],
): Promise<LogEnd> {
  const { size } = checkpoint;
  const read = lacksFullTile(files, size) ? null : await readEnd(disk, checkpoint);
  if (read !== null) return { ...read, checkpoint: text };
  const rebuilt = await rebuildEnd(disk, checkpoint);
  if (rebuilt === null) throw damaged(`its ${size} entries are not those that its checkpoint signs`);
  healings.push({ what: 'tiles were missing or wrong, and were computed anew from the entries', from: 0, to: size });
  return { ...rebuilt, checkpoint: text };
}

/**
 * Takes a log up again whose checkpoint is lost. Since a checkpoint is replaced at once, no crash should do that; still, entries
 * after the one before may have been acknowledged: those that are whole are signed anew, and the log will say so.
 */
async function resume(disk: Disk, key: SigningKey, files: ReadonlySet<string>, healings: Healing[]): Promise<LogEnd> {
  const previous = await readCheckpoint(disk, PREVIOUS_FILE, key);
  if (previous.kind === 'none') throw damaged('its checkpoint is missing or unreadable, and so is the one before');
  const before = await endAt(disk, previous, files, healings);
  const entries = await entriesAfter(disk, before, files);
  await disk.replace(CHECKPOINT_FILE, Buffer.from(before.checkpoint));
  const { end } = await commitEntries(disk, before, entries, key);
  healings.push({
    what: 'the checkpoint was missing or unreadable; these entries followed the one before, and were signed anew',
    from: before.edge.size,
    to: end.edge.size,
  });
  return end;
}

/** Whole entries that stand on the disk after an end. */
async function entriesAfter(disk: ReadableDisk, { edge, bundle }: TreeEnd, files: ReadonlySet<string>) {
  const found: Buffer[] = [];
  let known = readBundle(bundle, TILE_WIDTH).entries;
  for (let index = Math.floor(edge.size / TILE_WIDTH); ; index++) {
    let longest: readonly Buffer[] = known;
    for (const path of files) {
      const tile = parseTilePath(path);
      if (tile?.level !== ENTRIES || tile.index !== index) continue;
      const { entries } = readBundle((await disk.read(path)) ?? Buffer.alloc(0), tile.width);
      const continues = known.every((entry, i) => entries[i]?.equals(entry));
      if (continues && entries.length > longest.length) longest = entries;
    }
    found.push(...longest.slice(known.length));
    if (longest.length < TILE_WIDTH) return found;
    known = [];
  }
}

/** A log of no entries. */
async function beginLog(disk: Disk, key: SigningKey): Promise<LogEnd> {
  const edge = new TileEdge();
  const checkpoint = signCheckpoint({ size: 0, root: edge.root() }, key);
  await disk.write([[VKEY_FILE, Buffer.from(`${formatVerifierKey(key)}\n`)]]);
  await disk.replace(CHECKPOINT_FILE, Buffer.from(checkpoint));
  return { edge, bundle: Buffer.alloc(0), checkpoint };
}

const isEmpty = (files: ReadonlySet<string>): boolean =>
  !files.has(PREVIOUS_FILE) && ![...files].some((path) => path.startsWith(`${TILE_FOLDER}/`));

async function readCheckpoint(disk: ReadableDisk, path: string, key: SigningKey): Promise<CheckpointFile> {
  const bytes = await disk.read(path);
  const checkpoint = bytes === null ? null : parseCheckpoint(bytes);
  if (checkpoint === null) return { kind: 'none' };
  if (checkpoint.origin === key.name && checkSignature(checkpoint.note, key) === 'signed') {
    return { kind: 'own', checkpoint, text: bytes!.toString('utf8') };
  }
  throw new VeilgateError(
    'audit-log-foreign',
    `The audit log's ${path} is not signed by the key of this site (${key.name}): another key signed it, or it was altered. Restore the key or the log; to begin a new log, put the old one aside.`,
  );
}

const damaged = (what: string): VeilgateError =>
  new VeilgateError(
    'audit-log-damaged',
    `The audit log is damaged: ${what}. "veilgate audit verify" names the first entry that does not fit; keep the folder as evidence, and put it aside to begin a new log.`,
  );
