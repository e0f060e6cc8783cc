import { expect, it } from 'vitest';
import { describeStores, type TestStore } from '../store/store.fixture.js';
import { BookOnTrial, START, sighting } from './alert-book.fixture.js';

const MINUTE = 60_000;
const note = { reason: null };

describeStores('alerts', (makeStore, server) => {
  const withBook = async (test: (trial: BookOnTrial, made: TestStore) => Promise<void>) => {
    await using made = await makeStore();
    await test(new BookOnTrial(made.store), made);
  };

  it('are opened once for a camera, kind and cause, and counted up after that', () =>
    withBook(async ({ book, news }) => {
      const first = await book.raise(sighting());
      const again = await book.raise({
        ...sighting({ at: START + 5, detail: 'Still.' }),
        occurrences: 3,
        lastAt: START + 9,
      });
      expect(again.alert.id).toBe(first.alert.id);
      expect(again).toMatchObject({ event: null, alert: { occurrences: 4, lastAt: START + 9, detail: 'Still.' } });
      for (const other of [{ camera: 'yard' }, { kind: 'view-covered' as const }, { cause: 'other' }])
        expect((await book.raise(sighting(other))).alert.id).not.toBe(first.alert.id);
      expect((await book.list({}, { after: null, limit: 10 })).alerts).toHaveLength(4);
      expect(news.map(({ event }) => event?.kind ?? null)).toEqual(['opened', null, 'opened', 'opened', 'opened']);
      expect(first.alert).toMatchObject({
        law: 'cn-2012',
        article: 24,
        penalty: 39,
        severity: 'high',
        action: 'withhold',
        state: 'new',
        open: true,
      });
    }));

  it('are not changed while somebody who must hear of it could miss it', () =>
    withBook(async (trial) => {
      trial.beginFailure = new Error('no place');
      await expect(trial.book.raise(sighting())).rejects.toThrow('no place');
      expect(await trial.book.lastSeq()).toBe(0);
      trial.beginFailure = null;
      expect((await trial.book.raise(sighting())).event?.kind).toBe('opened');
    }));

  it('are opened once also by findings that come at once', () =>
    withBook(async ({ book }) => {
      await Promise.all(Array.from({ length: 20 }, () => book.raise(sighting())));
      const { alerts } = await book.list({}, { after: null, limit: 10 });
      expect(alerts).toMatchObject([{ occurrences: 20 }]);
    }));

  it('go through their life, and each step says who, when and why', () =>
    withBook(async (trial) => {
      const { book, journal } = trial;
      const { id } = (await book.raise(sighting())).alert;
      trial.now += MINUTE;
      await book.step(id, { to: 'acknowledged', ...note }, 'li');
      trial.now += MINUTE;
      await book.step(id, { to: 'confirmed', reason: 'Seen on site.' }, 'li');
      const report = { to: 'Riverside police station', at: trial.now, reference: 'PS-17' };
      await book.step(id, { to: 'reported', ...note, report }, 'wang');
      await book.step(id, { to: 'closed', ...note }, 'wang');
      const { alert, history } = await book.get(id);
      expect(alert).toMatchObject({ state: 'closed', open: false, since: START + 2 * MINUTE });
      expect(history.map(({ actor, from, to, at }) => [actor, from, to, at - START])).toEqual([
        ['system', null, 'new', 0],
        ['li', 'new', 'acknowledged', MINUTE],
        ['li', 'acknowledged', 'confirmed', 2 * MINUTE],
        ['wang', 'confirmed', 'reported', 2 * MINUTE],
        ['wang', 'reported', 'closed', 2 * MINUTE],
      ]);
      expect(history[3]!.report).toEqual(report);
      expect(journal.map(({ kind, actor }) => [kind, actor])).toEqual([
        ['alert-decision', 'li'],
        ['alert-decision', 'li'],
        ['alert-decision', 'wang'],
        ['alert-decision', 'wang'],
      ]);
      expect(journal[1]!.data).toMatchObject({
        alert: id,
        from: 'acknowledged',
        to: 'confirmed',
        reason: 'Seen on site.',
      });
    }));

  it('refuse a step out of turn, and change nothing', () =>
    withBook(async ({ book, journal }) => {
      const { id } = (await book.raise(sighting())).alert;
      await expect(book.step(id, { to: 'closed', ...note }, 'li')).rejects.toMatchObject({
        code: 'alert-step-refused',
      });
      await expect(book.step('nobody', { to: 'acknowledged', ...note }, 'li')).rejects.toMatchObject({
        code: 'unknown-alert',
      });
      expect((await book.get(id)).history).toHaveLength(1);
      expect(journal).toEqual([]);
    }));

  it('take one of two steps that contradict each other', () =>
    withBook(async ({ book }) => {
      const { id } = (await book.raise(sighting())).alert;
      await book.step(id, { to: 'acknowledged', ...note }, 'li');
      const both = await Promise.allSettled([
        book.step(id, { to: 'dismissed', reason: 'A cleaner.' }, 'li'),
        book.step(id, { to: 'confirmed', ...note }, 'wang'),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect((await book.get(id)).history).toHaveLength(3);
    }));

  it('take no step that the audit log cannot record', () =>
    withBook(async (trial) => {
      const { id } = (await trial.book.raise(sighting())).alert;
      trial.journalFailure = new Error('no room');
      await expect(trial.book.step(id, { to: 'acknowledged', ...note }, 'li')).rejects.toThrow('no room');
      expect((await trial.book.get(id)).alert.state).toBe('new');
      expect(trial.news).toHaveLength(1);
    }));

  it('are opened anew for what is found after they were dismissed', () =>
    withBook(async ({ book }) => {
      const { id } = (await book.raise(sighting())).alert;
      await book.step(id, { to: 'acknowledged', ...note }, 'li');
      await book.step(id, { to: 'dismissed', reason: 'A cleaner.' }, 'li');
      const next = await book.raise(sighting());
      expect(next.alert.id).not.toBe(id);
      expect(next.event?.kind).toBe('opened');
    }));

  it('escalate once when nobody has seen them, and are overdue once when confirmed and not reported', () =>
    withBook(async (trial) => {
      const { book } = trial;
      const patience = { escalateAfter: 10 * MINUTE, reportWithin: 30 * MINUTE };
      const { id } = (await book.raise(sighting())).alert;
      trial.now += 10 * MINUTE - 1;
      expect(await book.markLate(patience)).toBe(0);
      trial.now += 1;
      expect(await book.markLate(patience)).toBe(1);
      expect(await book.markLate(patience)).toBe(0);
      await book.step(id, { to: 'acknowledged', ...note }, 'li');
      await book.step(id, { to: 'confirmed', ...note }, 'li');
      trial.now += 30 * MINUTE;
      expect(await book.markLate(patience)).toBe(1);
      const { alert, history } = await book.get(id);
      expect(history.map(({ kind }) => kind)).toEqual(['opened', 'escalated', 'step', 'step', 'overdue']);
      expect(alert).toMatchObject({ escalatedAt: START + 10 * MINUTE, overdueAt: trial.now });
      expect(trial.journal.filter(({ kind }) => kind === 'alert-late')).toHaveLength(2);
    }));

  it('keep the first picture, once however many share it', () =>
    withBook(async ({ book }, { store }) => {
      const picture = { jpeg: new Uint8Array([255, 216, 1, 2]), masked: 'whole' as const };
      const { id } = (await book.raise(sighting({}, picture))).alert;
      await book.raise(sighting({}, { ...picture, jpeg: new Uint8Array([9]) }));
      await book.raise(sighting({ camera: 'yard' }, picture));
      const kept = await book.evidence(id);
      expect({ ...kept, jpeg: [...kept.jpeg] }).toEqual({ masked: 'whole', jpeg: [255, 216, 1, 2] });
      expect(await store.run((db) => db.selectFrom('evidence').select('sha256').execute())).toHaveLength(1);
      const bare = (await book.raise(sighting({ camera: 'dock' }))).alert;
      await expect(book.evidence(bare.id)).rejects.toMatchObject({ code: 'unknown-evidence' });
    }));

  it('are listed newest first in pages that neither repeat nor miss one, whatever comes in meanwhile', () =>
    withBook(async (trial) => {
      const { book } = trial;
      const opened: string[] = [];
      const open = async (cause: string) => {
        trial.now += 1;
        opened.push((await book.raise(sighting({ cause, camera: opened.length % 2 ? 'yard' : 'lobby' }))).alert.id);
      };
      for (let n = 0; n < 7; n++) await open(String(n));
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await book.list({}, { after, limit: 3 });
        seen.push(...page.alerts.map(({ id }) => id));
        after = page.next;
        if (seen.length === 3) await open('late');
      } while (after !== null);
      expect(seen).toEqual(opened.slice(0, 7).reverse());
      const yard = await book.list({ camera: 'yard', open: true, state: 'new' }, { after: null, limit: 50 });
      expect(yard.alerts.map(({ id }) => id)).toEqual(opened.filter((_, n) => n % 2).reverse());
      const window = await book.list({ from: START + 2, until: START + 5 }, { after: null, limit: 50 });
      expect(window.alerts.map(({ cause }) => cause)).toEqual(['3', '2', '1']);
      expect((await book.list({ article: 15 }, { after: null, limit: 50 })).alerts).toEqual([]);
    }));

  it('tell what happened after an event', () =>
    withBook(async ({ book }) => {
      expect(await book.lastSeq()).toBe(0);
      const { alert, event } = await book.raise(sighting());
      await book.step(alert.id, { to: 'acknowledged', ...note }, 'li');
      const after = await book.eventsAfter(event!.seq, 10);
      expect(after.map(({ event }) => [event.kind, event.to])).toEqual([['step', 'acknowledged']]);
      expect(after[0]!.alert.state).toBe('acknowledged');
      expect(await book.lastSeq()).toBe(after[0]!.event.seq);
    }));

  it('lose nothing acknowledged when the server is killed', async () => {
    const postgres = server();
    if (!postgres) return;
    await withBook(async ({ book }) => {
      const kept: string[] = [];
      const raising = (async () => {
        for (let n = 0; n < 2000; n++) kept.push((await book.raise(sighting({ cause: `kill-${n}` }))).alert.id);
      })();
      raising.catch(() => undefined);
      await expect.poll(() => kept.length, { timeout: 20_000 }).toBeGreaterThan(20);
      await postgres.kill();
      await expect(raising).rejects.toMatchObject({ code: 'store-unavailable' });
      await postgres.resume();
      const found = new Set<string>();
      for (let after: string | null = null, first = true; first || after; first = false) {
        const page = await book.list({}, { after, limit: 200 });
        for (const { id } of page.alerts) found.add(id);
        after = page.next;
      }
      expect(kept.filter((id) => !found.has(id))).toEqual([]);
      expect(found.size - kept.length).toBeLessThanOrEqual(1);
    });
  });
});
