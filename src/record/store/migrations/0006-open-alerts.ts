import { type Kysely, sql } from 'kysely';

const CLASS = ['kind', 'severity', 'article'] as const;

const RANGES: readonly (readonly string[])[] = [[], ['camera'], [...CLASS], ['camera', ...CLASS]];

/** Pages of open alerts, which are few: read from one range of a small index instead of from one a state. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const columns of RANGES) {
    const name = ['alerts_open', ...columns].join('_').replace(CLASS.join('_'), 'class');
    const keys = sql.join([...columns, 'id'].map((column) => sql.ref(column)));
    await sql`create index ${sql.ref(name)} on alerts (${keys}) where open = 1`.execute(db);
  }
};
