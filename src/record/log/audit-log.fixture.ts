import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { AuditEvent } from './event.js';
import type { SigningKey } from './note/signed-note.js';
import { verifierKey } from './note/verifier-key.js';

/** A new key. */
export const makeKey = (name = 'example.org/site'): SigningKey => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...verifierKey(name, createPublicKey(privateKey)), privateKey };
};

/** The n-th of any number of different events. */
export const eventNumber = (n: number): AuditEvent => ({
  kind: 'state-transition',
  actor: 'system',
  camera: `camera-${n % 7}`,
  data: { from: 'starting', to: 'masked', reason: `the ${n}th frame` },
});
