import { join } from 'node:path';
import { VeilgateError } from '../errors.js';
import { readAuditKey } from '../record/log/audit-key.js';
import { fingerprint, formatVerifierKey } from '../record/log/note/verifier-key.js';
import type { Output } from './check.js';

export interface KeysShowOptions {
  /** Name of a key that has none yet: the log's origin. */
  readonly origin: string;
  readonly stdout: Output;
}

/**
 * `veilgate keys show`: prints the public half of the audit log's key in `<storageDir>/keys`, to be kept elsewhere than the log.
 *
 * @throws VeilgateError `no-key` where the gateway has never run, and those of `readAuditKey`.
 */
export async function runKeysShow(storageDir: string, { origin, stdout }: KeysShowOptions): Promise<0> {
  const keysDir = join(storageDir, 'keys');
  const key = await readAuditKey(keysDir, origin);
  if (key === null) {
    throw new VeilgateError('no-key', `${keysDir} holds no key yet: the gateway makes one when it first starts.`);
  }
  stdout.write(`${formatVerifierKey(key)}\n${fingerprint(key)}\n`);
  return 0;
}
