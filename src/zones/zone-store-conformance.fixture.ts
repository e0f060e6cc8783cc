/** What every zone store must do, whatever it keeps its revisions in. */
import { describe, expect, test } from 'vitest';
import { box } from './polygons.fixture.js';
import { nextRevision, type ZoneRevision } from './revision.js';
import type { ZoneStore } from './zone-store.js';

/** A store with a way to open it again, as after a restart. */
export interface OpenedStore {
  readonly store: ZoneStore;
  readonly reopen: () => Promise<ZoneStore>;
}

export const someRevision = (previous: ZoneRevision | null, camera = 'lobby'): ZoneRevision =>
  nextRevision(previous, {
    camera,
    wanted: {
      zones: [
        {
          id: 'door',
          kind: 'restroom',
          polygon: box(0.1, 0.1, 0.2 + 1 / ((previous?.revision ?? 0) + 3), 1 / 3),
          action: 'mask',
          style: 'solid',
          padding: 16,
        },
      ],
      unmasked: null,
    },
    acceptedBy: 'ana',
    acceptedAt: new Date(1_760_000_000_000 + (previous?.revision ?? 0)),
    source: 'api',
    geometry: { width: 1920, height: 1080 },
  });

/** Declares the tests for the store that `open` gives, empty each time. */
export const testZoneStore = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`${name}, as every zone store,`, () => {
    test('knows nothing of a camera that never had zones', async () => {
      const { store } = await open();
      expect(await store.history('lobby')).toEqual([]);
      expect(await store.current('lobby')).toBeNull();
    });

    test('keeps every revision, exactly, across a restart', async () => {
      const { store, reopen } = await open();
      const first = someRevision(null);
      const second = someRevision(first);
      await store.append(first);
      await store.append(second);
      const reopened = await reopen();
      expect(await reopened.history('lobby')).toEqual([first, second]);
      expect(await reopened.current('lobby')).toEqual(second);
    });

    test('keeps cameras apart', async () => {
      const { store } = await open();
      await store.append(someRevision(null, 'lobby'));
      await store.append(someRevision(null, 'lobby-2'));
      expect((await store.history('lobby')).map(({ camera }) => camera)).toEqual(['lobby']);
    });

    test('refuses a revision that is not the next one, and keeps what it has', async () => {
      const { store } = await open();
      const first = someRevision(null);
      const second = someRevision(first);
      await expect(store.append(second)).rejects.toMatchObject({ code: 'zone-store-conflict' });
      await store.append(first);
      await expect(store.append(first)).rejects.toMatchObject({ code: 'zone-store-conflict' });
      expect(await store.history('lobby')).toEqual([first]);
    });

    test('lets one of many that append the same number win', async () => {
      const { store } = await open();
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => store.append(someRevision(null))));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.history('lobby')).toHaveLength(1);
    });

    test('refuses what is not the id of a camera', async () => {
      const { store } = await open();
      for (const camera of ['', '../lobby', 'a/b', 'Lobby', 'lobby.json']) {
        await expect(store.current(camera)).rejects.toMatchObject({ code: 'zone-store-unavailable' });
      }
    });
  });
};
