/** People over HTTP, in a real store: from the setup link to what takes two of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { People } from '../record/people/people.js';
import { recordInMemory, type ServedApp, SiteInMemory, serveApp, TOKEN, ZONE } from './gateway.fixture.js';

const PASSWORD = 'lantern orchid gravel tunnel';

interface Browser {
  readonly cookie: string;
  readonly csrf: string;
}
interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & { error?: { code: string } };
  readonly cookie: string;
}

let people: People;
let app: ServedApp;
const serve = async (): Promise<void> => {
  const record = recordInMemory();
  people = record.people;
  app = await serveApp({ ...record, identities: people, behindProxy: true, sites: new SiteInMemory(true) });
};

const ask = async (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> => {
  const response = await app.ask(`/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? {} : JSON.parse(text),
    cookie: response.headers.get('set-cookie') ?? '',
  };
};
const asAdminToken = { authorization: `Bearer ${TOKEN}` };
const as = ({ cookie, csrf }: Browser) => ({ cookie, 'x-csrf-token': csrf });
const browserOf = ({ cookie, body }: Answer): Browser => ({
  cookie: cookie.split(';')[0]!,
  csrf: (body as unknown as { csrfToken: string }).csrfToken,
});

/** Makes an account by its invitation, and logs in. */
const join = async (name: string, role: string): Promise<Browser> => {
  const made = await ask('POST', '/accounts', asAdminToken, { name, role });
  expect(made.status).toBe(201);
  const { secret } = made.body as unknown as { secret: string };
  return browserOf(await ask('POST', '/setup', {}, { secret, password: PASSWORD }));
};

const logIn = (name: string, password: string, client = '198.51.100.1') =>
  ask('POST', '/login', { 'x-forwarded-for': client }, { name, password });

describe('the first start', () => {
  beforeEach(serve);

  it('offers one link that makes an admin, once', async () => {
    const old = (await people.accounts.offerSetup())!;
    const secret = (await people.accounts.offerSetup())!;
    const admin = { name: 'li.wei', displayName: '李伟', password: PASSWORD };
    expect((await ask('POST', '/setup', {}, { ...admin, secret: old })).status).toBe(410);
    expect((await ask('POST', '/setup', {}, { ...admin, secret, password: 'password1234' })).body.error?.code).toBe(
      'password-weak',
    );
    const done = await ask('POST', '/setup', {}, { ...admin, secret });
    expect(done).toMatchObject({ status: 200, body: { name: 'li.wei', role: 'admin', kind: 'account' } });
    expect(done.cookie).toMatch(/^veilgate-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('POST', '/setup', {}, { ...admin, name: 'mallory', secret })).status).toBe(410);
    expect(await people.accounts.offerSetup()).toBeNull();
    expect((await ask('GET', '/me', as(browserOf(done)))).body).toMatchObject({ name: 'li.wei' });
    await app[Symbol.asyncDispose]();
  });

  it('knows no password and no account', async () => {
    for (const name of ['admin', 'root', 'veilgate']) expect((await logIn(name, 'admin')).status).toBe(401);
    expect(await people.accounts.list()).toEqual([]);
    await app[Symbol.asyncDispose]();
  });
});

