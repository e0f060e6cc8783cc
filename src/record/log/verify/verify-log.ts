import type { ReadableDisk } from '../disk.js';
import { CHECKPOINT_FILE, PREVIOUS_FILE, VKEY_FILE } from '../log-end.js';
import { parseCheckpoint, type SignedCheckpoint } from '../note/checkpoint.js';
import { checkSignature } from '../note/signed-note.js';
import { fingerprint, formatVerifierKey, parseVerifierKey, type VerifierKey } from '../note/verifier-key.js';
import type { EntryFault } from './explain-bundle.js';
import { examineLeftovers } from './leftovers.js';
import { type Walk, walkLog } from './walk.js';

/** A checkpoint of the same log that was put aside before. */
export interface EarlierCheckpoint {
  /** Where it comes from, in words. */
  readonly source: string;
  readonly checkpoint: SignedCheckpoint;
}

/** Something that no log of ours would be. */
export interface Problem {
  /** The first entry that does not fit, where one can be named. */
  readonly entry: number | null;
  readonly message: string;
}

export interface Verdict {
  /** What was verified; null where no checkpoint can be read. */
  readonly checkpoint: SignedCheckpoint | null;
  /** The key that signed it, of those given; null where none was. */
  readonly signer: VerifierKey | null;
  /** What is wrong with the signature first, then by entry. None: the log is consistent. */
  readonly problems: readonly Problem[];
  /** What is worth knowing, and no fault. */
  readonly notes: readonly string[];
}

/** What a log is verified against. */
export interface VerifyOptions {
  /** The key that is known to be the site's, from elsewhere than the log; null: the signer stays unproven. */
  readonly key: VerifierKey | null;
  readonly earlier: readonly EarlierCheckpoint[];
}

/** A log that is being written is read so often at most, until it holds still for long enough. */
const MOST_READINGS = 3;

/**
 * Verifies a log from its files and a public key alone: computes every hash again from the entries, compares every tile and the
 * signed head with them, and the past with earlier checkpoints. It may be one that a gateway is writing.
 */
export async function verifyLog(disk: ReadableDisk, options: VerifyOptions): Promise<Verdict> {
  for (let reading = 1; ; reading++) {
    // Before the head: of a log that grows it is never ahead of it then.
    const previous = await disk.read(PREVIOUS_FILE);
    const head = await disk.read(CHECKPOINT_FILE);
    const verdict = await verifyFiles(disk, { head, previous }, options);
    if (verdict.problems.length === 0 || reading === MOST_READINGS) return verdict;
    // Full tiles take the place of partial ones, which are removed: where the log has grown meanwhile, that is no deletion.
    const now = await disk.read(CHECKPOINT_FILE);
    if (head === null || now === null || now.equals(head)) return verdict;
  }
}

async function verifyFiles(
  disk: ReadableDisk,
  { head: bytes, previous }: { readonly head: Buffer | null; readonly previous: Buffer | null },
  { key, earlier }: VerifyOptions,
): Promise<Verdict> {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const note = (message: string): void => void problems.push({ entry: null, message });
  const checkpoint = bytes === null ? null : parseCheckpoint(bytes);
  if (checkpoint === null) {
    note(
      bytes === null
        ? 'There is no checkpoint: it was deleted, or this is no audit log.'
        : 'The checkpoint is no signed checkpoint: it was altered or cut short.',
    );
    return { checkpoint, signer: null, problems, notes };
  }
  const ownKey = await readOwnKey(disk, note);
  const verifier = key ?? ownKey;
  if (key !== null && ownKey !== null && formatVerifierKey(ownKey) !== formatVerifierKey(key)) {
    note(`The log's own ${VKEY_FILE} is another key than the one given: ${fingerprint(ownKey)} (${ownKey.name}).`);
  }
  if (verifier === null) notes.push(`There is no ${VKEY_FILE}: the signature was not looked at.`);
  else if (checkpoint.origin !== verifier.name) {
    note(`The checkpoint is of the log ${checkpoint.origin}; the key is of ${verifier.name}.`);
  } else explainSignature(checkpoint, verifier, 'The checkpoint', note);

  const past = [...earlier, ...parsePrevious(previous, note)];
  if (verifier !== null) {
    for (const one of past) explainSignature(one.checkpoint, verifier, `The checkpoint of ${one.source}`, note);
  }
  const walk = await walkLog(disk, checkpoint.size, new Set(past.map(({ checkpoint: { size } }) => size)));
  const agreed = agreedSize(past, walk);
  const tree = explainTree(checkpoint, walk, agreed);
  const leftovers = await examineLeftovers(disk, checkpoint.size);
  for (const { path, entry } of leftovers.misfits) {
    tree.push({ entry, message: `${path} is not what the log holds: entry ${entry} is the first that differs.` });
  }
  const last = Number.POSITIVE_INFINITY;
  problems.push(...tree.sort((a, b) => (a.entry ?? last) - (b.entry ?? last)));
  // Where an entry is named already, the checkpoint beside it only says the same again.
  const told = tree.some(({ entry }) => entry !== null) ? earlier : past;
  for (const one of told) problems.push(...explainPast(checkpoint, walk, one, agreed));
  if (leftovers.beyond.length > 0) {
    notes.push(
      `${some(leftovers.beyond)}: after the last checkpoint. Not signed, so never acknowledged; a crash leaves such files, or somebody put them there.`,
    );
  }
  if (leftovers.strange.length > 0) notes.push(`${some(leftovers.strange)}: no part of the log.`);
  return { checkpoint, signer: key, problems, notes };
}

