/** One suite for both databases: the real ones, each test with an empty store of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { Secret } from '../../config/secret.js';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import { isPostgresMissing, PostgresServer } from './postgres-server.fixture.js';
import { openStore, type Store, type StoreConfig } from './store.js';

/** Making a server's files takes 2 s on an idle machine; ms. */
const SERVER_START_MS = 120_000;

/** Where an empty store is, and the store. Disposing of it closes it and removes the file. */
export interface TestStore extends AsyncDisposable {
  readonly store: Store;
  readonly config: StoreConfig;
}

/** An empty store in a file of its own. */
export const sqliteTestStore = async (): Promise<TestStore> => {
  const dir = mkdtempSync(join(tmpdir(), 'veilgate-store-'));
  return disposable({ dir, url: null }, dir);
};

const disposable = (config: StoreConfig, dir: string): TestStore => {
  const store = openStore(config, { logger: SILENT_LOGGER, host: 'here' });
  return {
    store,
    config,
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** Runs the same tests on SQLite and on PostgreSQL; on the latter where it is installed. */
export const describeStores = (
  what: string,
  tests: (makeStore: () => Promise<TestStore>, server: () => PostgresServer | null) => void,
): void => {
  describe(`${what} on SQLite`, () => tests(sqliteTestStore, () => null));
  describe.skipIf(isPostgresMissing())(`${what} on PostgreSQL`, () => {
    let server: PostgresServer | null = null;
    beforeAll(async () => {
      server = await PostgresServer.start();
    }, SERVER_START_MS);
    afterAll(() => server?.[Symbol.asyncDispose]());
    tests(
      async () => {
        const dir = mkdtempSync(join(tmpdir(), 'veilgate-store-'));
        return disposable({ dir, url: new Secret(await server!.database()) }, dir);
      },
      () => server,
    );
  });
};
