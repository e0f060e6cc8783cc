import { type Kysely, sql, type Transaction } from 'kysely';
import type { RetentionConfig } from '../../config/site.js';
import type { Journal } from '../journal.js';
import type { Store } from '../store/store.js';
import type { Tables } from '../store/tables.js';
import { SYSTEM_ACTOR } from './alert-book.js';

const DAY_MS = 86_400_000;
/** Alerts of one transaction, and of one entry of the log: others write between two of them. */
const AT_ONCE = 200;

export interface PurgeOptions {
  readonly store: Store;
  readonly journal: Pick<Journal, 'record'>;
  /** ms since 1970 UTC. */
  readonly now: number;
  readonly retention: RetentionConfig;
  /** Up to which event everybody who is told has been told: what was not sent yet stays. */
  readonly told: number;
}

/** What was deleted. */
export interface Purged {
  readonly pictures: number;
  readonly alerts: number;
}

/**
 * Deletes what was kept long enough: pictures of alerts, and alerts with their history, counted from when they were dismissed or closed.
 * Open ones stay. Each deletion is an entry of the audit log before it takes effect; what cannot be recorded is not deleted.
 *
 * Throws StoreError, and what the journal throws; what was deleted until then stays so.
 */
export const purge = async (options: PurgeOptions): Promise<Purged> => ({
  pictures: await repeat(options, deletePictures),
  alerts: await repeat(options, deleteAlerts),
});

type Step = (db: Transaction<Tables>, options: PurgeOptions) => Promise<number>;

const repeat = async (options: PurgeOptions, step: Step): Promise<number> => {
  let all = 0;
  for (;;) {
    const some = await options.store.transaction((db) => step(db, options));
    all += some;
    if (some < AT_ONCE) return all;
  }
};

const deletePictures: Step = async (db, { journal, now, retention }) => {
  const over = now - Math.min(retention.evidence, retention.alerts) * DAY_MS;
  const rows = await longOver(db, over).where('evidence', 'is not', null).execute();
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await journal.record(deletion(`pictures of ${rows.length} alerts`, rows, retention.evidence));
  await db.updateTable('alerts').set({ evidence: null }).where('id', 'in', ids).execute();
  // A picture may have been kept for several alerts.
  const pictures = [...new Set(rows.map(({ evidence }) => evidence!))];
  await db
    .deleteFrom('evidence')
    .where('sha256', 'in', pictures)
    .where('sha256', 'not in', (query) =>
      query.selectFrom('alerts').select(sql<string>`evidence`.as('sha256')).where('evidence', 'in', pictures),
    )
    .execute();
  return rows.length;
};

const deleteAlerts: Step = async (db, { journal, now, retention, told }) => {
  const over = now - retention.alerts * DAY_MS;
  const rows = await longOver(db, over)
    .where('evidence', 'is', null)
    .where('id', 'not in', (query) => query.selectFrom('alert_events').select('alert').where('seq', '>', told))
    .execute();
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await journal.record(deletion(`${rows.length} alerts and their history`, rows, retention.alerts));
  await db.deleteFrom('alert_events').where('alert', 'in', ids).execute();
  await db.deleteFrom('alerts').where('id', 'in', ids).execute();
  return rows.length;
};

const longOver = (db: Kysely<Tables>, over: number) =>
  db
    .selectFrom('alerts')
    .select(['id', 'since', 'evidence'])
    // As its index says it.
    .where(sql<boolean>`open = 0`)
    .where('since', '<', over)
    .orderBy('since')
    .limit(AT_ONCE);

const deletion = (what: string, rows: readonly { readonly since: number }[], days: number) =>
  ({
    kind: 'deletion',
    actor: SYSTEM_ACTOR,
    data: {
      what,
      from: new Date(rows[0]!.since).toISOString(),
      to: new Date(rows.at(-1)!.since).toISOString(),
      reason: `dismissed or closed more than ${days} days ago`,
    },
  }) as const;
