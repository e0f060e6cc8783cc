import { type KeyObject, sign } from 'node:crypto';
import { hasSigned, isKeyName, type VerifierKey } from './verifier-key.js';

/** Bytes of a key's id before a signature. */
const ID_BYTES = 4;

/** More than a checkpoint with 16 signatures of any kind needs (C2SP signed-note: at least 16, up to nearly 5 kB each). */
export const MAX_NOTE_BYTES = 128 * 1024;

/** A key that signs notes. */
export interface SigningKey extends VerifierKey {
  readonly privateKey: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Buffer;
  readonly signature: Buffer;
}

/** A text and who signed it; nothing of it is checked yet. */
export interface SignedNote {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signs `text`, which ends with a newline (C2SP signed-note). */
export function signNote(text: string, { name, id, privateKey }: SigningKey): string {
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** Reads a note, strictly: null where it is none. */
export function parseNote(bytes: Buffer): SignedNote | null {
  if (bytes.length > MAX_NOTE_BYTES) return null;
  const note = decodeUtf8(bytes);
  // No control characters but newline.
  if (note === null || /[^\P{Cc}\n\u007f-\u009f]/u.test(note)) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 1 || !note.endsWith('\n')) return null;
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature === null) return null;
    signatures.push(signature);
  }
  return { text: note.slice(0, split + 1), signatures };
}

function parseSignature(line: string): NoteSignature | null {
  const match = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
  if (match === null || !isKeyName(match[1]!)) return null;
  const bytes = Buffer.from(match[2]!, 'base64');
  // One spelling a signature: a changed spare bit of base64 is a change.
  if (bytes.length <= ID_BYTES || bytes.toString('base64') !== match[2]) return null;
  return { name: match[1]!, id: bytes.subarray(0, ID_BYTES), signature: bytes.subarray(ID_BYTES) };
}

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What a key has to do with a note. */
export type SignatureVerdict = 'signed' | 'unsigned' | 'forged';

/**
 * `signed`: every signature under the key's name and id is the key's. `unsigned`: there is none. `forged`: one of them is not.
 */
export function checkSignature({ text, signatures }: SignedNote, key: VerifierKey): SignatureVerdict {
  const own = signatures.filter(({ name, id }) => name === key.name && id.equals(key.id));
  if (own.length === 0) return 'unsigned';
  return own.every(({ signature }) => hasSigned(key, text, signature)) ? 'signed' : 'forged';
}
