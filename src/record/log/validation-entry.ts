import { canonicalJson, type Json } from './canonical-json.js';
import { checkSignature, parseNote, type SigningKey, signNote } from './note/signed-note.js';
import { fingerprint, parseVerifierKey, type VerifierKey } from './note/verifier-key.js';

/** What the log keeps of a validation report. Digests are SHA-256, hexadecimal. */
export interface ValidationDigests {
  readonly report: string;
  readonly result: string;
  readonly dataset: string;
  /** Files that were measured, and that could not be used. */
  readonly items: number;
  readonly skipped: number;
}

/** First line of what is signed: the signature can be taken for nothing else. */
const HEADER = 'veilgate validation entry v1';

const textOf = ({ report, result, dataset, items, skipped }: ValidationDigests): string =>
  `${HEADER}\n${canonicalJson({ report, result, dataset, items, skipped } as Json)}\n`;

/** The word of the key that signed a report on its digests: a signed note (C2SP). */
export const signDigests = (digests: ValidationDigests, key: SigningKey): string => signNote(textOf(digests), key);

/** The entry of a report whose signature was checked. `signer`: whether it is the site's own key, or one that the site does not know. */
export const validationEntry = (digests: ValidationDigests, key: VerifierKey, siteKey: VerifierKey) => {
  const signer = key.raw.equals(siteKey.raw) ? ('site' as const) : ('not pinned' as const);
  return { ...digests, signer, key: fingerprint(key) };
};

/**
 * Who vouches for these digests, or what is wrong with the signature, as a sentence.
 *
 * @param key verifier key of who signed the report @param signature as `signDigests` makes it
 */
export const checkDigests = (digests: ValidationDigests, key: string, signature: string): VerifierKey | string => {
  let signer: VerifierKey;
  try {
    signer = parseVerifierKey(key);
  } catch {
    return 'The key is no verifier key.';
  }
  const note = parseNote(Buffer.from(signature));
  if (note === null) return 'The signature is no signed note.';
  if (note.text !== textOf(digests))
    return 'These are not the digests that were signed: they or the report were changed.';
  return checkSignature(note, signer) === 'signed' ? signer : 'The signature was not made with that key.';
};
