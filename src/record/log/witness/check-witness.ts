import { VeilgateError } from '../../../errors.js';
import type { LogReader } from '../log-reader.js';
import { verifyConsistency } from '../merkle/consistency.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { checkSignature } from '../note/signed-note.js';
import type { VerifierKey } from '../note/verifier-key.js';
import type { Witness } from './witness.js';

/**
 * Asks the witness how far the log had come, and holds the log against it: at start, before anything is appended.
 *
 * @returns the entries that the witness vouches for, or null where it has none of this log.
 * @throws VeilgateError `audit-log-rolled-back` where the log is shorter or has another past, `witness-foreign` where what the
 *   witness has is not this log's, `witness-unreachable`.
 */
export async function checkWitness(log: LogReader, witness: Witness, key: VerifierKey): Promise<number | null> {
  const text = await witness.latest();
  if (text === null) return null;
  const seen = parseCheckpoint(Buffer.from(text));
  if (seen === null || seen.origin !== key.name || checkSignature(seen.note, key) !== 'signed') {
    throw new VeilgateError(
      'witness-foreign',
      `What the witness ${witness.name} has is no checkpoint of this log (${key.name}): one of the two was replaced, or the key.`,
    );
  }
  if (seen.size > log.size) {
    throw rolledBack(`the witness ${witness.name} saw ${seen.size} entries, and there are ${log.size}`);
  }
  const [root, path] = await Promise.all([log.root(), log.consistencyProof(seen.size)]);
  if (verifyConsistency(seen, { size: log.size, root }, path)) return seen.size;
  throw rolledBack(`its first ${seen.size} entries are not those that the witness ${witness.name} saw`);
}

const rolledBack = (why: string): VeilgateError =>
  new VeilgateError(
    'audit-log-rolled-back',
    `The audit log was rolled back or rewritten: ${why}. Keep the folder as evidence, and restore the log.`,
  );
