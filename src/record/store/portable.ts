/** The few words in which the two databases differ, for migrations. */
import { type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';

/** Whether this is PostgreSQL; else it is SQLite. */
export const isPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** The type of bytes. */
export const blob = (db: Kysely<unknown>) => (isPostgres(db) ? sql`bytea` : sql`blob`);

/** Adds a key that the database counts up and never gives twice, not even after the last row was deleted. */
export const risingKey = <T extends string, C extends string>(
  table: CreateTableBuilder<T, C>,
  name: string,
  db: Kysely<unknown>,
): CreateTableBuilder<T, string> =>
  isPostgres(db)
    ? table.addColumn(name, 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    : table.addColumn(name, 'integer', (column) => column.primaryKey().autoIncrement());
