import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

/** One gateway asks little, and PostgreSQL's default is 100 for everybody. */
const CONNECTIONS = 5;
/** Longer than any query here takes; ms. */
const QUERY_TIMEOUT_MS = 15_000;
/** A server that does not answer within this, ms, is treated as gone. */
const CONNECT_TIMEOUT_MS = 5_000;

/** PostgreSQL's 64-bit integers: counters and milliseconds, which a double holds. */
const INT8 = 20;
const getTypeParser: typeof pg.types.getTypeParser = ((id: number, format?: 'text' | 'binary') =>
  id === INT8 && format !== 'binary'
    ? (text: string) => Number(text)
    : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser;

/** PostgreSQL for Kysely. Connections are made when they are needed, so that a server may come and go. */
export const postgresDialect = (url: string): Dialect => {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'veilgate',
    allowExitOnIdle: true,
    types: { getTypeParser },
  });
  // A connection that breaks is replaced at the next query. Without listeners it would end the process: the pool's hears of idle ones,
  // the client's of one that breaks within a transaction, between two queries.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
};
