import { HASH_BYTES } from '../merkle/hash.js';
import { verifyInclusion } from '../merkle/inclusion.js';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { checkSignature, MAX_NOTE_BYTES } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** An entry's place in a log, and all that it takes to prove it offline. */
export interface InclusionNote {
  readonly index: number;
  readonly path: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

/** A proof as text, to be stored as `.tlog-proof` (C2SP tlog-proof). `checkpoint` is the signed note, word for word. */
export function formatInclusionNote(index: number, path: readonly Buffer[], checkpoint: string): string {
  return [HEADER, `index ${index}`, ...path.map((hash) => hash.toString('base64')), '', checkpoint].join('\n');
}

/** Reads a proof, strictly: null where it is none. Extra data is allowed, and ignored. */
export function parseInclusionNote(bytes: Buffer): InclusionNote | null {
  if (bytes.length > MAX_NOTE_BYTES) return null;
  const end = bytes.indexOf('\n\n');
  if (end < 0) return null;
  const [header, ...lines] = bytes.toString('latin1', 0, end).split('\n');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [indexLine = '', ...pathLines] = lines;
  const index = Number(/^index (0|[1-9]\d*)$/.exec(indexLine)?.[1]);
  const path = pathLines.map((line) => Buffer.from(line, 'base64'));
  const isPath = path.every((hash, i) => hash.length === HASH_BYTES && hash.toString('base64') === pathLines[i]);
  const checkpoint = parseCheckpoint(bytes.subarray(end + 2));
  if (header !== HEADER || !Number.isSafeInteger(index) || !isPath || checkpoint === null) return null;
  return { index, path, checkpoint };
}

/** Whether the key vouches that the entry with this hash is in the log, at the place that the proof names. */
export function verifyInclusionNote(
  { index, path, checkpoint }: InclusionNote,
  leafHash: Buffer,
  key: VerifierKey,
): boolean {
  const { size, root, note } = checkpoint;
  return (
    checkpoint.origin === key.name &&
    checkSignature(note, key) === 'signed' &&
    verifyInclusion({ index, size, leafHash, root }, path)
  );
}
