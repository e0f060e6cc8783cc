import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../record/people/person.js';
import { csrfTokenOf } from './cookies.js';
import { type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';

/** Who has logged in, by the secret of the session. */
const PEOPLE: Readonly<Record<string, Person>> = {
  ada: { kind: 'account', account: 'ada', role: 'integrator', session: 'digest-ada' },
  'ada-elsewhere': { kind: 'account', account: 'ada', role: 'integrator', session: 'digest-elsewhere' },
  bob: { kind: 'account', account: 'bob', role: 'admin', session: 'digest-bob' },
  olga: { kind: 'account', account: 'olga', role: 'operator', session: 'digest-olga' },
};
const token: Person = {
  kind: 'token',
  token: 'x',
  name: 'x',
  account: 'ada',
  role: 'integrator',
  scopes: ['read', 'configure'],
};

let app: ServedApp;
beforeEach(async () => {
  const identities = {
    bySession: async (secret: string) => PEOPLE[secret] ?? null,
    byToken: async (secret: string) => (secret === 'of-ada' ? token : null),
  };
  app = await serveApp({ identities });
});
afterEach(() => app[Symbol.asyncDispose]());

const as = (secret: string) => ({ cookie: `veilgate-session=${secret}`, 'x-csrf-token': csrfTokenOf(secret) });
const BOX = '/api/v1/cameras/lobby/commission';

const open = (headers: Record<string, string>, body: unknown = { reason: 'a new door' }, path = BOX) =>
  app.ask(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const look = (headers: Record<string, string>, path = BOX) => app.ask(`${path}/picture.jpg`, { headers });
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

describe('the commissioning view', () => {
  it('is opened for a reason and shown to that session, not to be stored, until it is closed', async () => {
    const opened = await open(as('ada'), { reason: 'a new door', seconds: 60 });
    expect(opened.status).toBe(201);
    const box = (await opened.json()) as { until: string };
    expect(box).toMatchObject({ camera: 'lobby', openedBy: 'ada', reason: 'a new door' });
    expect(Date.parse(box.until)).toBeLessThanOrEqual(Date.now() + 60_000);
    const picture = await look(as('ada'));
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await app.ask(BOX, { method: 'DELETE', headers: as('ada') })).status).toBe(204);
    expect(await codeOf(await look(as('ada')))).toBe('no-commission');
    expect((await app.ask(BOX, { method: 'DELETE', headers: as('ada') })).status).toBe(404);
  });

  it('is shown to nobody else: no other session of the same person, no admin, no token', async () => {
    await open(as('ada'));
    for (const other of ['ada-elsewhere', 'bob']) {
      const answer = await look(as(other));
      expect(answer.status, other).toBe(404);
      expect(await codeOf(answer)).toBe('no-commission');
    }
    for (const headers of [as('olga'), { authorization: `Bearer ${TOKEN}` }, { authorization: 'Bearer of-ada' }])
      expect((await look(headers)).status).toBe(403);
    expect((await look({})).status).toBe(401);
    expect(await codeOf(await open(as('bob')))).toBe('commission-open');
  });

  it('is opened by no token, and by nobody without a reason or for longer than five minutes', async () => {
    for (const headers of [as('olga'), { authorization: `Bearer ${TOKEN}` }, { authorization: 'Bearer of-ada' }])
      expect((await open(headers)).status).toBe(403);
    for (const body of [
      {},
      { reason: ' ' },
      { reason: 'x', seconds: 301 },
      { reason: 'x', seconds: 0 },
      { reason: 'x\ny' },
    ])
      expect((await open(as('ada'), body)).status, JSON.stringify(body)).toBe(422);
    expect((await look(as('ada'))).status).toBe(404);
  });

  it('is never of a prohibited place', async () => {
    const path = '/api/v1/cameras/locker-room/commission';
    const refused = await open(as('ada'), undefined, path);
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'place-prohibited']);
    expect((await look(as('ada'), path)).status).toBe(404);
  });

  it('shows two pictures a second, and says when to ask again', async () => {
    await open(as('ada'));
    const answers = await Promise.all(Array.from({ length: 4 }, () => look(as('ada'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await codeOf(refused)).toBe('too-many-looks');
    // Another box is no way around it, and who has none learns nothing of it.
    await app.ask(BOX, { method: 'DELETE', headers: as('ada') });
    await open(as('bob'));
    expect((await look(as('bob'))).status).toBe(429);
    expect((await look(as('ada'))).status).toBe(404);
  });

  it('says that a camera gives no picture', async () => {
    const path = '/api/v1/cameras/loading-dock/commission';
    await open(as('ada'), undefined, path);
    expect(await codeOf(await look(as('ada'), path))).toBe('no-picture');
  });
});

describe('the picture in coarse blocks', () => {
  const coarse = (camera: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
    app.ask(`/api/v1/cameras/${camera}/coarse.jpg`, { headers });

  it('is shown to who configures, and the log has it before', async () => {
    const { size } = app.context.journal.reader();
    const answer = await coarse('lobby');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(app.context.journal.reader().size).toBe(size + 1);
    expect((await coarse('lobby', as('olga'))).status).toBe(403);
  });

  it('is had twice a second, so that nobody averages many and the log is not filled', async () => {
    const { size } = app.context.journal.reader();
    const answers = await Promise.all(Array.from({ length: 3 }, () => coarse('lobby')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('1');
    expect(app.context.journal.reader().size).toBe(size + 2);
  });

  it('is none of a prohibited place, nor where no picture comes', async () => {
    expect(await codeOf(await coarse('locker-room'))).toBe('place-prohibited');
    expect(await codeOf(await coarse('loading-dock'))).toBe('no-picture');
  });
});
