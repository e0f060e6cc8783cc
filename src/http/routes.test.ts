import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VeilgateError } from '../errors.js';
import { type ServedApp, serveApp, TOKEN, ZONE } from './gateway.fixture.js';

let app: ServedApp;
let log: [fields: Record<string, unknown>, message: string][];
beforeEach(async () => {
  log = [];
  const note = (fields: object, message: string) => void log.push([fields as Record<string, unknown>, message]);
  app = await serveApp({ logger: { debug: note, info: note, warn: note } });
});
afterEach(() => app[Symbol.asyncDispose]());

const get = async (path: string): Promise<unknown> => (await app.ask(path)).json();

const put = (path: string, body: unknown): Promise<Response> =>
  app.ask(path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  });

describe('a camera', () => {
  it('is told with its state, numbers and addresses', async () => {
    expect(await get('/api/v1/cameras/lobby')).toMatchObject({
      id: 'lobby',
      state: 'masked',
      reason: null,
      explanation: 'The masked picture is shown.',
      fps: 25,
      latency: { p50: 8.12, p95: 11.4, p99: 17.05 },
      maskedArea: 0.0834,
      clients: 3,
      stream: 'rtsp://127.0.0.1:8554/lobby',
      pendingLosses: null,
    });
  });

  it('tells its last day by the minute, or what came since a time, the minute that it lies in included', async () => {
    const minutesOf = async (query: string) =>
      ((await get(`/api/v1/cameras/lobby/history${query}`)) as { minutes: { at: string }[] }).minutes;
    expect(await minutesOf('')).toHaveLength(3);
    expect(await minutesOf('?since=2026-03-01T08:01:30.000Z')).toEqual([
      { at: '2026-03-01T08:01:00.000Z', fps: 25, p50: 8.12, p99: 17.05 },
      { at: '2026-03-01T08:03:00.000Z', fps: 25, p50: 9, p99: 17.05 },
    ]);
    expect(await minutesOf('?since=2026-03-01T08:01:00.000Z')).toHaveLength(2);
    expect((await app.ask('/api/v1/cameras/lobby/history?since=yesterday')).status).toBe(422);
  });

  it('that is withheld says why in the words of its slate', async () => {
    expect(await get('/api/v1/cameras/locker-room')).toMatchObject({
      state: 'withheld',
      reason: 'prohibited-place',
      explanation: 'Cameras are prohibited in this place (Regulation, Art. 15).',
    });
  });

  it('never tells a secret, though its failure does', async () => {
    const { detail } = (await get('/api/v1/cameras/loading-dock')) as { detail: string };
    expect(detail).toBe('The camera answered 401 Unauthorized to rtsp://admin:***@10.0.0.9/1.');
  });

  it('that does not exist is not found, by any route', async () => {
    for (const path of ['', '/zones', '/zones/history', '/history', '/snapshot.jpg']) {
      const response = await app.ask(`/api/v1/cameras/none${path}`);
      expect(response.status, path).toBe(404);
      expect(await response.json()).toEqual({
        error: { code: 'unknown-camera', message: 'There is no camera "none" in the site file.' },
      });
    }
    expect((await put('/api/v1/cameras/none/zones', {})).status).toBe(404);
    expect((await put('/api/v1/cameras/none/withheld', { withheld: true })).status).toBe(404);
    expect((await app.ask('/api/v1/cameras/none/zones/accept', { method: 'POST' })).status).toBe(404);
  });
});

describe('zones', () => {
  it('are told as the site file writes them', async () => {
    expect(await get('/api/v1/cameras/lobby/zones')).toEqual({
      revision: 1,
      inForce: { zones: [ZONE], unmasked: null },
      pending: null,
    });
  });

  it('that wait for a person are told beside those in force, with what they would lose', async () => {
    expect(await get('/api/v1/cameras/corridor-2/zones')).toMatchObject({
      inForce: { zones: [ZONE] },
      pending: { zones: [], unmasked: 'Nothing to hide any more.', losses: [{ weakenings: ['removed'] }] },
    });
  });

  it('of which there is no record are not told as if nothing were to be masked', async () => {
    expect(await get('/api/v1/cameras/archive/zones')).toMatchObject({ inForce: null });
  });

  it('that are put are in force, with their defaults, in the name of who put them', async () => {
    const { id, kind, polygon } = ZONE;
    const response = await put('/api/v1/cameras/lobby/zones', { zones: [{ id, kind, polygon }] });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ zones: [ZONE], acceptedBy: 'admin-token', source: 'api' });
    expect(app.gateway.calls).toEqual([{ what: 'put', camera: 'lobby', by: 'admin-token' }]);
    expect(await get('/api/v1/cameras/lobby/zones')).toMatchObject({ inForce: { zones: [ZONE] } });
  });

  it('that mask nothing are put with a reason', async () => {
    const reason = 'The yard is fenced in.';
    const response = await put('/api/v1/cameras/lobby/zones', { zones: [], unmasked: reason });
    expect(await response.json()).toMatchObject({ zones: [], unmasked: reason });
  });

  it('that cannot be used are refused with every problem, its path and its cure, and change nothing', async () => {
    const crossing = [
      [0.1, 0.1],
      [0.5, 0.5],
      [0.5, 0.1],
      [0.1, 0.5],
    ];
    const response = await put('/api/v1/cameras/lobby/zones', {
      zones: [
        { ...ZONE, polygon: crossing },
        { ...ZONE, id: 'door', style: 'blur', colour: 'red' },
        { ...ZONE, id: 'door', kind: 'restrooms' },
      ],
    });
    expect(response.status).toBe(422);
    const { error } = (await response.json()) as {
      error: { code: string; problems: { path: string; cure: string }[] };
    };
    expect(error.code).toBe('zones-invalid');
    expect(error.problems.map(({ path }) => path).sort()).toEqual([
      'zones[0].polygon',
      'zones[1].colour',
      'zones[1].style',
      'zones[2].id',
      'zones[2].kind',
    ]);
    for (const { cure } of error.problems) expect(cure).not.toBe('');
    expect(app.gateway.calls).toEqual([]);
  });

  it('of the site file are accepted on the word of who asks', async () => {
    const response = await app.ask('/api/v1/cameras/corridor-2/zones/accept', { method: 'POST' });
    expect(await response.json()).toMatchObject({ zones: [], source: 'cli', acceptedBy: 'admin-token' });
    expect(await get('/api/v1/cameras/corridor-2/zones')).toMatchObject({ pending: null });
    expect(app.gateway.calls).toEqual([{ what: 'accept', camera: 'corridor-2', by: 'admin-token' }]);
  });

  it('have a history, oldest first', async () => {
    await put('/api/v1/cameras/lobby/zones', { zones: [ZONE] });
    await put('/api/v1/cameras/lobby/zones', { zones: [], unmasked: 'An empty yard.' });
    const { revisions } = (await get('/api/v1/cameras/lobby/zones/history')) as { revisions: { revision: number }[] };
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(revisions[0]).not.toHaveProperty('fileDigest');
  });
});

