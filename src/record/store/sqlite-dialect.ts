import { MessageChannel, Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type SqliteReply, type SqliteRequest, serveSqlite } from './sqlite-service.js';

/** Who runs the queries: a thread, as the gateway does, or this one, for tests that run from source. */
export type SqliteHost = 'thread' | 'here';

const THREAD = new URL('./sqlite-thread.js', import.meta.url);

/** SQLite for Kysely, in a file that another thread holds. One connection: transactions wait for each other. */
export const sqliteDialect = (path: string, host: SqliteHost): Dialect => ({
  createDriver: () => new SqliteDriver(path, host),
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: (db) => new SqliteIntrospector(db),
});

class SqliteDriver implements Driver {
  readonly #path: string;
  readonly #host: SqliteHost;
  #line: SqliteLine | null = null;
  #free: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(path: string, host: SqliteHost) {
    this.#path = path;
    this.#host = host;
  }

  async init(): Promise<void> {
    this.#line = new SqliteLine(this.#path, this.#host);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    let release!: () => void;
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.#line!;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  beginTransaction = (connection: DatabaseConnection): Promise<void> => command(connection, 'begin immediate');
  commitTransaction = (connection: DatabaseConnection): Promise<void> => command(connection, 'commit');

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A disk that is full has rolled back already, and says so.
    await command(connection, 'rollback').catch(() => undefined);
  }

  async destroy(): Promise<void> {
    await this.#line?.close();
  }
}

const command = async (connection: DatabaseConnection, sql: string): Promise<void> =>
  void (await connection.executeQuery(CompiledQuery.raw(sql)));

interface Waiter {
  resolve(reply: Extract<SqliteReply, { rows: unknown }>): void;
  reject(error: Error): void;
}

/** The line to the thread. Whatever waits when the thread ends is refused. */
class SqliteLine implements DatabaseConnection {
  readonly #waiting = new Map<number, Waiter>();
  readonly #port: { postMessage(request: SqliteRequest): void; ref(): void; unref(): void };
  #ended: Error | null = null;
  #next = 1;

  constructor(path: string, host: SqliteHost) {
    if (host === 'thread') {
      const worker = new Worker(THREAD, { workerData: path });
      worker.on('message', (reply: SqliteReply) => this.#heard(reply));
      worker.on('error', (error) => this.#end(error));
      worker.on('exit', () => this.#end(new Error('The thread ended.')));
      this.#port = worker;
    } else {
      const { port1, port2 } = new MessageChannel();
      serveSqlite(path, port2);
      port1.on('message', (reply: SqliteReply) => this.#heard(reply));
      this.#port = port1;
    }
    this.#port.unref();
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#ask({ sql, parameters });
    return { rows: rows as R[], ...(changes !== null && { numAffectedRows: BigInt(changes) }) };
  }

  // biome-ignore lint/correctness/useYield: rows are not streamed, and Kysely asks for a generator
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows are read in pages here, and never streamed.');
  }

  async close(): Promise<void> {
    await this.#ask({ close: true }).catch(() => undefined);
  }

  #ask(
    request: { sql: string; parameters: readonly unknown[] } | { close: true },
  ): Promise<Extract<SqliteReply, { rows: unknown }>> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      // While somebody waits for an answer, the process does not end.
      if (this.#waiting.size === 0) this.#port.ref();
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, ...request });
    });
  }

  #heard(reply: SqliteReply): void {
    const waiter = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#port.unref();
    if ('failure' in reply) {
      const { message, code } = reply.failure;
      waiter?.reject(Object.assign(new Error(message), { code }));
    } else waiter?.resolve(reply);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
