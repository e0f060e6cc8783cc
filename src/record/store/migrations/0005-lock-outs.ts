import type { Kysely } from 'kysely';

/** Wrong passwords, by whose name and from where: a restart lets nobody guess on. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('wrong_passwords')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('tries', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
};
