import { HASH_BYTES } from '../merkle/hash.js';
import { parseNote, type SignedNote, type SigningKey, signNote } from './signed-note.js';

/** What a log was at one time: its origin, how many entries it had, and the head of their tree. */
export interface Checkpoint {
  /** Which log it is of. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint as it was read, with who signed it. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

/** A checkpoint as a signed note (C2SP tlog-checkpoint). The log's origin is the key's name. */
export function signCheckpoint({ size, root }: Omit<Checkpoint, 'origin'>, key: SigningKey): string {
  return signNote(`${key.name}\n${size}\n${root.toString('base64')}\n`, key);
}

/** Reads a checkpoint, strictly: null where it is none. Extension lines are allowed, and ignored. */
export function parseCheckpoint(bytes: Buffer): SignedCheckpoint | null {
  const note = parseNote(bytes);
  if (note === null) return null;
  const [origin, sizeText, rootText, ...extensions] = note.text.slice(0, -1).split('\n');
  if (!origin || !sizeText || !rootText || extensions.includes('')) return null;
  const size = Number(sizeText);
  const root = Buffer.from(rootText, 'base64');
  if (!/^(0|[1-9]\d*)$/.test(sizeText) || !Number.isSafeInteger(size)) return null;
  if (root.length !== HASH_BYTES || root.toString('base64') !== rootText) return null;
  return { origin, size, root, note };
}
