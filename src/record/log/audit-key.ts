import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { VeilgateError } from '../../errors.js';
import { NodeDisk } from './disk.js';
import type { SigningKey } from './note/signed-note.js';
import { formatVerifierKey, parseVerifierKey, verifierKey } from './note/verifier-key.js';

/** The private half: PKCS8 PEM, mode 0600. */
export const PRIVATE_KEY_FILE = 'audit.key';

/** The public half with its name, as a verifier key: what auditors are given. */
export const PUBLIC_KEY_FILE = 'audit.vkey';

/** Whoever can read the key can sign another past. */
const OWNER_ONLY = 0o600;

/**
 * The log's key in `<storage.dir>/keys`, made on first use. Its name is the log's origin for good: a later `origin` changes nothing,
 * since a log under another name would be another log.
 *
 * @throws VeilgateError `bad-key` where a half is unreadable or not the other's, or the private half is gone; a new key is never
 *   made in the place of an old one, as it would not be the one that signed the log.
 */
export async function openAuditKey(keysDir: string, { origin }: { readonly origin: string }): Promise<SigningKey> {
  const known = await readAuditKey(keysDir, origin);
  const privateKey = known?.privateKey ?? generateKeyPairSync('ed25519').privateKey;
  const key = known ?? signingKey(origin, privateKey);
  const disk = new NodeDisk(keysDir);
  if (known === null) {
    await disk.replace(PRIVATE_KEY_FILE, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  }
  if ((await disk.read(PUBLIC_KEY_FILE)) === null) {
    await disk.replace(PUBLIC_KEY_FILE, Buffer.from(`${formatVerifierKey(key)}\n`));
  }
  await chmod(join(keysDir, PRIVATE_KEY_FILE), OWNER_ONLY);
  return key;
}

/**
 * The key where there is one, else null; changes nothing. `origin` names a key that has no name yet.
 *
 * @throws VeilgateError `bad-key` as `openAuditKey`.
 */
export async function readAuditKey(keysDir: string, origin: string): Promise<SigningKey | null> {
  const disk = new NodeDisk(keysDir);
  const [pem, vkey] = await Promise.all([disk.read(PRIVATE_KEY_FILE), disk.read(PUBLIC_KEY_FILE)]);
  if (pem === null && vkey === null) return null;
  if (pem === null) {
    throw new VeilgateError(
      'bad-key',
      `${join(keysDir, PRIVATE_KEY_FILE)} is missing, and ${PUBLIC_KEY_FILE} beside it says that there was one: restore it, or put both that file and the log aside to begin a new log.`,
    );
  }
  const name = vkey === null ? origin : parseVerifierKey(vkey.toString('utf8').trim()).name;
  const key = signingKey(name, readPrivateKey(pem, join(keysDir, PRIVATE_KEY_FILE)));
  if (vkey !== null && formatVerifierKey(key) !== vkey.toString('utf8').trim()) {
    throw new VeilgateError(
      'bad-key',
      `${join(keysDir, PUBLIC_KEY_FILE)} is not the public half of ${PRIVATE_KEY_FILE} beside it: one of them was replaced; restore it.`,
    );
  }
  return key;
}

function signingKey(name: string, privateKey: KeyObject): SigningKey {
  return { ...verifierKey(name, createPublicKey(privateKey)), privateKey };
}

function readPrivateKey(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new VeilgateError('bad-key', `${path} is no private key in PEM: restore it.`, { cause });
  }
}
