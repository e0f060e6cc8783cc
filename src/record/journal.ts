import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Logger } from '../rtsp/logger.js';
import { openAuditKey } from './log/audit-key.js';
import { AuditLog } from './log/audit-log.js';
import type { AuditEvent } from './log/event.js';
import type { LogReader } from './log/log-reader.js';
import type { SigningKey } from './log/note/signed-note.js';
import type { VerifierKey } from './log/note/verifier-key.js';
import { auditOrigin } from './log/origin.js';
import { checkPinnedKey } from './log/pinned-key.js';
import { openWitness } from './log/witness/open-witness.js';
import { WatchedWitness } from './log/witness/watched-witness.js';
import { WitnessFeed } from './log/witness/witness-feed.js';

/** What the gateway records: the audit log as the rest of the code sees it. */
export interface Journal {
  /** Records a fact that has happened and cannot wait: a failure to write it is logged, and masking goes on. */
  note(event: AuditEvent): void;
  /** Records what is about to happen. Rejects where it cannot be written: it must not happen then. */
  record(event: AuditEvent): Promise<void>;
}

/** What may be read of the log, and proved by it. */
export interface ReadableJournal {
  /** The log as it is now. @throws VeilgateError where it is damaged, and says how */
  reader(): LogReader;
  readonly key: VerifierKey;
}

/** Where the log is in the storage folder, and where its key. */
const LOG_FOLDER = 'audit';
const KEY_FOLDER = 'keys';

/** A journal that is open; closing it lets what waits be written. */
export interface OpenJournal extends Journal, ReadableJournal {
  /** Records as `record` does, and says where in the log. */
  append(event: AuditEvent): Promise<{ readonly index: number }>;
  close(): Promise<void>;
}

/** The log itself is not what it was, or not ours: evidence, and nothing to write on. */
const DAMAGED: readonly string[] = [
  'audit-log-damaged',
  'audit-log-foreign',
  'audit-log-rolled-back',
  'audit-key-not-pinned',
  'witness-foreign',
];

/**
 * Opens the audit log of a site, or begins one. One that was tampered with, that another key signed than the site file pins, or that
 * its witness remembers otherwise is left as it is: masking goes on without a record, and nothing that must be recorded happens.
 *
 * Throws as `AuditLog.open` and `openAuditKey` do for whatever is no damage (`audit-log-in-use`, a folder that cannot be written).
 */
export async function openJournal(
  { site, storage }: Pick<Site, 'site' | 'storage'>,
  logger: Logger,
): Promise<OpenJournal> {
  const key = await openAuditKey(join(storage.dir, KEY_FOLDER), { origin: auditOrigin(site.name) });
  const journal = new AuditJournal(key, logger);
  try {
    checkPinnedKey(key, storage.logKey);
    await journal.open(join(storage.dir, LOG_FOLDER), storage.witness?.reveal() ?? null);
  } catch (error) {
    await journal.close();
    if (!(error instanceof VeilgateError) || !DAMAGED.includes(error.code)) throw error;
    journal.refuse(error);
  }
  return journal;
}

class AuditJournal implements OpenJournal {
  readonly key: SigningKey;
  readonly #logger: Logger;
  #log: AuditLog | null = null;
  #feed: WitnessFeed | null = null;
  /** Why nothing can be recorded. */
  #damage: VeilgateError | null = null;

  constructor(key: SigningKey, logger: Logger) {
    this.key = key;
    this.#logger = logger;
  }

  async open(dir: string, witnessPlace: string | null): Promise<void> {
    const log = await AuditLog.open(dir, {
      key: this.key,
      logger: this.#logger,
      onCheckpoint: (checkpoint) => this.#feed?.take(checkpoint),
    });
    this.#log = log;
    if (witnessPlace === null) return;
    const witness = new WatchedWitness(openWitness(witnessPlace), {
      log: () => log.reader(),
      key: this.key,
      onConflict: (error) => this.refuse(error),
    });
    try {
      await witness.check();
    } catch (error) {
      if (!(error instanceof VeilgateError) || error.code !== 'witness-unreachable') throw error;
      // It is asked when it is back; who takes it away for good is seen by this line, and by the witness.
      this.#logger.warn({ witness: witness.name, detail: error.message }, 'witness not reached');
    }
    this.#feed = new WitnessFeed(witness, { logger: this.#logger });
  }

  /** Records nothing from now on. */
  refuse(error: VeilgateError): void {
    this.#damage = error;
    const { code, message: detail } = error;
    this.#logger.warn({ code, detail }, 'the audit log is damaged: nothing is released or accepted');
  }

  reader(): LogReader {
    if (this.#log === null || this.#damage !== null) throw this.#damage ?? notOpen();
    return this.#log.reader();
  }

  note(event: AuditEvent): void {
    if (this.#damage !== null) return;
    this.record(event).catch((error: unknown) => {
      this.#logger.warn(
        { kind: event.kind, camera: event.camera, error: String(error) },
        'not recorded in the audit log',
      );
    });
  }

  async record(event: AuditEvent): Promise<void> {
    await this.append(event);
  }

  async append(event: AuditEvent): Promise<{ readonly index: number }> {
    if (this.#log === null || this.#damage !== null) throw this.#damage ?? notOpen();
    return this.#log.append(event);
  }

  async close(): Promise<void> {
    await this.#log?.close();
    await this.#feed?.close();
  }
}

const notOpen = (): VeilgateError => new VeilgateError('audit-log-closed', 'The audit log is not open.');
