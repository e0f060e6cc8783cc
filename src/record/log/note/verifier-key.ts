import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { VeilgateError } from '../../../errors.js';

/** Signature type of Ed25519 in a signed note (C2SP signed-note). */
const ED25519 = 0x01;

/** Bytes of a raw Ed25519 public key (RFC 8032). */
const RAW_BYTES = 32;

/** What stands before the raw key in its SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The public half of a key that signs notes: a name, and an Ed25519 key. */
export interface VerifierKey {
  readonly name: string;
  readonly raw: Buffer;
  readonly publicKey: KeyObject;
  /** The first four bytes of SHA-256(name || 0x0A || 0x01 || key): tells keys apart, proves nothing. */
  readonly id: Buffer;
}

/** Neither empty, nor with spaces, control characters, halves of characters or `+` (C2SP signed-note). */
const NAME = /^[^\s+\p{Cc}\p{Cs}]+$/u;

/** Whether a key may be called that, and a log have that origin. */
export const isKeyName = (name: string): boolean => NAME.test(name);

/** @throws VeilgateError `bad-key` where the name or the key is not of the kind that signs notes. */
export function verifierKey(name: string, publicKey: KeyObject): VerifierKey {
  if (!isKeyName(name)) {
    throw new VeilgateError('bad-key', `"${name}" cannot name a key: no spaces, control characters or "+", please.`);
  }
  if (publicKey.asymmetricKeyType !== 'ed25519') {
    throw new VeilgateError(
      'bad-key',
      `The key of ${name} is of type ${publicKey.asymmetricKeyType}: Ed25519 is needed.`,
    );
  }
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), raw]);
  return { name, raw, publicKey, id: hash('sha256', named, 'buffer').subarray(0, 4) };
}

/** `<name>+<key id in hex>+<base64 of 0x01 || key>`: the form that tools for signed notes take. */
export function formatVerifierKey({ name, id, raw }: VerifierKey): string {
  return `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), raw]).toString('base64')}`;
}

/** @throws VeilgateError `bad-key` where `text` is no verifier key of Ed25519. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = /^(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/u.exec(text);
  const bytes = Buffer.from(parts?.[3] ?? '', 'base64');
  if (parts === null || bytes[0] !== ED25519 || bytes.length !== 1 + RAW_BYTES) {
    throw new VeilgateError('bad-key', 'That is no verifier key: it should read "<name>+<8 hex digits>+<base64>".');
  }
  const key = verifierKey(parts[1]!, publicKeyOf(bytes.subarray(1)));
  if (key.id.toString('hex') !== parts[2]) {
    throw new VeilgateError(
      'bad-key',
      `The verifier key of ${key.name} has id ${parts[2]} where ${key.id.toString('hex')} belongs: a character of it was changed or lost.`,
    );
  }
  return key;
}

/** A key from its 32 bytes. */
export const publicKeyOf = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });

/**
 * `SHA256:` and base64 of the SHA-256 of the key's SubjectPublicKeyInfo: short enough to print and to read out.
 * `openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64` says the same.
 */
export function fingerprint({ raw }: VerifierKey): string {
  return `SHA256:${hash('sha256', Buffer.concat([SPKI_PREFIX, raw]), 'base64')}`;
}

/** Whether the key made this signature of `text`. */
export const hasSigned = ({ publicKey }: VerifierKey, text: string, signature: Buffer): boolean =>
  verify(null, Buffer.from(text), publicKey, signature);
