import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Logger } from '../rtsp/logger.js';
import { openAuditKey } from './log/audit-key.js';
import { AuditLog } from './log/audit-log.js';
import type { AuditEvent } from './log/event.js';
import { auditOrigin } from './log/origin.js';

/** What the gateway records: the audit log as the rest of the code sees it. */
export interface Journal {
  /** Records a fact that has happened and cannot wait: a failure to write it is logged, and masking goes on. */
  note(event: AuditEvent): void;
  /** Records what is about to happen. Rejects where it cannot be written: it must not happen then. */
  record(event: AuditEvent): Promise<void>;
}

/** Where the log is in the storage folder, and where its key. */
const LOG_FOLDER = 'audit';
const KEY_FOLDER = 'keys';

/** A journal that is open; closing it lets what waits be written. */
export interface OpenJournal extends Journal {
  close(): Promise<void>;
}

/** The log itself is not what it was: evidence, and nothing to write on. */
const DAMAGED: readonly string[] = ['audit-log-damaged', 'audit-log-foreign', 'audit-log-rolled-back'];

/**
 * Opens the audit log of a site, or begins one. One that was tampered with is left as it is: masking goes on without a record, and
 * nothing that must be recorded happens.
 *
 * Throws as `AuditLog.open` and `openAuditKey` do for whatever is no damage (`audit-log-in-use`, a folder that cannot be written).
 */
export async function openJournal(
  { site, storage }: Pick<Site, 'site' | 'storage'>,
  logger: Logger,
): Promise<OpenJournal> {
  const key = await openAuditKey(join(storage.dir, KEY_FOLDER), { origin: auditOrigin(site.name) });
  try {
    return writing(await AuditLog.open(join(storage.dir, LOG_FOLDER), { key, logger }), logger);
  } catch (error) {
    if (!(error instanceof VeilgateError) || !DAMAGED.includes(error.code)) throw error;
    logger.warn(
      { code: error.code, detail: error.message },
      'the audit log is damaged: nothing is released or accepted',
    );
    return refusing(error);
  }
}

const writing = (log: AuditLog, logger: Logger): OpenJournal => ({
  note(event) {
    log.append(event).catch((error: unknown) => {
      logger.warn({ kind: event.kind, camera: event.camera, error: String(error) }, 'not recorded in the audit log');
    });
  },
  async record(event) {
    await log.append(event);
  },
  close: () => log.close(),
});

const refusing = (reason: VeilgateError): OpenJournal => ({
  note() {},
  record: () => Promise.reject(reason),
  close: () => Promise.resolve(),
});