type Note = (message: string) => void;

async function readOwnKey(disk: ReadableDisk, note: Note): Promise<VerifierKey | null> {
  const bytes = await disk.read(VKEY_FILE);
  if (bytes === null) return null;
  try {
    return parseVerifierKey(bytes.toString('utf8').replace(/\n$/, ''));
  } catch {
    note(`The log's own ${VKEY_FILE} is no verifier key: it was altered.`);
    return null;
  }
}

/** The checkpoint before the last: the log vouches for it as for any other. */
function parsePrevious(bytes: Buffer | null, note: Note): EarlierCheckpoint[] {
  if (bytes === null) return [];
  const checkpoint = parseCheckpoint(bytes);
  if (checkpoint === null) note(`${PREVIOUS_FILE} is no signed checkpoint: it was altered or cut short.`);
  return checkpoint === null ? [] : [{ source: PREVIOUS_FILE, checkpoint }];
}

function explainSignature(
  { note: signed, origin }: SignedCheckpoint,
  key: VerifierKey,
  what: string,
  note: Note,
): void {
  const verdict = checkSignature(signed, key);
  if (verdict === 'unsigned') {
    note(
      `${what} is not signed by ${key.name} (${fingerprint(key)}): another key signed it, or the log of ${origin} was replaced.`,
    );
  }
  if (verdict === 'forged') note(`${what} carries a signature of ${key.name} that is not one: it was altered.`);
}

const FAULTS: Readonly<Record<EntryFault, string>> = {
  missing: 'is missing: deleted, or cut off',
  'cut-short': 'is cut short',
  deleted: 'was deleted: the one after it stands in its place',
  inserted: 'was inserted: the one that belongs there follows it',
  reordered: 'is in the wrong place: entries were reordered',
  altered: 'is not the one whose hash was recorded: it was altered',
  surplus: 'is more than the checkpoint signs: something was added after the last entry',
};

/** What the files say about themselves and the signed head. */
function explainTree({ size, root }: SignedCheckpoint, walk: Walk, agreed: number): Problem[] {
  const { entriesRoot, leavesRoot, entryMisfit, tileMisfit } = walk;
  const areEntriesSigned = entriesRoot?.equals(root) ?? false;
  const problems: Problem[] = [];
  if (entryMisfit !== null && (!areEntriesSigned || entryMisfit.fault === 'surplus')) {
    const { entry, fault, path } = entryMisfit;
    problems.push({ entry, message: `Entry ${entry} ${FAULTS[fault]} (${path}).` });
  } else if (entryMisfit !== null) {
    const tile = entryMisfit.path.replace('/entries/', '/0/');
    problems.push({
      entry: entryMisfit.entry,
      message: `Entry ${entryMisfit.entry} is as signed, but its hash in ${tile} is not: the tile was altered. Deleted, it is computed anew at the next start.`,
    });
  }
  const isTold = areEntriesSigned && entryMisfit !== null && tileMisfit !== null && entryMisfit.entry < tileMisfit.end;
  if (tileMisfit !== null && !isTold) {
    const { path, start, end } = tileMisfit;
    const entries = end - start === 1 ? `entry ${start}` : `entries ${start} to ${end - 1}`;
    const isHarmless = areEntriesSigned
      ? 'the entries are as signed. Deleted, it is computed anew at the next start.'
      : `one of ${entries} was altered, or the tile.`;
    problems.push({ entry: start, message: `${path} is missing or not the hash of ${entries}: ${isHarmless}` });
  }
  if (areEntriesSigned || problems.length > 0) return problems;
  const everything = size === 0 ? 'nothing' : `the ${size} entries and their hashes`;
  return [
    {
      entry: null,
      message: `The checkpoint signs another tree than ${everything} come to${leavesRoot === null ? '' : ', which agree with each other'}: the log was rewritten${fromEntry(agreed)}, or the checkpoint is another log's.`,
    },
  ];
}

/** How many entries are surely those of before: the most that an earlier checkpoint agrees with. */
function agreedSize(past: readonly EarlierCheckpoint[], { heads }: Walk): number {
  const agreed = past.filter(({ checkpoint: { size, root } }) => heads.get(size)?.equals(root));
  return Math.max(0, ...agreed.map(({ checkpoint: { size } }) => size));
}

const fromEntry = (agreed: number): string => (agreed === 0 ? '' : `, from entry ${agreed} on`);

/** Whether the log still begins with what it was. */
function explainPast(
  now: SignedCheckpoint,
  { heads }: Walk,
  { source, checkpoint }: EarlierCheckpoint,
  agreed: number,
): Problem[] {
  const { origin, size, root } = checkpoint;
  if (origin !== now.origin) {
    return [{ entry: null, message: `The checkpoint of ${source} is of another log: ${origin}, not ${now.origin}.` }];
  }
  if (size > now.size) {
    return [
      {
        entry: now.size,
        message: `The log was rolled back: it had ${size} entries (${source}), now it has ${now.size}. Entry ${now.size} is the first that is gone.`,
      },
    ];
  }
  const head = heads.get(size);
  if (head === undefined || head.equals(root)) return [];
  return [
    {
      entry: null,
      message: `The past was rewritten: the first ${size} entries are not those of the checkpoint of ${source}: they differ${fromEntry(agreed)}.`,
    },
  ];
}

/** Some of many names. */
function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(', ');
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
