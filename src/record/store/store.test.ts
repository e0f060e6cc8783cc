import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import { MIGRATIONS, migrate } from './migrate.js';
import { describeStores, sqliteTestStore } from './store.fixture.js';
import { openStore, STORE_FILE } from './store.js';

const delivery = (receiver: string) => ({ receiver, seq: 2 ** 40 });
const kept = (receiver: string) => ({ ...delivery(receiver), dropped_at: null });

describeStores('the store', (makeStore, server) => {
  it('is brought to this version by who asks first, once', async () => {
    await using made = await makeStore();
    const [names] = await Promise.all([
      made.store.run((db) => db.introspection.getTables()),
      made.store.run((db) => db.selectFrom('alerts').selectAll().execute()),
    ]);
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['alerts', 'alert_events', 'evidence']));
    expect(await made.store.run((db) => migrate(db as never))).toEqual([]);
  });

  it('gives numbers, texts and bytes back as they went in', async () => {
    await using made = await makeStore();
    const picture = { sha256: 'ab', jpeg: new Uint8Array([0, 255, 1, 128]), masked: 'whole', at: 1_790_000_000_123 };
    await made.store.run((db) => db.insertInto('evidence').values(picture).execute());
    const row = await made.store.run((db) => db.selectFrom('evidence').selectAll().executeTakeFirstOrThrow());
    expect({ ...row, jpeg: [...row.jpeg] }).toEqual({ ...picture, jpeg: [0, 255, 1, 128] });
  });

  it('takes all of a transaction or nothing', async () => {
    await using made = await makeStore();
    await expect(
      made.store.transaction(async (db) => {
        await db.insertInto('deliveries').values(delivery('a')).execute();
        throw new Error('second thoughts');
      }),
    ).rejects.toThrow('second thoughts');
    await made.store.transaction((db) => db.insertInto('deliveries').values(delivery('b')).execute());
    const rows = await made.store.run((db) => db.selectFrom('deliveries').selectAll().execute());
    expect(rows).toEqual([kept('b')]);
  });

  it('lets transactions that come at once take place one after the other, and loses none', async () => {
    await using made = await makeStore();
    await made.store.run((db) =>
      db
        .insertInto('deliveries')
        .values({ ...delivery('a'), seq: 0 })
        .execute(),
    );
    const add = () =>
      made.store.transaction((db) =>
        db.updateTable('deliveries').set({ seq: sql`seq + 1` }).where('receiver', '=', 'a').execute(),
      );
    await Promise.all(Array.from({ length: 40 }, add));
    const { seq } = await made.store.run((db) =>
      db.selectFrom('deliveries').select('seq').where('receiver', '=', 'a').executeTakeFirstOrThrow(),
    );
    expect(seq).toBe(40);
  });

  it('counts changed rows, and reports a mistake in a query as it is', async () => {
    await using made = await makeStore();
    const { store } = made;
    await store.run((db) =>
      db
        .insertInto('deliveries')
        .values([delivery('a'), delivery('b')])
        .execute(),
    );
    const { numUpdatedRows } = await store.run((db) =>
      db.updateTable('deliveries').set({ seq: 1 }).executeTakeFirstOrThrow(),
    );
    expect(numUpdatedRows).toBe(2n);
    await expect(store.run((db) => sql`select * from nowhere`.execute(db))).rejects.toThrow(/nowhere/);
    await expect(store.run((db) => db.insertInto('deliveries').values(delivery('a')).execute())).rejects.toThrow(
      /unique/i,
    );
  });

  it('refuses a store that another version wrote, and leaves it alone', async () => {
    await using made = await makeStore();
    const { store, config } = made;
    await store.run((db) => migrate(db as never, { ...MIGRATIONS, '9999-future': { up: async () => undefined } }));
    await store.close();
    const again = openStore(config, { logger: SILENT_LOGGER, host: 'here' });
    await expect(again.run((db) => db.selectFrom('alerts').selectAll().execute())).rejects.toMatchObject({
      code: 'store-too-new',
    });
    await again.close();
  });

  it('says that it is closed', async () => {
    await using made = await makeStore();
    await made.store.run((db) => db.selectFrom('alerts').selectAll().execute());
    await made.store.close();
    await expect(made.store.run((db) => db.selectFrom('alerts').selectAll().execute())).rejects.toMatchObject({
      code: 'store-unavailable',
    });
  });

  it('is there again after its server was gone, without being opened anew', async () => {
    const postgres = server();
    if (!postgres) return;
    await using made = await makeStore();
    const count = () => made.store.run((db) => db.selectFrom('deliveries').selectAll().execute());
    await made.store.transaction((db) => db.insertInto('deliveries').values(delivery('kept')).execute());
    await postgres.kill();
    await expect(count()).rejects.toMatchObject({ code: 'store-unavailable' });
    await postgres.resume();
    expect(await count()).toEqual([kept('kept')]);
  });
});

it('a store that cannot be reached when it is first asked is opened when it can', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'veilgate-store-'));
  const folder = join(dir, 'later');
  writeFileSync(folder, 'a file where the folder should be');
  const store = openStore({ dir: folder, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  const ask = () => store.run((db) => db.selectFrom('alerts').selectAll().execute());
  await expect(ask()).rejects.toMatchObject({ code: 'store-unavailable' });
  rmSync(folder);
  await expect.poll(ask, { timeout: 5000, interval: 200 }).toEqual([]);
  await store.close();
  rmSync(dir, { recursive: true });
});

it('a file that is no database is called damaged, by its name and with its cure, and is left as it is', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'veilgate-store-'));
  const path = join(dir, STORE_FILE);
  writeFileSync(path, 'This was a database once. '.repeat(400));
  const store = openStore({ dir, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  await expect(store.run((db) => db.selectFrom('alerts').selectAll().execute())).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringContaining(`move ${path} aside with its -wal and -shm`),
  });
  expect(statSync(path).size).toBe(26 * 400);
  await store.close();
  rmSync(dir, { recursive: true });
});

it('the file is its owner’s alone, with full sync and a write-ahead log', async () => {
  await using made = await sqliteTestStore();
  const pragma = async (name: string) =>
    Object.values(((await made.store.run((db) => sql.raw(`pragma ${name}`).execute(db))).rows as object[])[0]!)[0];
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('journal_mode')).toBe('wal');
  for (const suffix of ['', '-wal'])
    expect(statSync(join(made.config.dir, STORE_FILE + suffix)).mode & 0o777).toBe(0o600);
});
