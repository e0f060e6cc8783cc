import { expect, it } from 'vitest';
import { BookOnTrial, sighting } from '../../../src/record/alerts/alert-book.fixture.js';
import { openStore } from '../../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../../src/rtsp/logger.js';
import { tinyDisk } from '../../support/tiny-disk.js';

const picture = { jpeg: new Uint8Array(3000).fill(7), masked: 'zones' as const };

it('a store whose disk fills up loses nothing that it acknowledged, says why, and goes on when there is room', async (context) => {
  await using disk = await tinyDisk(4096);
  if (!disk) return context.skip('needs root, to mount a small file system');
  const store = openStore({ dir: disk.path, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  const { book, journal } = new BookOnTrial(store);
  /** What was acknowledged: the state of each alert. */
  const kept = new Map<string, string>();
  const open = async (cause: string): Promise<string> => {
    const jpeg = picture.jpeg.map((byte, index) => byte ^ cause.charCodeAt(index % cause.length));
    const { alert } = await book.raise(sighting({ cause }, { ...picture, jpeg }));
    kept.set(alert.id, alert.state);
    return alert.id;
  };
  const decide = async (id: string): Promise<void> => {
    await book.step(id, { to: 'acknowledged', reason: null }, 'li');
    kept.set(id, 'acknowledged');
  };
  const first = await open('first');
  await disk.fill(1500);
  await expect(
    (async () => {
      for (let n = 0; ; n++) await decide(await open(String(n)));
    })(),
  ).rejects.toMatchObject({ code: 'store-full', message: expect.stringContaining('Free some') });
  expect(store.trouble).toMatchObject({ code: 'store-full' });
  // Steps are small, and what was read is read on.
  await expect(
    (async () => {
      for (let n = 0; ; n++) await book.raise(sighting({ cause: `more ${n}` }));
    })(),
  ).rejects.toMatchObject({ code: 'store-full' });
  await expect(decide(first)).rejects.toMatchObject({ code: 'store-full' });
  expect((await book.get(first)).alert.state).toBe('new');

  await disk.clear();
  await expect.poll(() => store.trouble, { timeout: 20_000 }).toBe(null);
  await decide(first);
  for (const [id, state] of kept) {
    const { alert, history } = await book.get(id);
    expect(alert.state).toBe(state);
    expect(history.map(({ to }) => to)).toEqual(state === 'new' ? ['new'] : ['new', state]);
    expect((await book.evidence(id)).jpeg).toHaveLength(picture.jpeg.length);
  }
  expect(kept.size).toBeGreaterThan(5);
  expect([...kept.values()].filter((state) => state === 'acknowledged').length).toBeGreaterThan(5);
  // A step is in the log before it is in the store, never the other way round.
  const logged = journal.flatMap((event) => (event.kind === 'alert-decision' ? [event.data.alert] : []));
  for (const [id, state] of kept) if (state !== 'new') expect(logged).toContain(id);
  expect(await store.run((db) => db.selectFrom('deliveries').selectAll().execute())).toEqual([]);
  await store.close();
});
