import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileViewStore } from './file-view-store.js';
import type { AcceptedView } from './view-store.js';

const VIEW: AcceptedView = {
  camera: 'lobby',
  view: Buffer.from('edges').toString('base64'),
  acceptedBy: 'Li Wei',
  acceptedAt: '2026-03-01T08:00:00.000Z',
  picture: Buffer.from('jpeg').toString('base64'),
  pictureRevision: 3,
};

describe('views that are kept in files', () => {
  let folder: string;
  let store: FileViewStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-views-'));
    store = new FileViewStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = () => join(folder, 'views', 'lobby.json');

  it('are none at first, then what was written last, until they are forgotten', async () => {
    expect(await store.read('lobby')).toBeNull();
    await store.write(VIEW);
    await store.write({ ...VIEW, acceptedBy: 'Zhang San' });
    expect(await new FileViewStore(folder).read('lobby')).toEqual({ ...VIEW, acceptedBy: 'Zhang San' });
    await store.forget('lobby');
    await store.forget('lobby');
    expect(await store.read('lobby')).toBeNull();
  });

  it('are readable by their owner alone', async () => {
    await store.write(VIEW);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'views'))).mode & 0o777).toBe(0o700);
  });

  it('of before there were pictures are read as having none', async () => {
    await store.write(VIEW);
    const { picture: _, ...old } = VIEW;
    await writeFile(file(), JSON.stringify(old));
    expect(await store.read('lobby')).toEqual({ ...old, picture: null });
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -20)],
    ['of another camera', (text: string) => text.replace('lobby', 'yard')],
    ['with more in it', (text: string) => text.replace('{', '{"extra": 1,')],
    ['without its view', (text: string) => text.replace('"view"', '"seen"')],
  ])('that are %s are never taken for a view that may be learned anew', async (_, damage) => {
    await store.write(VIEW);
    await writeFile(file(), damage(await readFile(file(), 'utf8')));
    await expect(store.read('lobby')).rejects.toMatchObject({ code: 'view-store-unreadable' });
  });

  it('say so where they cannot be kept', async () => {
    await writeFile(join(folder, 'views'), 'a file where the folder should be');
    await expect(store.write(VIEW)).rejects.toMatchObject({ code: 'view-store-unwritable' });
    await expect(store.forget('lobby')).rejects.toMatchObject({ code: 'view-store-unwritable' });
  });

  it('are of cameras, not of paths', async () => {
    await expect(store.read('../audit')).rejects.toMatchObject({ code: 'view-store-unreadable' });
  });
});
