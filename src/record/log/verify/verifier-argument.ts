import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { VeilgateError } from '../../../errors.js';
import { fingerprint, parseVerifierKey, type VerifierKey, verifierKey } from '../note/verifier-key.js';

/** What the log says about itself, for a key that is given as less than a whole one. */
export interface LogClaims {
  /** The origin of its checkpoint: the name of a key that is given without one. */
  readonly origin: string;
  /** The key beside it, if any: what a fingerprint is compared with. */
  readonly vkey: string | null;
}

/**
 * A public key as people have it at hand: a verifier key (`veilgate keys show`), its fingerprint, a public key as PEM, or a file with
 * any of them.
 *
 * @throws VeilgateError `bad-key` where it is none of them, or the fingerprint of another key than the log's own.
 */
export async function verifierArgument(argument: string, claims: LogClaims): Promise<VerifierKey> {
  const content = await readFile(argument, 'utf8').catch(() => null);
  const text = (content ?? argument).trim();
  if (text.startsWith('SHA256:')) return byFingerprint(text, claims);
  if (text.includes('-----BEGIN')) return verifierKey(claims.origin, readPem(text));
  // What `veilgate keys show` printed, kept as it is: the key, and its fingerprint below.
  const [key, below = ''] = text.split(/\s*\n\s*/);
  if (!key!.includes('+')) {
    const what = content === null ? `There is no file "${argument}", and it is no key` : `${argument} holds no key`;
    throw new VeilgateError(
      'bad-key',
      `${what}: give what "veilgate keys show" prints ("<name>+<8 hex digits>+<base64>"), its fingerprint, or a file with either.`,
    );
  }
  const parsed = parseVerifierKey(key!);
  if (below.startsWith('SHA256:') && below !== fingerprint(parsed)) {
    throw new VeilgateError(
      'bad-key',
      `The fingerprint in ${argument} is not that of the key above it: one of them was changed.`,
    );
  }
  return parsed;
}

function byFingerprint(text: string, { vkey }: LogClaims): VerifierKey {
  if (vkey === null) {
    throw new VeilgateError(
      'bad-key',
      'The log has no key beside it to compare the fingerprint with: give the whole key.',
    );
  }
  const key = parseVerifierKey(vkey);
  if (fingerprint(key) === text) return key;
  throw new VeilgateError(
    'bad-key',
    `The log's key has the fingerprint ${fingerprint(key)}, not the one given: ${text}.`,
  );
}

function readPem(text: string): KeyObject {
  if (text.includes('PRIVATE KEY')) {
    throw new VeilgateError(
      'bad-key',
      'That is a private key, which verifies nothing: give the public one, and keep this one.',
    );
  }
  try {
    return createPublicKey(text);
  } catch (cause) {
    throw new VeilgateError('bad-key', 'The PEM text given as the key holds no public key.', { cause });
  }
}
