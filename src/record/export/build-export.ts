import { randomUUID } from 'node:crypto';
import { VeilgateError } from '../../errors.js';
import type { OpenJournal } from '../journal.js';
import type { LogReader } from '../log/log-reader.js';
import { formatVerifierKey } from '../log/note/verifier-key.js';
import type { Store } from '../store/store.js';
import { packExport } from './export-archive.js';
import {
  LOG_FILE,
  MANIFEST_FILE,
  type Manifest,
  RECEIPT_ENTRY,
  RECEIPT_KEY,
  RECEIPT_PROOF,
  sha256,
} from './manifest.js';
import { watermark } from './watermark.js';

/** Alerts and log entries of one export: more are several exports, of shorter times. */
export const MAX_EXPORTED = 5_000;

export interface ExportContext {
  readonly store: Store;
  readonly journal: Pick<OpenJournal, 'append' | 'reader' | 'key'>;
  readonly site: string;
  readonly now: () => Date;
  /** Every zone revision of the cameras, by camera. */
  readonly zones: (camera: string | null) => Promise<ReadonlyMap<string, readonly object[]>>;
}

export interface ExportOrder {
  readonly from: Date;
  readonly to: Date;
  /** null: all. */
  readonly camera: string | null;
  readonly purpose: string;
  readonly exportedBy: string;
  readonly approvedBy: string;
  readonly inspection: string | null;
}

export interface BuiltExport {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, as the log has it. */
  readonly digest: string;
  readonly zip: Buffer;
}

/**
 * Makes an export: alerts with their masked pictures, the history of zones, and the log's entries of that time with proofs. It is
 * recorded before it exists: the log's entry holds the hash of its manifest, and the log's signature of that entry comes with it.
 *
 * @throws VeilgateError `export-too-large`, and where the log cannot be written or the store be read
 */
export const buildExport = async (context: ExportContext, order: ExportOrder): Promise<BuiltExport> => {
  const { journal, now } = context;
  const at = now();
  const id = randomUUID();
  const files = new Map<string, Buffer>();
  const alerts = await readAlerts(context.store, order);
  files.set('alerts.json', json(alerts));
  const stamp = `${order.exportedBy}  ${at.toISOString()}  ${id}`;
  for (const hash of new Set(alerts.flatMap(({ evidence }) => evidence ?? []))) {
    const kept = await context.store.run((db) =>
      db.selectFrom('evidence').select('jpeg').where('sha256', '=', hash).executeTakeFirst(),
    );
    if (kept) files.set(`evidence/${hash}.jpg`, await watermark(Buffer.from(kept.jpeg), stamp));
  }
  for (const [camera, revisions] of await context.zones(order.camera))
    files.set(`zones/${camera}.json`, json(revisions));
  files.set(LOG_FILE, json(await readLog(journal.reader(), order)));
  const manifest: Manifest = {
    format: 'veilgate-export/1',
    id,
    site: context.site,
    exportedBy: order.exportedBy,
    approvedBy: order.approvedBy,
    inspection: order.inspection,
    purpose: order.purpose,
    at: at.toISOString(),
    from: order.from.toISOString(),
    to: order.to.toISOString(),
    camera: order.camera,
    files: [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), bytes: bytes.length })),
  };
  const manifestBytes = json(manifest);
  const digest = sha256(manifestBytes);
  const { index } = await journal.append({
    kind: 'export',
    actor: order.exportedBy,
    ...(order.camera !== null && { camera: order.camera }),
    data: { export: id, items: files.size, digest, approvedBy: order.approvedBy },
  });
  const reader = journal.reader();
  const [{ bytes }, proof] = await Promise.all([reader.entry(index), reader.inclusionNote(index)]);
  files.set(MANIFEST_FILE, manifestBytes);
  files.set(RECEIPT_ENTRY, bytes);
  files.set(RECEIPT_PROOF, Buffer.from(proof));
  files.set(RECEIPT_KEY, Buffer.from(`${formatVerifierKey(journal.key)}\n`));
  return { manifest, digest, zip: await packExport(files, at) };
};

/** Alerts that were seen in that time, with what happened to them. */
const readAlerts = async (store: Store, { from, to, camera }: ExportOrder) => {
  const [alerts, events] = await store.run(async (db) => {
    const found = await db
      .selectFrom('alerts')
      .selectAll()
      .where('first_at', '<', to.getTime())
      .where('last_at', '>=', from.getTime())
      .$if(camera !== null, (query) => query.where('camera', '=', camera!))
      .orderBy('id')
      .limit(MAX_EXPORTED + 1)
      .execute();
    if (found.length > MAX_EXPORTED) throw tooLarge('alerts');
    const ids = found.map(({ id }) => id);
    const steps = [];
    for (let i = 0; i < ids.length; i += 500) {
      const some = ids.slice(i, i + 500);
      steps.push(
        ...(await db.selectFrom('alert_events').selectAll().where('alert', 'in', some).orderBy('seq').execute()),
      );
    }
    return [found, steps] as const;
  });
  return alerts.map((alert) => ({ ...alert, events: events.filter((event) => event.alert === alert.id) }));
};

/** The log's entries of that time, each with the hashes that prove it. */
const readLog = async (reader: LogReader, { from, to, camera }: ExportOrder) => {
  const entries = [];
  for (let index = await firstSince(reader, from); index < reader.size; index++) {
    const { bytes, entry } = await reader.entry(index);
    if (entry !== null && new Date(entry.time) >= to) break;
    if (camera !== null && entry?.camera !== undefined && entry.camera !== camera) continue;
    if (entries.length >= MAX_EXPORTED) throw tooLarge('entries of the log');
    const { path } = await reader.inclusionProof(index);
    entries.push({ index, bytes: bytes.toString('base64'), path: path.map((hash) => hash.toString('base64')) });
  }
  return { checkpoint: reader.checkpoint, entries };
};

/** The first entry that is not before a time; entries are in the order of time, but for a clock that was set back. */
const firstSince = async (reader: LogReader, from: Date): Promise<number> => {
  let [low, high] = [0, reader.size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { entry } = await reader.entry(middle);
    if (entry !== null && new Date(entry.time) < from) low = middle + 1;
    else high = middle;
  }
  return low;
};

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

const tooLarge = (what: string): VeilgateError =>
  new VeilgateError('export-too-large', `More than ${MAX_EXPORTED} ${what} fall into this time: export shorter ones.`);