describe('an operator', () => {
  it('withholds a stream, and ends it', async () => {
    const withheld = await put('/api/v1/cameras/lobby/withheld', { withheld: true });
    expect(await withheld.json()).toMatchObject({
      state: 'withheld',
      reason: 'operator',
      explanation: 'Withheld by an operator.',
    });
    expect(await (await put('/api/v1/cameras/lobby/withheld', { withheld: false })).json()).toMatchObject({
      state: 'masked',
    });
    expect(app.gateway.calls.map(({ what }) => what)).toEqual(['withhold', 'show']);
  });
});

describe('failures behind the API', () => {
  it.each([
    ['zone-store-conflict', 409],
    ['zone-store-unavailable', 503],
    ['zone-store-corrupt', 503],
  ])('are told where a person can act on them: %s is %i', async (code, status) => {
    app.gateway.failure = new VeilgateError(code, 'The password is hunter2.');
    const response = await app.ask('/api/v1/cameras/lobby/zones/history');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: { code, message: 'The password is ***.' } });
  });

  it.each([
    ['unforeseen', new TypeError('Cannot read properties of hunter2')],
    ['of a kind that is not for the API', new VeilgateError('engine-broken', 'at /home/hunter2/x.ts:1')],
    ['not even an error', Object.assign(Object.create(null) as Error, { status: 200 })],
  ])('that are %s are for the log alone', async (_, failure) => {
    app.gateway.failure = failure;
    const response = await app.ask('/api/v1/cameras/lobby/snapshot.jpg');
    expect(response.status).toBe(500);
    const message = 'The gateway failed to answer this request. Its log says why.';
    expect(await response.json()).toEqual({ error: { code: 'internal-error', message } });
    expect(log).toEqual([
      [{ err: failure, method: 'GET', path: '/api/v1/cameras/lobby/snapshot.jpg', status: 500 }, 'request failed'],
    ]);
  });
});

describe('a request for what there is not', () => {
  it('is answered 404 in JSON', async () => {
    for (const path of ['/nothing', '/api/v2/cameras', '/api/v1/nothing', '/index.html', '/favicon.ico']) {
      const response = await app.ask(path);
      expect(response.status, path).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'not-found' } });
    }
  });

  it.each([
    ['DELETE', '/api/v1/cameras', 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/cameras/lobby/zones', 'GET, HEAD, PUT'],
    ['GET', '/api/v1/cameras/lobby/zones/accept', 'POST'],
    ['HEAD', '/api/v1/cameras/lobby/withheld', 'PUT'],
    ['OPTIONS', '/api/v1/cameras', 'GET, HEAD, POST'],
    ['PUT', '/healthz', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
  ])('as a method is answered 405 with what is allowed: %s %s', async (method, path, allowed) => {
    const response = await app.ask(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allowed);
  });
});

describe('every answer', () => {
  it('tells browsers to run, keep and embed nothing', async () => {
    for (const path of ['/', '/icon.svg', '/healthz', '/api/v1/cameras', '/nothing']) {
      const { headers } = await app.ask(path);
      const policy = headers.get('content-security-policy');
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).not.toMatch(/unsafe|https?:|data:|\*/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      expect(headers.get('x-powered-by'), path).toBeNull();
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });

  it('of the API is not stored on the way', async () => {
    for (const path of ['/api/v1/cameras', '/api/v1/cameras/lobby/snapshot.jpg', '/metrics', '/nothing']) {
      expect((await app.ask(path)).headers.get('cache-control'), path).toBe('no-store');
    }
  });
});

describe('metrics', () => {
  it('count answers by route, and all unknown paths as one', async () => {
    await app.ask('/api/v1/cameras/lobby');
    await app.ask('/api/v1/cameras/none');
    await app.ask('/api/v1/cameras', { headers: {} });
    for (const path of ['/a', '/b', '/c']) await app.ask(path);
    const response = await app.ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith('veilgate_http_requests_total{'));
    expect(lines.sort()).toEqual([
      'veilgate_http_requests_total{method="GET",route="/api/v1/cameras",status="401"} 1',
      'veilgate_http_requests_total{method="GET",route="/api/v1/cameras/{camera}",status="200"} 1',
      'veilgate_http_requests_total{method="GET",route="/api/v1/cameras/{camera}",status="404"} 1',
      'veilgate_http_requests_total{method="GET",route="other",status="404"} 3',
    ]);
  });
});
