import type { z } from 'zod';
import { decodeEntry } from '../log/event.js';
import { hashLeaf } from '../log/merkle/hash.js';
import { verifyInclusion } from '../log/merkle/inclusion.js';
import { parseCheckpoint } from '../log/note/checkpoint.js';
import { parseInclusionNote, verifyInclusionNote } from '../log/note/inclusion-note.js';
import { checkSignature } from '../log/note/signed-note.js';
import { parseVerifierKey, type VerifierKey } from '../log/note/verifier-key.js';
import type { ExportFiles } from './export-archive.js';
import {
  LOG_FILE,
  logFileSchema,
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  RECEIPT_ENTRY,
  RECEIPT_KEY,
  RECEIPT_PROOF,
  sha256,
} from './manifest.js';

export interface ExportVerdict {
  /** null where it cannot be read. */
  readonly manifest: Manifest | null;
  /** What no export of ours would be. None: it is whole. */
  readonly problems: readonly string[];
}

/** Checks an export offline: every file against the manifest, the manifest against the log's entry, the entry against the key. */
export const verifyExport = (files: ExportFiles, key: VerifierKey): ExportVerdict => {
  const problems: string[] = [];
  const manifestBytes = files.get(MANIFEST_FILE);
  const manifest = manifestBytes === undefined ? null : readJson(manifestSchema, manifestBytes);
  if (manifestBytes === undefined || manifest === null) {
    return { manifest: null, problems: [`${MANIFEST_FILE} is missing, or no manifest of an export.`] };
  }
  const listed = new Set([MANIFEST_FILE, RECEIPT_ENTRY, RECEIPT_PROOF, RECEIPT_KEY]);
  for (const { path, sha256: expected } of manifest.files) {
    listed.add(path);
    const bytes = files.get(path);
    if (bytes === undefined) problems.push(`${path} is missing.`);
    else if (sha256(bytes) !== expected) problems.push(`${path} was altered.`);
  }
  for (const path of files.keys())
    if (!listed.has(path)) problems.push(`${path} was added: the manifest does not list it.`);
  problems.push(...receiptProblems(files, sha256(manifestBytes), manifest, key), ...logProblems(files, key));
  return { manifest, problems };
};

/** The key that came with an export: it proves nothing about who signed. */
export const ownKeyOf = (files: ExportFiles): VerifierKey | null => {
  try {
    return parseVerifierKey(files.get(RECEIPT_KEY)?.toString('utf8').trim() ?? '');
  } catch {
    return null;
  }
};

const receiptProblems = (files: ExportFiles, digest: string, manifest: Manifest, key: VerifierKey): string[] => {
  const bytes = files.get(RECEIPT_ENTRY);
  const proof = parseInclusionNote(files.get(RECEIPT_PROOF) ?? Buffer.alloc(0));
  if (bytes === undefined || proof === null) return ['The receipt of the log is missing or cannot be read.'];
  const entry = decodeEntry(bytes);
  const data = (entry?.data ?? {}) as { digest?: unknown; export?: unknown; approvedBy?: unknown };
  const isOurs =
    entry?.kind === 'export' &&
    entry.actor === manifest.exportedBy &&
    data.digest === digest &&
    data.export === manifest.id &&
    data.approvedBy === manifest.approvedBy;
  return [
    ...(isOurs ? [] : ['The manifest is not the one that the log recorded.']),
    ...(verifyInclusionNote(proof, hashLeaf(bytes), key)
      ? []
      : [`The receipt is not signed by ${key.name} under this key.`]),
  ];
};

const logProblems = (files: ExportFiles, key: VerifierKey): string[] => {
  const bytes = files.get(LOG_FILE);
  const log = bytes === undefined ? null : readJson(logFileSchema, bytes);
  const checkpoint = log === null ? null : parseCheckpoint(Buffer.from(log.checkpoint));
  if (log === null || checkpoint === null) return [`${LOG_FILE} is missing or cannot be read.`];
  if (checkpoint.origin !== key.name || checkSignature(checkpoint.note, key) !== 'signed') {
    return [`The checkpoint of ${LOG_FILE} is not signed by ${key.name} under this key.`];
  }
  const { size, root } = checkpoint;
  const isProved = ({ index, bytes: entry, path }: (typeof log.entries)[number]): boolean => {
    const leafHash = hashLeaf(Buffer.from(entry, 'base64'));
    return verifyInclusion(
      { index, size, leafHash, root },
      path.map((hash) => Buffer.from(hash, 'base64')),
    );
  };
  const wrong = log.entries.find((entry) => !isProved(entry));
  return wrong === undefined ? [] : [`Entry ${wrong.index} of the log is not proved.`];
};

const readJson = <S extends z.ZodType>(schema: S, bytes: Buffer): z.output<S> | null => {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
};
