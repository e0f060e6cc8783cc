import { join } from 'node:path';
import type { Site } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import { openAuditKey } from './log/audit-key.js';
import { AuditLog } from './log/audit-log.js';
import type { AuditEvent } from './log/event.js';

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

/** Opens the audit log of a site, or begins one. Throws as `AuditLog.open` and `openAuditKey` do. */
export async function openJournal(
  { site, storage }: Pick<Site, 'site' | 'storage'>,
  logger: Logger,
): Promise<OpenJournal> {
  const key = await openAuditKey(join(storage.dir, KEY_FOLDER), { origin: auditOrigin(site.name) });
  const log = await AuditLog.open(join(storage.dir, LOG_FOLDER), { key, logger });
  return {
    note(event) {
      log.append(event).catch((error: unknown) => {
        logger.warn({ kind: event.kind, camera: event.camera, error: String(error) }, 'not recorded in the audit log');
      });
    },
    async record(event) {
      await log.append(event);
    },
    close: () => log.close(),
  };
}

/** The origin of a site's log: a name without spaces or `+` (C2SP signed-note), readable where the site's name is. */
export const auditOrigin = (siteName: string): string => `veilgate/${siteName.replace(/[\s+\p{Cc}\p{Cs}]+/gu, '-')}`;
