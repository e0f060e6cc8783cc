import { type Kysely, sql } from 'kysely';

/** What is looked for when the time of records is over: the oldest of what is dismissed or closed, and whose a picture is. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index alerts_over on alerts (since) where open = 0`.execute(db);
  await sql`create index alerts_with_evidence on alerts (since) where open = 0 and evidence is not null`.execute(db);
  await sql`create index alerts_by_evidence on alerts (evidence) where evidence is not null`.execute(db);
};
