import type { Kysely } from 'kysely';

/** When a receiver was last found to be told nothing any more; null: it is told. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('deliveries').addColumn('dropped_at', 'bigint').execute();
};
