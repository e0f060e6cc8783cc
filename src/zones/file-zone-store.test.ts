import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileZoneStore } from './file-zone-store.js';
import { someRevision, testZoneStore } from './zone-store-conformance.fixture.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-zones-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

testZoneStore('the file store', async () => ({
  store: new FileZoneStore(folder),
  reopen: async () => new FileZoneStore(folder),
}));

describe('the file store', () => {
  const path = () => join(folder, 'zones', 'lobby.json');
  const storeTwo = async () => {
    const store = new FileZoneStore(folder);
    const first = someRevision(null);
    await store.append(first);
    await store.append(someRevision(first));
    return store;
  };

  test('never takes a file that was cut short for zones, wherever it was cut', async () => {
    const store = await storeTwo();
    const bytes = await readFile(path());
    const step = 7; // each cut is two file operations
    for (let length = 0; length < bytes.length - 1; length += step) {
      await writeFile(path(), bytes.subarray(0, length));
      await expect(store.current('lobby')).rejects.toMatchObject({ code: 'zone-store-corrupt' });
    }
  });

  test('never takes a file in which something was changed for zones', async () => {
    const store = await storeTwo();
    const text = await readFile(path(), 'utf8');
    for (const [from, to] of [
      ['0.1', '0.2'],
      ['"solid"', '"blur"'],
      ['"mask"', '"flag"'],
      ['"revision": 2', '"revision": 3'],
      ['"ana"', '"eve"'],
    ] as const) {
      expect(text).toContain(from);
      await writeFile(path(), text.replace(from, to));
      await expect(store.history('lobby')).rejects.toMatchObject({ code: 'zone-store-corrupt' });
      await expect(store.append(someRevision(null))).rejects.toMatchObject({ code: 'zone-store-corrupt' });
    }
  });

  test("does not take one camera's file for another's", async () => {
    const store = await storeTwo();
    await writeFile(join(folder, 'zones', 'yard.json'), await readFile(path()));
    await expect(store.current('yard')).rejects.toMatchObject({ code: 'zone-store-corrupt' });
  });

  test('names the file and the way out', async () => {
    const store = await storeTwo();
    await writeFile(path(), '{');
    await expect(store.current('lobby')).rejects.toThrow(
      `${path()} is cut short or damaged, so it is not known which zones are in force. Restore it from a backup; or move it away, and the zones of the site file are taken as they are now.`,
    );
  });

  test('leaves nothing half-written behind, and lets only its user read', async () => {
    await storeTwo();
    expect(await readdir(join(folder, 'zones'))).toEqual(['lobby.json']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  test('says where it cannot write, and that nothing has changed', async () => {
    await writeFile(join(folder, 'zones'), 'in the way');
    const failure = new FileZoneStore(join(folder, 'zones')).append(someRevision(null));
    await expect(failure).rejects.toMatchObject({ code: 'zone-store-unavailable' });
    await expect(new FileZoneStore(folder).current('lobby')).rejects.toThrow(path());
  });
});