describe('people', () => {
  let operator: Browser;
  let integrator: Browser;
  let regulator: Browser;
  beforeAll(async () => {
    await serve();
    operator = await join('wang.fang', 'operator');
    integrator = await join('zhao.min', 'integrator');
    regulator = await join('chen.jing', 'regulator');
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('log in by name and password, and out', async () => {
    expect((await logIn('wang.fang', 'wrong')).body.error?.code).toBe('login-refused');
    const session = browserOf(await logIn('wang.fang', PASSWORD));
    expect((await ask('GET', '/me', as(session))).status).toBe(200);
    const out = await ask('POST', '/logout', as(session));
    expect(out).toMatchObject({ status: 204, cookie: expect.stringContaining('Max-Age=0') });
    expect((await ask('GET', '/me', as(session))).body.error?.code).toBe('session-over');
  });

  it('over TLS get a cookie that plain HTTP never sees', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.1' };
    const { cookie } = await ask('POST', '/login', headers, { name: 'wang.fang', password: PASSWORD });
    expect(cookie).toMatch(/^__Host-veilgate-session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('cannot be guessed: ten wrong passwords lock an account, whoever sends them', async () => {
    await join('guessed', 'operator');
    for (let i = 0; i < 10; i++) expect((await logIn('guessed', `wrong ${i}`, `203.0.113.${i}`)).status).toBe(401);
    expect((await logIn('guessed', PASSWORD, '203.0.113.99')).body.error?.code).toBe('login-locked');
    expect((await logIn('wang.fang', PASSWORD)).status).toBe(200);
  });

  it('who are disabled, or get another role, are out at once', async () => {
    const session = await join('leaving', 'admin');
    expect((await ask('GET', '/accounts', as(session))).status).toBe(200);
    expect((await ask('PATCH', '/accounts/leaving', as(session), { role: 'operator' })).body.error?.code).toBe(
      'last-admin',
    );
    await join('staying', 'admin');
    expect((await ask('DELETE', '/accounts/leaving', asAdminToken)).status).toBe(204);
    expect((await ask('GET', '/accounts', as(session))).status).toBe(401);
    expect((await logIn('leaving', PASSWORD)).status).toBe(401);
    expect((await ask('POST', '/accounts', asAdminToken, { name: 'leaving', role: 'admin' })).status).toBe(409);
  });

  it('make tokens with some of their rights, and lose them with the account', async () => {
    const session = await join('automating', 'operator');
    const beyond = { name: 'zones', scopes: ['configure'] };
    expect((await ask('POST', '/tokens', as(session), beyond)).body.error?.code).toBe('scope-beyond-role');
    const made = await ask('POST', '/tokens', as(session), { name: 'dashboard', scopes: ['read'], days: 7 });
    const { secret, token } = made.body as unknown as { secret: string; token: { id: string } };
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await ask('GET', '/cameras', bearer)).status).toBe(200);
    const withhold = await ask('PUT', '/cameras/lobby/withheld', bearer, { withheld: true });
    expect(withhold.body.error?.code).toBe('scope-missing');
    expect(JSON.stringify((await ask('GET', '/tokens', as(session))).body)).not.toContain(secret);
    expect((await ask('DELETE', `/tokens/${token.id}`, as(operator))).status).toBe(404);
    await ask('PATCH', '/accounts/automating', asAdminToken, { disabled: true });
    expect((await ask('GET', '/cameras', bearer)).status).toBe(401);
  });

  it('agree to what another asks for, never to their own', async () => {
    const what = { action: 'export', subject: 'x', details: { from: 1 }, summary: 'Everything of March.' } as const;
    const needed = await people.approvals.require(what, 'wang.fang', null).catch((error: unknown) => error);
    const { id } = (needed as { approval: { id: string } }).approval;
    expect(needed).toMatchObject({ code: 'second-person-needed' });
    const decide = (who: Browser) => ask('POST', `/approvals/${id}/decision`, as(who), { granted: true });
    expect((await decide(operator)).body.error?.code).toBe('approval-same-person');
    expect((await decide(regulator)).status).toBe(403);
    await expect(people.approvals.require(what, 'wang.fang', id)).rejects.toMatchObject({
      code: 'approval-not-granted',
    });
    expect(await decide(integrator)).toMatchObject({ status: 200, body: { state: 'granted', decidedBy: 'zhao.min' } });
    const other = { ...what, details: { from: 2 } };
    await expect(people.approvals.require(other, 'wang.fang', id)).rejects.toMatchObject({
      code: 'approval-for-another-matter',
    });
    expect(await people.approvals.require(what, 'wang.fang', id)).toBe('zhao.min');
    await expect(people.approvals.require(what, 'wang.fang', id)).rejects.toMatchObject({ code: 'approval-over' });
  });

  it('put zones that mask less in force by two, and those that mask more alone', async () => {
    const path = '/cameras/lobby/zones';
    const less = { zones: [], unmasked: 'The restroom is gone.' };
    const needed = await ask('PUT', path, as(integrator), less);
    expect(needed).toMatchObject({ status: 409, body: { error: { code: 'second-person-needed' } } });
    const { approval } = needed.body.error as unknown as { approval: string };
    expect((await ask('PUT', path, as(integrator), less)).body.error).toMatchObject({ approval });
    await ask('POST', `/approvals/${approval}/decision`, as(operator), { granted: true });
    const more = { zones: [ZONE, { ...ZONE, id: 'second' }] };
    expect((await ask('PUT', path, as(integrator), more)).status).toBe(200);
    expect((await ask('PUT', path, { ...as(integrator), approval }, less)).status).toBe(200);
    expect((await ask('PUT', path, as(integrator), more)).status).toBe(200);
    expect((await ask('PUT', path, { ...as(integrator), approval }, less)).body.error?.code).toBe('approval-over');
  });

  it('with the admin token are one person, by whatever token of it', async () => {
    const what = { action: 'export', subject: 'y', details: {}, summary: 'Everything.' } as const;
    const needed = await people.approvals.require(what, 'admin-token', null).catch((error: unknown) => error);
    const { id } = (needed as { approval: { id: string } }).approval;
    const decision = await ask('POST', `/approvals/${id}/decision`, asAdminToken, { granted: true });
    expect(decision.body.error?.code).toBe('approval-same-person');
    const made = await ask('POST', '/tokens', asAdminToken, { name: 'second me', scopes: ['read', 'operate'] });
    const { secret } = made.body as unknown as { secret: string };
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await ask('POST', `/approvals/${id}/decision`, bearer, { granted: true })).status).toBe(403);
  });

  it('who inspect are two, and everything that they read is listed before they see it', async () => {
    const officer = { name: '张强', unit: '滨江公安分局', certificate: '330108-0042' };
    const visit = { officers: [officer, { ...officer, name: '李娜', certificate: '330108-0043' }], letter: 'GA-17' };
    const open = (body: object) => ask('POST', '/inspections', as(regulator), { purpose: 'A theft.', ...body });
    expect((await open({ ...visit, officers: [officer] })).status).toBe(422);
    expect((await open({ ...visit, officers: [officer, { ...officer, name: '李娜' }] })).body.error?.code).toBe(
      'officers-invalid',
    );
    await ask('GET', '/cameras', as(regulator));
    const opened = await open(visit);
    expect(opened).toMatchObject({ status: 201, body: { reader: 'chen.jing', closedAt: null } });
    const { id } = opened.body as unknown as { id: string };
    for (const path of ['/cameras/lobby', '/cameras/lobby', '/cameras/lobby/zones/history', '/me']) {
      await ask('GET', path, as(regulator));
    }
    await ask('GET', '/cameras/corridor-2', as(operator));
    const { items } = (await ask('GET', `/inspections/${id}`, as(operator))).body as unknown as {
      items: { what: string; times: number }[];
    };
    expect(items.map(({ what, times }) => [what, times])).toEqual([
      ['GET /api/v1/cameras/lobby', 2],
      ['GET /api/v1/cameras/lobby/zones/history', 1],
    ]);
    const closed = await ask('POST', `/inspections/${id}/close`, as(regulator));
    expect(closed.body).toMatchObject({ closedBy: 'chen.jing', signedDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await ask('POST', `/inspections/${id}/close`, as(regulator))).body.error?.code).toBe('inspection-over');
  });

  it('inspect with an account of theirs: the admin token registers a visit for a regulator, and none for itself', async () => {
    const officer = { name: '张强', unit: '滨江公安分局', certificate: '330108-0042' };
    const officers = [officer, { ...officer, name: '李娜', certificate: '330108-0043' }];
    const open = (body: object) =>
      ask('POST', '/inspections', asAdminToken, { officers, letter: 'GA-18', purpose: 'A theft.', ...body });
    for (const body of [{}, { reader: 'admin-token' }]) {
      expect(await open(body)).toMatchObject({ status: 409, body: { error: { code: 'inspection-needs-account' } } });
    }
    expect((await open({ reader: 'wang.fang' })).body.error?.code).toBe('reader-no-regulator');
    const opened = await open({ reader: 'chen.jing' });
    expect(opened).toMatchObject({ status: 201, body: { reader: 'chen.jing', openedBy: 'admin-token' } });
    const { id } = opened.body as unknown as { id: string };
    expect((await ask('POST', `/inspections/${id}/close`, as(regulator))).status).toBe(200);
  });

  it('are named in records of what they do', async () => {
    await ask('PUT', '/cameras/lobby/withheld', as(operator), { withheld: true });
    expect(app.gateway.calls.at(-1)).toEqual({ what: 'withhold', camera: 'lobby', by: 'wang.fang' });
  });
});
