/** The side of the SQLite store that touches the file: answers queries that come over a port, one after the other. */
import Database from 'libsql';

/** A query on its way to the file; `close` ends the service. */
export type SqliteRequest =
  | { readonly id: number; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly close: true };

/** What came of it. */
export type SqliteReply =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly changes: number | null }
  | { readonly id: number; readonly failure: { readonly message: string; readonly code: string } };

/** The end of a message channel, a worker's or its own. */
export interface SqlitePort {
  postMessage(reply: SqliteReply): void;
  on(event: 'message', listener: (request: SqliteRequest) => void): unknown;
  close(): void;
}

/** Compiled statements kept; the queries of the gateway are some fifty. */
const STATEMENTS_KEPT = 200;

/**
 * WAL: readers go on while one writes. FULL: what was committed survives a power cut. What is deleted is overwritten. A writer waits for
 * another process, ms. 16 MiB of pages are kept in memory.
 */
const SETTINGS = [
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA secure_delete = ON',
  'PRAGMA cache_size = -16384',
  'PRAGMA busy_timeout = 5000',
];

/** Opens the file at the first request and serves it. A failure to open is the answer to every request, until it succeeds. */
export const serveSqlite = (path: string, port: SqlitePort): void => {
  let connection: Connection | null = null;
  port.on('message', (request) => {
    if ('close' in request) {
      connection?.close();
      port.postMessage({ id: request.id, rows: [], changes: null });
      return port.close();
    }
    const { id, sql, parameters } = request;
    try {
      connection ??= new Connection(path);
      port.postMessage({ id, ...connection.run(sql, parameters) });
    } catch (error) {
      port.postMessage({ id, failure: describe(error) });
    }
  });
};

class Connection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(path: string) {
    this.#database = new Database(path);
    try {
      for (const setting of SETTINGS) this.run(setting, []);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  run(sql: string, parameters: readonly unknown[]): { rows: unknown[]; changes: number | null } {
    const statement = this.#prepare(sql);
    const values = parameters.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
    );
    if (statement.reader) return { rows: statement.all(values).map(withBytes), changes: null };
    return { rows: [], changes: statement.run(values).changes };
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** A row in which bytes are bytes: the library gives their bare buffers. */
const withBytes = (row: unknown): unknown => {
  const columns = row as Record<string, unknown>;
  for (const [name, value] of Object.entries(columns))
    if (value instanceof ArrayBuffer) columns[name] = new Uint8Array(value);
  return columns;
};

const describe = (error: unknown): { message: string; code: string } => ({
  message: error instanceof Error ? error.message : String(error),
  code: error instanceof Error && 'code' in error ? String(error.code) : '',
});
