import { createHash } from 'node:crypto';
import { z } from 'zod';

export const MANIFEST_FILE = 'manifest.json';

/** The log's word for it: the entry that holds the manifest's digest, and the proof that it is in the log. */
export const RECEIPT_ENTRY = 'receipt/entry.json';
export const RECEIPT_PROOF = 'receipt/entry.tlog-proof';
export const RECEIPT_KEY = 'receipt/vkey';

/** Entries of the log, each with its proof. */
export const LOG_FILE = 'log/entries.json';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What an export is, and the hash of everything in it. The log holds the hash of this. */
export const manifestSchema = z.strictObject({
  format: z.literal('veilgate-export/1'),
  id: z.string(),
  site: z.string(),
  exportedBy: z.string(),
  approvedBy: z.string(),
  inspection: z.string().nullable(),
  purpose: z.string(),
  at: z.string(),
  from: z.string(),
  to: z.string(),
  camera: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), sha256: hex, bytes: z.int().min(0) })),
});
export type Manifest = z.output<typeof manifestSchema>;

export const logFileSchema = z.strictObject({
  checkpoint: z.string(),
  entries: z.array(z.strictObject({ index: z.int().min(0), bytes: z.base64(), path: z.array(z.base64()) })),
});

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
