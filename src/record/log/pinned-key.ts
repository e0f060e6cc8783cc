import { VeilgateError } from '../../errors.js';
import { fingerprint, formatVerifierKey, type VerifierKey } from './note/verifier-key.js';

/**
 * Holds the log's key against the one that the site file pins: the whole key or its fingerprint, as `veilgate keys show` prints them.
 *
 * @throws VeilgateError `audit-key-not-pinned`
 */
export const checkPinnedKey = (key: VerifierKey, pinned: string | null): void => {
  if (pinned === null || pinned === fingerprint(key) || pinned === formatVerifierKey(key)) return;
  throw new VeilgateError(
    'audit-key-not-pinned',
    `The audit log's key is ${fingerprint(key)}, and the site file pins another (storage.logKey): the key was replaced, or the site file is of another site.`,
  );
};
