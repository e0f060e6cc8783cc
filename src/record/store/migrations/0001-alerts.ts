import { type Kysely, sql } from 'kysely';
import { blob, risingKey } from '../portable.js';

const FILTERS = [
  ['camera'],
  ['state'],
  ['kind'],
  ['severity'],
  ['article'],
  ['open'],
  ['camera', 'state'],
  ['camera', 'kind'],
  ['camera', 'severity'],
  ['camera', 'open'],
  ['state', 'kind'],
  ['state', 'severity'],
  ['open', 'severity'],
] as const;

/** Alerts, what happened to them, their pictures, and how far receivers have got. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('zone', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('law', 'text', (column) => column.notNull())
    .addColumn('article', 'integer', (column) => column.notNull())
    .addColumn('penalty', 'integer')
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('occurrences', 'bigint', (column) => column.notNull())
    .addColumn('evidence', 'text')
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('escalated_at', 'bigint')
    .addColumn('overdue_at', 'bigint')
    .execute();
  await sql`create unique index alerts_one_open on alerts (camera, kind, cause) where open = 1`.execute(db);
  // An index for every filter, and for the pairs that are asked for together, each ending in what pages are ordered by.
  for (const columns of FILTERS)
    await db.schema
      .createIndex(`alerts_by_${columns.join('_')}`)
      .on('alerts')
      .columns([...columns, 'id'])
      .execute();
  // What the timers look for: few rows of many.
  await sql`create index alerts_to_escalate on alerts (since) where state = 'new' and escalated_at is null`.execute(db);
  await sql`create index alerts_to_report on alerts (since) where state = 'confirmed' and overdue_at is null`.execute(
    db,
  );

  await risingKey(db.schema.createTable('alert_events'), 'seq', db)
    .addColumn('alert', 'text', (column) => column.notNull().references('alerts.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('from_state', 'text')
    .addColumn('to_state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('report_to', 'text')
    .addColumn('report_at', 'bigint')
    .addColumn('report_reference', 'text')
    .execute();
  await db.schema.createIndex('alert_events_by_alert').on('alert_events').columns(['alert', 'seq']).execute();

  await db.schema
    .createTable('evidence')
    .addColumn('sha256', 'text', (column) => column.primaryKey())
    .addColumn('jpeg', blob(db), (column) => column.notNull())
    .addColumn('masked', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('deliveries')
    .addColumn('receiver', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute();
};
