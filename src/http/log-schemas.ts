/** What the API tells of the audit log. Hashes are Base64 of SHA-256 (RFC 9162). */
import { z } from 'zod';

const hash = (description: string) => z.base64().describe(description);
const position = z.int().min(0);

export const logSchema = z
  .strictObject({
    size: position.describe('Entries in the log.'),
    checkpoint: z.string().describe('The signed head, word for word (C2SP tlog-checkpoint).'),
    verifierKey: z
      .string()
      .describe('Public key of the log (C2SP signed-note). Compare it with one that was kept elsewhere.'),
    fingerprint: z.string().describe('Its fingerprint, as `veilgate keys show` prints it.'),
  })
  .describe('The head of the audit log.');

export const logEntrySchema = z
  .strictObject({
    index: position.describe('Its place, from 0.'),
    time: z.string().nullable().describe('When, in UTC.'),
    kind: z.string().nullable(),
    actor: z.string().nullable().describe('Who did it.'),
    camera: z.string().nullable().describe('The camera that it is about.'),
    data: z.unknown().describe('What there is to say about it, by kind.'),
    bytes: z.base64().describe('The entry as the log holds it: what its hash is of.'),
  })
  .describe('An entry of the audit log. Fields are null where another version wrote it in a form of its own.');

export const logEntriesSchema = z
  .strictObject({ size: position.describe('Entries in the log.'), entries: z.array(logEntrySchema) })
  .describe('Some entries, in their order.');

export const inclusionProofSchema = z
  .strictObject({
    index: position,
    size: position.describe('Entries of the tree.'),
    leafHash: hash('Hash of the entry.'),
    path: z.array(hash('Hash of a sibling.')).describe('From the entry to the head.'),
    root: hash('Head of the tree.'),
  })
  .describe('That an entry is among the first `size` (RFC 9162, 2.1.3).');

export const consistencyProofSchema = z
  .strictObject({
    first: position,
    second: position,
    firstRoot: hash('Head of the smaller tree.'),
    secondRoot: hash('Head of the larger tree.'),
    path: z.array(hash('Hash of a subtree.')),
  })
  .describe('That the first `first` entries are the beginning of the first `second` (RFC 9162, 2.1.4).');

const digest = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(`SHA-256, hexadecimal: ${description}`);
const files = z.int().min(0).max(1_000_000_000);

export const validationEntrySchema = z
  .strictObject({
    report: digest('of the whole report.'),
    result: digest('of its results.'),
    dataset: digest('of what it was tested on.'),
    items: files.describe('Files that were measured.'),
    skipped: files.describe('Files that could not be used.'),
    key: z.string().max(500).describe('Verifier key (C2SP signed-note) of who signed the report.'),
    signature: z
      .string()
      .max(5000)
      .describe('A signed note of that key over these digests; checked before they are entered.'),
  })
  .describe('What the log keeps of a validation report: digests, nothing of its pictures.');

export const loggedSchema = z.strictObject({ index: position.describe('Its place in the log, from 0.') });

/** Entries of one answer: a bundle of the log. */
export const MAX_LOG_ENTRIES = 256;

const size = z.coerce.number<string>().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const logEntriesQuery = z.strictObject({
  start: size.optional().describe('The first entry. Default: so that the last entries come.'),
  limit: z.coerce.number<string>().int().min(1).max(MAX_LOG_ENTRIES).default(100).describe('How many at most.'),
});

export const inclusionQuery = z.strictObject({
  size: size.optional().describe('Entries of the tree that the proof is for. Default: all.'),
});

export const consistencyQuery = z.strictObject({
  first: size.describe('Entries of the smaller tree.'),
  second: size.optional().describe('Entries of the larger tree. Default: all.'),
});

export const LOG_ANSWERS = {
  Log: logSchema,
  LogEntry: logEntrySchema,
  LogEntries: logEntriesSchema,
  InclusionProof: inclusionProofSchema,
  ConsistencyProof: consistencyProofSchema,
  LoggedEntry: loggedSchema,
};
