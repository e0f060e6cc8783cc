import { type Kysely, type Migration, Migrator } from 'kysely';
import * as alerts from './migrations/0001-alerts.js';
import * as people from './migrations/0002-people.js';
import * as alertPages from './migrations/0003-alert-pages.js';
import * as retention from './migrations/0004-retention.js';
import * as lockOuts from './migrations/0005-lock-outs.js';
import * as openAlerts from './migrations/0006-open-alerts.js';
import * as droppedReceivers from './migrations/0007-dropped-receivers.js';

/** Every step from an empty store to this version's, in the order of their names. Steps are added, never changed or removed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-alerts': alerts,
  '0002-people': people,
  '0003-alert-pages': alertPages,
  '0004-retention': retention,
  '0005-lock-outs': lockOuts,
  '0006-open-alerts': openAlerts,
  '0007-dropped-receivers': droppedReceivers,
};

/**
 * Brings a store to this version. Checks that every step it went through is one of these, in this order.
 *
 * @returns names of the steps that were taken. @throws what the database says; `corrupted migrations` where another version wrote it
 */
export const migrate = async (
  db: Kysely<unknown>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<string[]> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
};
