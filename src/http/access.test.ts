import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey } from '../record/log/audit-log.fixture.js';
import { formatVerifierKey } from '../record/log/note/verifier-key.js';
import { signDigests } from '../record/log/validation-entry.js';
import { MAX_WRONG_TOKENS } from './gatekeeper.js';
import { askRaw, type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';
import { pageFiles } from './page-files.js';

const right = { authorization: `Bearer ${TOKEN}` };
const wrong = { authorization: 'Bearer check-00112233445566778899aabbccddeef0' };

const SIGNER = makeKey();
const DIGESTS = {
  report: 'a'.repeat(64),
  result: 'b'.repeat(64),
  dataset: 'c'.repeat(64),
  items: 2,
  skipped: 0,
};

/** Every route of the API that wants a token, with a request that it serves. */
const WITH_TOKEN: readonly (readonly [method: string, path: string, body: string])[] = [
  ['GET', '/api/v1/cameras', ''],
  ['GET', '/api/v1/cameras/lobby', ''],
  ['GET', '/api/v1/cameras/lobby/snapshot.jpg', ''],
  ['GET', '/api/v1/cameras/lobby/view.jpg', ''],
  ['GET', '/api/v1/cameras/lobby/zones', ''],
  ['GET', '/api/v1/cameras/lobby/zones/history', ''],
  ['PUT', '/api/v1/cameras/lobby/zones', '{"zones":[],"unmasked":"An empty yard."}'],
  ['POST', '/api/v1/cameras/lobby/zones/accept', ''],
  [
    'POST',
    '/api/v1/cameras/lobby/sign/attestations',
    `{"by":"Li Wei","at":"2026-03-01T08:00:00Z","photo":"${'a'.repeat(64)}","text":"CCTV","word":"CCTV","score":1}`,
  ],
  ['PUT', '/api/v1/cameras/lobby/withheld', '{"withheld":true}'],
  [
    'POST',
    '/api/v1/log/validations',
    JSON.stringify({ ...DIGESTS, key: formatVerifierKey(SIGNER), signature: signDigests(DIGESTS, SIGNER) }),
  ],
  ['GET', '/openapi.json', ''],
];

const OPEN = [...pageFiles().keys(), '/healthz', '/readyz', '/metrics'];

let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const send = (method: string, path: string, headers: Record<string, string>, body = '') =>
  app.ask(path, { method, headers: { ...headers, 'content-type': 'application/json' }, ...(body && { body }) });

describe.each(WITH_TOKEN)('%s %s', (method, path, body) => {
  it('is served to who sends the token', async () => {
    const response = await send(method, path, right, body);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });

  it('is refused without one, and changes nothing', async () => {
    const before = app.gateway.calls.length;
    const response = await send(method, path, {}, body);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="veilgate"');
    expect(await response.json()).toEqual({ error: { code: 'token-missing', message: expect.any(String) } });
    expect(app.gateway.calls.length).toBe(before);
  });

  it('is refused with a wrong one, and changes nothing', async () => {
    const before = app.gateway.calls.length;
    const response = await send(method, path, wrong, body);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="veilgate", error="invalid_token"');
    expect(await response.text()).not.toContain('check-');
    expect(app.gateway.calls.length).toBe(before);
  });
});

describe.each(OPEN)('GET %s', (path) => {
  it.each([
    ['no token', {}],
    ['a wrong token', wrong],
    ['the token', right],
  ])('is served with %s', async (_, headers) => {
    const response = await send('GET', path, headers);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });
});

describe('a token', () => {
  it.each([
    ['another scheme', `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}`],
    ['no scheme', TOKEN],
    ['no token', 'Bearer'],
    ['two tokens', `Bearer ${TOKEN} ${TOKEN}`],
    ['a longer token', `Bearer ${TOKEN}0`],
    ['a shorter token', `Bearer ${TOKEN.slice(0, -1)}`],
  ])('is not %s', async (_, authorization) => {
    await using fresh = await serveApp();
    expect((await fresh.ask('/api/v1/cameras', { headers: { authorization } })).status).toBe(401);
  });

  it('may follow the scheme in any case', async () => {
    expect((await app.ask('/api/v1/cameras', { headers: { authorization: `bearer ${TOKEN}` } })).status).toBe(200);
  });

  it('is not taken from the address or a cookie', async () => {
    const url = `/api/v1/cameras?token=${TOKEN}&access_token=${TOKEN}`;
    expect((await app.ask(url, { headers: { cookie: `token=${TOKEN}` } })).status).toBe(401);
  });

  it('is asked for before strangers learn what exists under /api', async () => {
    for (const path of ['/api', '/api/v1', '/api/v1/nothing', '/api/v1/cameras/none']) {
      expect((await app.ask(path, { headers: {} })).status, path).toBe(401);
    }
    expect((await app.ask('/api/v1/cameras', { method: 'DELETE', headers: {} })).status).toBe(401);
  });
});

describe('guessing', () => {
  it('ends in 429 for everyone at that address, right token or not, and leaves what needs none', async () => {
    await using fresh = await serveApp();
    for (let guess = 0; guess < MAX_WRONG_TOKENS; guess++) {
      expect((await fresh.ask('/api/v1/cameras', { headers: wrong })).status).toBe(401);
    }
    for (const headers of [wrong, right]) {
      const response = await fresh.ask('/api/v1/cameras', { headers });
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect((await fresh.ask('/healthz', { headers: {} })).status).toBe(200);
  });

  it('is not what a request without a token is, nor many with the right one', async () => {
    await using fresh = await serveApp();
    const many = Array.from({ length: 2 * MAX_WRONG_TOKENS });
    await Promise.all(many.map(() => fresh.ask('/api/v1/cameras', { headers: {} })));
    const answers = await Promise.all(many.map(() => fresh.ask('/api/v1/cameras')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('behind a proxy is counted for each client that the proxy names last', async () => {
    await using fresh = await serveApp({ behindProxy: true });
    const ask = async (headers: Record<string, string>, forwarded: string) =>
      (await fresh.ask('/api/v1/cameras', { headers: { ...headers, 'x-forwarded-for': forwarded } })).status;
    for (let guess = 0; guess < MAX_WRONG_TOKENS; guess++) await ask(wrong, `10.9.9.${guess}, 198.51.100.7`);
    expect(await ask(right, '198.51.100.7')).toBe(429);
    expect(await ask(right, '198.51.100.8')).toBe(200);
  });

  it('cannot be spread over made-up addresses where no proxy stands', async () => {
    await using fresh = await serveApp();
    for (let guess = 0; guess < MAX_WRONG_TOKENS; guess++) {
      await fresh.ask('/api/v1/cameras', { headers: { ...wrong, 'x-forwarded-for': `10.9.9.${guess}` } });
    }
    expect((await fresh.ask('/api/v1/cameras')).status).toBe(429);
  });

  it('is told in the log without what was guessed', async () => {
    const events: unknown[] = [];
    const note = (...event: unknown[]) => events.push(event);
    await using fresh = await serveApp({ logger: { debug: note, info: note, warn: note } });
    await fresh.ask('/api/v1/cameras', { headers: wrong });
    expect(events).toEqual([[{ client: '127.0.0.1' }, 'wrong token']]);
  });
});

describe('metrics behind a proxy', () => {
  it('want a token, since everybody seems to come from this machine', async () => {
    await using fresh = await serveApp({ behindProxy: true });
    expect((await fresh.ask('/metrics', { headers: {} })).status).toBe(401);
    expect((await fresh.ask('/metrics')).status).toBe(200);
  });

  it('want a token also where the site file does not speak of the proxy, but the request does', async () => {
    expect((await app.ask('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(401);
  });
});

describe('the Host header', () => {
  const status = async (host: string, port = app.port, path = '/healthz') =>
    (await askRaw(port, { path, headers: { host, ...right } })).status;

  it.each(['127.0.0.1:8080', 'localhost', 'LOCALHOST:9090', 'localhost.', '[::1]:8080', '127.0.0.2'])(
    'may be %s',
    async (host) => {
      expect(await status(host)).toBe(200);
    },
  );

  it.each([
    'attacker.example',
    'attacker.example:8080',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example',
    'localhost@attacker.example',
    'attacker.example#localhost',
    'attacker.example/localhost',
    '10.0.0.1',
    '0.0.0.0',
    '',
  ])('may not be %j: a stranger’s page could have its name resolve to this machine', async (host) => {
    for (const path of ['/', '/healthz', '/metrics', '/api/v1/cameras', '/nothing']) {
      const { status, body } = await askRaw(app.port, { path, headers: { host, ...right } });
      expect(status, path).toBe(421);
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'host-not-allowed' } });
    }
  });

  it('may be the address that is listened on', async () => {
    await using fresh = await serveApp({ http: { host: '10.1.2.3', port: 8080 } });
    expect(await status('10.1.2.3:8080', fresh.port)).toBe(200);
    expect(await status('10.1.2.4:8080', fresh.port)).toBe(421);
  });

  it('may be any name behind a proxy, which checks it', async () => {
    await using fresh = await serveApp({ behindProxy: true });
    expect(await status('gateway.example', fresh.port)).toBe(200);
    expect(await status('a b', fresh.port)).toBe(421);
  });

  it('cannot be got around by a whole URL as the target', async () => {
    const path = `http://localhost:${app.port}/healthz`;
    expect(await status('attacker.example', app.port, path)).toBe(421);
  });
});
