import { expect, it } from 'vitest';
import { describeStores, type TestStore } from '../store/store.fixture.js';
import { BookOnTrial, START, sighting } from './alert-book.fixture.js';
import { purge } from './purge.js';

const DAY = 86_400_000;
const RETENTION = { evidence: 30, alerts: 60 };
const picture = (n: number) => ({ jpeg: Uint8Array.of(0xff, 0xd8, n), masked: 'zones' as const });

describeStores('what was kept long enough', (makeStore) => {
  const withTrial = async (test: (trial: BookOnTrial, made: TestStore) => Promise<void>) => {
    await using made = await makeStore();
    await test(new BookOnTrial(made.store), made);
  };
  /** Opened and dismissed at once, with a picture. */
  const dismissed = async ({ book }: BookOnTrial, cause: string, n: number): Promise<string> => {
    const { alert } = await book.raise(sighting({ cause }, picture(n)));
    await book.step(alert.id, { to: 'acknowledged', reason: null }, 'li');
    await book.step(alert.id, { to: 'dismissed', reason: 'Nothing.' }, 'li');
    return alert.id;
  };
  const purgeAt = (trial: BookOnTrial, { store }: TestStore, now: number, told = Number.MAX_SAFE_INTEGER) =>
    purge({
      store,
      now,
      told,
      retention: RETENTION,
      journal: {
        record: async (event) => {
          if (trial.journalFailure) throw trial.journalFailure;
          trial.journal.push(event);
        },
      },
    });
  const counts = ({ store }: TestStore) =>
    store.run(async (db) => {
      const all = async (table: 'alerts' | 'alert_events' | 'evidence') =>
        (await db.selectFrom(table).selectAll().execute()).length;
      return [await all('alerts'), await all('alert_events'), await all('evidence')];
    });

  it('goes, pictures first and alerts after them, counted from the last step; open alerts stay', () =>
    withTrial(async (trial, made) => {
      const { book, journal } = trial;
      await dismissed(trial, 'a', 1);
      await dismissed(trial, 'b', 1);
      trial.now += 10 * DAY;
      const later = await dismissed(trial, 'c', 2);
      const { alert: open } = await book.raise(sighting({ cause: 'open' }, picture(1)));
      expect(await counts(made)).toEqual([4, 10, 2]);

      expect(await purgeAt(trial, made, START + 30 * DAY)).toEqual({ pictures: 0, alerts: 0 });
      journal.length = 0;
      expect(await purgeAt(trial, made, START + 30 * DAY + 1)).toEqual({ pictures: 2, alerts: 0 });
      // The picture that an open alert has as well stays.
      expect(await counts(made)).toEqual([4, 10, 2]);
      expect(journal).toMatchObject([
        {
          kind: 'deletion',
          actor: 'system',
          data: { what: 'pictures of 2 alerts', reason: expect.stringMatching(/30 days/) },
        },
      ]);
      expect((await book.get(later)).alert.evidence).not.toBe(null);

      expect(await purgeAt(trial, made, START + 60 * DAY + 1)).toEqual({ pictures: 1, alerts: 2 });
      expect(await counts(made)).toEqual([2, 4, 1]);
      expect(await purgeAt(trial, made, START + 1000 * DAY)).toEqual({ pictures: 0, alerts: 1 });
      expect(Uint8Array.from((await book.evidence(open.id)).jpeg)).toEqual(picture(1).jpeg);
    }));

  it('stays while it cannot be recorded, or has not been told to everybody', () =>
    withTrial(async (trial, made) => {
      await dismissed(trial, 'a', 1);
      await dismissed(trial, 'b', 2);
      trial.journalFailure = new Error('no room for the log');
      await expect(purgeAt(trial, made, START + 100 * DAY)).rejects.toThrow('no room for the log');
      trial.journalFailure = null;
      expect(await counts(made)).toEqual([2, 6, 2]);
      // Three events each: the second alert's last one was not sent yet.
      expect(await purgeAt(trial, made, START + 100 * DAY, 5)).toEqual({ pictures: 2, alerts: 1 });
      expect(await counts(made)).toEqual([1, 3, 0]);
    }));

  it('goes in pieces where it is much', () =>
    withTrial(async (trial, made) => {
      for (let n = 0; n < 201; n++) await dismissed(trial, String(n), n & 1);
      expect(await purgeAt(trial, made, START + 100 * DAY)).toEqual({ pictures: 201, alerts: 201 });
      expect(await counts(made)).toEqual([0, 0, 0]);
    }));
});
