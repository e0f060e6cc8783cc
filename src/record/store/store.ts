import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dialect, Kysely, type Transaction } from 'kysely';
import type { Secret } from '../../config/secret.js';
import type { Logger } from '../../rtsp/logger.js';
import { migrate } from './migrate.js';
import { postgresDialect } from './postgres-dialect.js';
import { type SqliteHost, sqliteDialect } from './sqlite-dialect.js';
import { explainFailure, fileStorePlace, POSTGRES_PLACE, StoreError, type StorePlace } from './store-error.js';
import type { Tables } from './tables.js';

/** Name of the SQLite file in the storage folder. */
export const STORE_FILE = 'record.db';

/** After a failure to open, the next attempt waits this long, ms, so that a server that is gone is not asked by every request. */
const REOPEN_AFTER_MS = 1000;
/** After a failure the store is tried this often, ms, until it takes something again. */
const TRY_EVERY_MS = 2000;
/** Whose row is written and removed again to see whether the store takes what is written. */
const NOBODY = 'nobody';

/** Where a store is. */
export interface StoreConfig {
  /** Of the SQLite file; exists or is made. */
  readonly dir: string;
  /** `postgres://...`; null: the file. */
  readonly url: Secret | null;
}

export interface StoreOptions {
  readonly logger: Logger;
  /** Default `thread`. */
  readonly host?: SqliteHost;
}

/**
 * What the record is kept in: alerts, people, decisions. It is opened and brought to this version by whoever asks first, and asked
 * again after it could not be reached; only those who need it wait for it or fail.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  /** Why nothing can be kept since the last failure; null again as soon as something was, which is tried by itself. */
  readonly trouble: StoreError | null;
  /**
   * Runs queries. @throws StoreError `store-unavailable`, `store-damaged`, `store-too-new`, `store-full`; other failures are mistakes
   * in the query and come as they are
   */
  run<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Runs queries of which all take effect or none. Durable when it resolves. Throws as `run` does. */
  transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A store that opens when it is first asked. Never throws. */
export const openStore = (config: StoreConfig, options: StoreOptions): Store => new LazyStore(config, options);

class LazyStore implements Store {
  readonly kind: Store['kind'];
  readonly #config: StoreConfig;
  readonly #options: StoreOptions;
  readonly #place: StorePlace;
  #opening: Promise<Kysely<Tables>> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown = null;
  #trouble: StoreError | null = null;
  #trial: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(config: StoreConfig, options: StoreOptions) {
    this.#config = config;
    this.#options = options;
    this.kind = config.url ? 'postgres' : 'sqlite';
    this.#place = config.url ? POSTGRES_PLACE : fileStorePlace(join(config.dir, STORE_FILE));
  }

  get trouble(): StoreError | null {
    return this.#trouble;
  }

  async run<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      const db = await this.#db();
      return await work(db);
    } catch (error) {
      const failure = explainFailure(error, this.#place);
      if (failure instanceof StoreError) this.#failed(failure);
      throw failure;
    }
  }

  transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.run((db) => db.transaction().execute(work));
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#trial) clearTimeout(this.#trial);
    const db = await this.#opening?.catch(() => null);
    this.#opening = Promise.reject(explainFailure(Object.assign(new Error('closed'), { code: 'ECONN' }), this.#place));
    this.#opening.catch(() => undefined);
    await db?.destroy();
  }

  #failed(failure: StoreError): void {
    if (this.#closed) return;
    if (this.#trouble?.code !== failure.code)
      this.#options.logger.warn(
        { store: this.kind, code: failure.code, detail: failure.message },
        'nothing can be kept',
      );
    this.#trouble = failure;
    this.#tryLater();
  }

  #tryLater(): void {
    this.#trial ??= setTimeout(() => void this.#try(), TRY_EVERY_MS).unref();
  }

  /** A disk that is full goes on being read: whether there is room again shows when something is written. */
  async #try(): Promise<void> {
    this.#trial = null;
    try {
      await this.transaction(async (db) => {
        await db.insertInto('deliveries').values({ receiver: NOBODY, seq: 0 }).execute();
        await db.deleteFrom('deliveries').where('receiver', '=', NOBODY).execute();
      });
      this.#trouble = null;
      this.#options.logger.info({ store: this.kind }, 'the store keeps what it is given again');
    } catch {
      if (!this.#closed) this.#tryLater();
    }
  }

  #db(): Promise<Kysely<Tables>> {
    if (this.#opening) return this.#opening;
    if (performance.now() - this.#failedAt < REOPEN_AFTER_MS) return Promise.reject(this.#failure);
    const opening = this.#open();
    this.#opening = opening;
    return opening;
  }

  async #open(): Promise<Kysely<Tables>> {
    const { logger } = this.#options;
    const db = new Kysely<Tables>({ dialect: await this.#dialect() });
    try {
      const steps = await migrate(db as Kysely<unknown>);
      logger.info({ store: this.kind, steps }, 'store opened');
      return db;
    } catch (error) {
      this.#failure = explainFailure(error, this.#place);
      this.#failedAt = performance.now();
      this.#opening = null;
      logger.warn({ store: this.kind, error: String(this.#failure), cause: String(error) }, 'store not opened');
      await db.destroy().catch(() => undefined);
      throw this.#failure;
    }
  }

  async #dialect(): Promise<Dialect> {
    const { dir, url } = this.#config;
    if (url) return postgresDialect(url.reveal());
    const path = join(dir, STORE_FILE);
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      // Its owner's alone from the first byte; SQLite gives its side files the same rights.
      await using _ = await open(path, 'a', 0o600);
    } catch {
      // Shows, with a better reason, when the database opens it.
    }
    return sqliteDialect(path, this.#options.host ?? 'thread');
  }
}
