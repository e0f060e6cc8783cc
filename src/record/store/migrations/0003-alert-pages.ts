import { type Kysely, sql } from 'kysely';

/** As the first migration made them: of two filters that exclude each other, all that fulfil one were read. */
const BEFORE = [
  'camera',
  'state',
  'kind',
  'severity',
  'article',
  'open',
  'camera_state',
  'camera_kind',
  'camera_severity',
  'camera_open',
  'state_kind',
  'state_severity',
  'open_severity',
];

const CLASS = ['kind', 'severity', 'article'] as const;

/** Of each of these, pages are read where they begin. */
const RANGES: readonly (readonly string[])[] = [
  ['camera'],
  ['state'],
  ['camera', 'state'],
  [...CLASS],
  [...CLASS, 'state'],
  ['camera', ...CLASS],
  ['camera', ...CLASS, 'state'],
];

/**
 * The classes of alerts that there are, so that a list is a few ranges of an index, whatever it is narrowed to (`alert-list.ts`), and the
 * indexes for that.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('alert_classes')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('article', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('alert_classes_key', [...CLASS])
    .execute();
  await sql`insert into alert_classes select distinct kind, severity, article from alerts`.execute(db);
  for (const name of BEFORE) await db.schema.dropIndex(`alerts_by_${name}`).execute();
  for (const columns of RANGES)
    await db.schema
      .createIndex(`alerts_by_${columns.join('_').replace(CLASS.join('_'), 'class')}`)
      .on('alerts')
      .columns([...columns, 'id'])
      .execute();
};
