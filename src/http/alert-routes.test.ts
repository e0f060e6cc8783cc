import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sighting } from '../record/alerts/alert-book.fixture.js';
import { alertDetailSchema, alertSchema, alertsSchema } from './alert-schemas.js';
import { type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';

let app: ServedApp;
beforeEach(async () => {
  app = await serveApp();
});
afterEach(() => app[Symbol.asyncDispose]());

const authorization = `Bearer ${TOKEN}`;
const patch = (id: string, body: unknown) =>
  app.ask(`/api/v1/alerts/${id}`, {
    method: 'PATCH',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const raise = async (changes: Parameters<typeof sighting>[0] = {}) =>
  (await app.alerts.book.raise(sighting(changes, { jpeg: new Uint8Array([255, 216, 255]), masked: 'whole' }))).alert;

describe('GET /api/v1/alerts', () => {
  it('gives pages that follow each other, newest first', async () => {
    for (const cause of ['1', '2', '3']) await raise({ cause });
    const first = alertsSchema.parse(await (await app.ask('/api/v1/alerts?limit=2')).json());
    const second = alertsSchema.parse(await (await app.ask(`/api/v1/alerts?limit=2&after=${first.next}`)).json());
    expect([...first.alerts, ...second.alerts].map(({ cause }) => cause)).toEqual(['3', '2', '1']);
    expect(second.next).toBe(null);
  });

  it('can be narrowed', async () => {
    await raise();
    const yard = await raise({ camera: 'yard', kind: 'prohibited-place' });
    const total = async (query: string) =>
      alertsSchema.parse(await (await app.ask(`/api/v1/alerts?${query}`)).json()).alerts.map(({ id }) => id);
    for (const query of ['camera=yard', 'kind=prohibited-place', 'severity=critical', 'article=15'])
      expect(await total(query), query).toEqual([yard.id]);
    for (const query of ['open=false', 'state=closed', 'from=2031-01-01T00:00:00Z', 'until=2020-01-01T00:00:00Z'])
      expect(await total(query), query).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'after=1',
    'state=gone',
    'camera=%00',
    'article=-1',
    'colour=red',
    'open=maybe',
    'from=yesterday',
    'camera=a&camera=b',
  ])('refuses %s', async (query) => {
    const response = await app.ask(`/api/v1/alerts?${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'query-invalid' } });
  });
});

describe('an alert', () => {
  it('is told with its history and the penalty as printed', async () => {
    const { id } = await raise();
    const told = alertDetailSchema.parse(await (await app.ask(`/api/v1/alerts/${id}`)).json());
    expect(told.penalty).toMatchObject({ article: 39, wording: expect.stringContaining('第三十九条'), note: null });
    expect(told.history).toMatchObject([{ kind: 'opened', actor: 'system', to: 'new' }]);
  });

  it('goes through its life by PATCH, and the audit log knows who took each step', async () => {
    const { id } = await raise();
    for (const body of [
      { state: 'acknowledged' },
      { state: 'confirmed', reason: 'Seen on site.\nTwice.' },
      { state: 'reported', report: { to: 'Riverside police station', reference: 'PS-17', at: '2026-03-01T08:00:00Z' } },
      { state: 'closed' },
    ]) {
      const response = await patch(id, body);
      expect(response.status).toBe(200);
      expect(alertSchema.parse(await response.json()).state).toBe(body.state);
    }
    expect(app.alerts.journal.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual(
      Array.from({ length: 4 }, () => 'alert-decision admin-token'),
    );
    const told = alertDetailSchema.parse(await (await app.ask(`/api/v1/alerts/${id}`)).json());
    expect(told.history[3]!.report).toEqual({
      to: 'Riverside police station',
      reference: 'PS-17',
      at: '2026-03-01T08:00:00.000Z',
    });
  });

  it('takes no step out of turn: 409', async () => {
    const { id } = await raise();
    const response = await patch(id, { state: 'closed' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      error: { code: 'alert-step-refused', message: expect.stringContaining('acknowledged') },
    });
  });

  it.each([
    {},
    { state: 'new' },
    { state: 'dismissed' },
    { state: 'dismissed', reason: '' },
    { state: 'dismissed', reason: 'a\u0000b' },
    { state: 'reported' },
    { state: 'reported', report: { to: 'x' } },
    { state: 'acknowledged', extra: 1 },
    { state: 'acknowledged', reason: 'x'.repeat(1001) },
    [],
    'closed',
  ])('refuses the body %j', async (body) => {
    const { id } = await raise();
    expect((await patch(id, body)).status).toBe(422);
  });

  it('is told what a step lacks', async () => {
    const { id } = await raise();
    const problems = async (body: object) =>
      ((await (await patch(id, body)).json()) as { error: { problems: { path: string }[] } }).error.problems;
    expect((await problems({ state: 'dismissed' })).map(({ path }) => path)).toEqual(['reason']);
    expect((await problems({ state: 'reported' })).map(({ path }) => path)).toEqual(['report']);
    expect((await problems({ state: 'eaten' })).map(({ path }) => path)).toEqual(['state']);
  });

  it('shows its picture, and none where it has none', async () => {
    const { id } = await raise();
    const response = await app.ask(`/api/v1/alerts/${id}/evidence.jpg`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([255, 216, 255]);
    const bare = (await app.alerts.book.raise(sighting({ camera: 'dock' }))).alert;
    expect((await app.ask(`/api/v1/alerts/${bare.id}/evidence.jpg`)).status).toBe(404);
  });

  it.each(['nothing', '..%2f', '%00', '019c0000-0000-7000-8000-000000000000'])('%s is not there', async (id) => {
    for (const path of [`/api/v1/alerts/${id}`, `/api/v1/alerts/${id}/evidence.jpg`]) {
      const response = await app.ask(path);
      expect(response.status, path).toBe(404);
      await response.body?.cancel();
    }
    expect((await patch(id, { state: 'acknowledged' })).status).toBe(404);
  });
});

describe('GET /api/v1/events', () => {
  const listen = async (headers: Record<string, string> = {}) => {
    const end = new AbortController();
    const response = await app.ask('/api/v1/events', { headers: { authorization, ...headers }, signal: end.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const blocks = () => text.split('\n\n').filter((block) => block.startsWith('event:'));
    const next = async (count: number): Promise<{ event: string; id: number | null; data: never }[]> => {
      while (blocks().length < count) text += (await reader.read()).value ?? '';
      return blocks().map((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        return {
          event: field('event')!,
          id: field('id') ? Number(field('id')) : null,
          data: JSON.parse(field('data')!) as never,
        };
      });
    };
    return { next, end: () => end.abort() };
  };

  it('tells what happens, with an id for what can be continued from', async () => {
    const stream = await listen();
    const alert = await raise();
    await raise();
    app.alerts.feed.tell({ type: 'camera', camera: 'lobby', state: 'withheld', reason: 'view-moved', at: 0 });
    const told = await stream.next(3);
    expect(told.map(({ event, id }) => [event, id === null])).toEqual([
      ['alert', false],
      ['alert', true],
      ['camera', true],
    ]);
    expect(told[0]!.data).toMatchObject({ alert: { id: alert.id }, event: { kind: 'opened' } });
    expect(told[1]!.data).toMatchObject({ alert: { occurrences: 2 }, event: null });
    stream.end();
  });

  it('goes on after the last event that the client got, without a gap or a double', async () => {
    const first = await listen();
    const { id } = await raise();
    const [opened] = await first.next(1);
    first.end();
    await patch(id, { state: 'acknowledged' });
    const second = await listen({ 'last-event-id': String(opened!.id) });
    await patch(id, { state: 'dismissed', reason: 'A cleaner.' });
    const told = await second.next(2);
    expect(told.map(({ data }) => (data as { event: { to: string } }).event.to)).toEqual(['acknowledged', 'dismissed']);
    second.end();
  });

  it('is refused without a token', async () => {
    expect((await app.ask('/api/v1/events', { headers: {} })).status).toBe(401);
  });
});
