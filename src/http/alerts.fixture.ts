/** Alerts in a real store, opened by whoever asks first: what the tests of the HTTP side speak to. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertBook } from '../record/alerts/alert-book.js';
import { AlertFeed } from '../record/alerts/alert-feed.js';
import type { AuditEvent } from '../record/log/event.js';
import { openStore } from '../record/store/store.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import type { AlertsApi } from './alert-routes.js';

export interface AlertsOnTrial extends AlertsApi, AsyncDisposable {
  readonly book: AlertBook;
  readonly feed: AlertFeed;
  readonly journal: readonly AuditEvent[];
}

export const alertsOnTrial = (): AlertsOnTrial => {
  const dir = join(tmpdir(), `veilgate-alerts-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const store = openStore({ dir, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  const feed = new AlertFeed();
  const journal: AuditEvent[] = [];
  const book = new AlertBook({
    store,
    now: Date.now,
    news: (news) => feed.tell({ type: 'alert', ...news }),
    journal: { note: (event) => void journal.push(event), record: async (event) => void journal.push(event) },
  });
  return {
    book,
    feed,
    journal,
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
