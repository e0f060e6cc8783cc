import { generateKeyPairSync } from 'node:crypto';
import type { Json } from '../../record/log/canonical-json.js';
import { checkSignature, parseNote, type SigningKey, signNote } from '../../record/log/note/signed-note.js';
import { fingerprint, parseVerifierKey, type VerifierKey, verifierKey } from '../../record/log/note/verifier-key.js';
import { digestOf, type Report, resultDigest } from './report.js';

/** First line of what is signed: a signature over a report can be taken for nothing else. */
const HEADER = 'veilgate validation report v1';

/** Name of a key that is made for one run. */
const RUN_KEY_NAME = 'veilgate.local/validation-run';

/** A key for a run without a site: used once, never kept. */
export const makeRunKey = (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { ...verifierKey(RUN_KEY_NAME, publicKey), privateKey };
};

const textOf = (report: Omit<Report, 'signature'>): string =>
  `${HEADER}\nsha256 ${digestOf(report as unknown as Json)}\n`;

export const signReport = (report: Omit<Report, 'signature'>, key: SigningKey): Report => ({
  ...report,
  signature: signNote(textOf(report), key),
});

/** What is wrong with a report, each a sentence. Empty: nothing is. */
export interface ReportVerdict {
  readonly problems: readonly string[];
  /** The key that vouches for it, where one was given from elsewhere. */
  readonly signer: VerifierKey | null;
}

/**
 * Verifies a report offline: that all of it is as it was signed, and, with a key from elsewhere, by whom.
 *
 * @param files SHA-256 of the files beside it that are there
 */
export function verifyReport(
  report: Report,
  key: VerifierKey | null,
  files: Readonly<Record<string, string>>,
): ReportVerdict {
  const { signature, ...rest } = report;
  const problems: string[] = [];
  const note = parseNote(Buffer.from(signature));
  if (note === null) problems.push('it bears no signature that can be read');
  else if (note.text !== textOf(rest)) problems.push('it was changed after it was signed');
  const own = ownKey(report, problems);
  for (const signer of [own, key]) {
    if (!note || !signer) continue;
    const verdict = checkSignature(note, signer);
    const whose = signer === key ? `the given key ${fingerprint(signer)}` : 'the key that it names';
    if (verdict === 'forged') problems.push(`the signature was not made with ${whose}`);
    if (verdict === 'unsigned') problems.push(`it is not signed with ${whose}`);
  }
  if (report.resultDigest !== findingsDigest(report)) problems.push('its result digest is not that of its results');
  for (const [name, digest] of Object.entries(files)) {
    const expected = report.files[name];
    if (expected !== undefined && expected !== digest)
      problems.push(`${name} beside it is not the one that was signed`);
  }
  return { problems, signer: problems.length === 0 ? key : null };
}

function ownKey({ signer }: Report, problems: string[]): VerifierKey | null {
  try {
    const key = parseVerifierKey(signer.key);
    if (fingerprint(key) !== signer.fingerprint) problems.push('its fingerprint is not that of its key');
    return key;
  } catch {
    problems.push('the key that it names is none');
    return null;
  }
}

/** Findings are all of a report that does not say when, where and by whom. */
function findingsDigest(report: Report): string {
  const {
    run: _run,
    signer: _signer,
    files: _files,
    signature: _signature,
    resultDigest: _digest,
    ...findings
  } = report;
  return resultDigest(findings);
}
