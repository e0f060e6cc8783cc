import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { commitEntries } from './commit.js';
import { type AuditEvent, encodeEvent } from './event.js';
import { MemoryDisk } from './memory-disk.fixture.js';
import type { SigningKey } from './note/signed-note.js';
import { verifierKey } from './note/verifier-key.js';
import { recoverLog } from './recover.js';

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

/** The disk of a log of `size` entries, written in one commit. */
export const bigLog = async (size: number, key: SigningKey): Promise<MemoryDisk> => {
  const disk = new MemoryDisk();
  const { end } = await recoverLog(disk, key);
  const entries = Array.from({ length: size }, (_, i) => encodeEvent(eventNumber(i), new Date(0)));
  await commitEntries(disk, end, entries, key);
  return disk;
};
