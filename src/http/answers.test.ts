/** Every answer is held to the zod schema of its route and to the document that clients read. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Express } from 'express';
import { Registry } from 'prom-client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { AdminToken } from './admin-token.js';
import { alertsOnTrial } from './alerts.fixture.js';
import { createApp } from './app.js';
import {
  CAMERAS,
  commissionsOf,
  GatewayInMemory,
  journalInMemory,
  NEW_CAMERAS,
  NOBODY,
  recordInMemory,
  type ServedApp,
  SiteInMemory,
  serveApp,
  TOKEN,
  ZONE,
} from './gateway.fixture.js';
import { LiveViews } from './live-views.js';
import { pageFiles } from './page-files.js';
import { PreviewViews } from './preview-views.js';
import { READ } from './rights.js';
import type { Route } from './route.js';
import { makeRoutes, type RouteContext } from './routes.js';
import { errorSchema } from './schemas.js';

interface Operation {
  readonly 'x-roles'?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, object>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const NO_PREVIEW = new PreviewViews({ wanted: false, ffmpeg: null }, SILENT_LOGGER);

const inMemory = new GatewayInMemory();
const context: RouteContext = {
  gateway: inMemory,
  commissions: commissionsOf(inMemory),
  journal: await journalInMemory(),
  ...recordInMemory(),
  site: 'Riverside Hotel',
  sites: new SiteInMemory(),
  newCameras: NEW_CAMERAS,
  alerts: alertsOnTrial(),
  registry: new Registry(),
  catalogue: { get: () => undefined },
  preview: NO_PREVIEW,
  ready: () => ({ config: true, http: true, rtsp: true, store: true }),
  rtsp: { host: '127.0.0.1', port: 8554 },
  redact: (text) => text,
};
const routes = makeRoutes(context);

let app: ServedApp;
let document: Document;
let ajv: Ajv2020;
beforeAll(async () => {
  app = await serveApp();
  document = (await (await app.ask('/openapi.json')).json()) as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('base64', /^[A-Za-z0-9+/]*={0,2}$/);
  ajv.addSchema(document, 'openapi');
});
afterAll(() => app[Symbol.asyncDispose]());

const pointer = (...keys: string[]): string =>
  `openapi#${keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;

/** Holds an answer to the document and to the route's own schema. */
const expectDocumented = async (route: Pick<Route, 'method' | 'path'>, response: Response): Promise<unknown> => {
  const operation = document.paths[route.path]![route.method]!;
  const status = String(response.status);
  expect(Object.keys(operation.responses)).toContain(status);
  const value: unknown = await response.json();
  const where =
    response.status < 400 || route.path === '/readyz'
      ? pointer('paths', route.path, route.method, 'responses', status, 'content', 'application/json', 'schema')
      : pointer('components', 'schemas', 'Error');
  const valid = ajv.validate({ $ref: where }, value);
  expect(ajv.errors ?? [], JSON.stringify(value)).toEqual([]);
  expect(valid).toBe(true);
  const known = routes.find(({ method, path }) => method === route.method && path === route.path);
  const schema = known?.answers[response.status]?.content;
  if (typeof schema === 'object' && schema !== null) schema.parse(value);
  else if (response.status >= 400) errorSchema.parse(value);
  return value;
};

const put = (path: string, body: unknown): Promise<Response> =>
  app.ask(path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document of this version', async () => {
    const result = await new Validator().validate(structuredClone(document) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info.version).toBe('1.2.3');
  });

  it('covers every route that the app has, and no other', () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(documented.sort()).toEqual(mountedRoutes().sort());
  });

  it('says of every route who may use it', () => {
    for (const { method, path, access } of routes) {
      const { security, 'x-roles': roles } = document.paths[path]![method]!;
      const signedIn = [{ token: [] }, { session: [] }];
      const isForSessions = typeof access === 'object' && access.scope === 'commission';
      const expected = isForSessions ? [{ session: [] }] : { anyone: [], metrics: [{}, ...signedIn] }[String(access)];
      expect(security, path).toEqual(expected);
      expect(roles, path).toEqual(
        typeof access === 'object' ? access.roles : access === 'metrics' ? READ.roles : undefined,
      );
    }
  });

  it('has schemas that compile, each of them', () => {
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: pointer('components', 'schemas', name) }), name).not.toThrow();
    }
  });

  it('takes for a request what the gateway takes, defaults left out', () => {
    const body = { $ref: pointer('components', 'schemas', 'ZoneChange') };
    const { id, kind, polygon } = ZONE;
    expect(ajv.validate(body, { zones: [{ id, kind, polygon }] })).toBe(true);
    expect(ajv.validate(body, { zones: [{ id, kind, polygon, colour: 'red' }] })).toBe(false);
    expect(ajv.validate(body, { zones: [{ id, kind, polygon: [[0, 0]] }] })).toBe(false);
  });
});

/** Express keeps what was mounted in its router; the page's files are no part of the API. */
const mountedRoutes = (): string[] => {
  const express: Express = createApp({
    ...context,
    registry: new Registry(),
    token: new AdminToken(TOKEN),
    identities: NOBODY,
    live: new LiveViews(SILENT_LOGGER),
    preview: NO_PREVIEW,
    http: { host: '127.0.0.1', port: 8080 },
    behindProxy: false,
    logger: { debug() {}, info() {}, warn() {} },
    version: '1.2.3',
  });
  const layers = express.router.stack.flatMap(({ route }) => route ?? []);
  return layers
    .filter(({ path }) => !pageFiles().has(path))
    .flatMap(({ path, stack }) => {
      const methods = new Set(stack.flatMap(({ method }) => method ?? []));
      return [...methods].map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    });
};

const ATTESTATION = {
  by: 'Li Wei',
  at: '2026-03-01T08:00:00.000Z',
  photo: 'a'.repeat(64),
  text: '您已进入视频监控区域',
  word: '视频监控',
  score: 0.99,
};

describe('answers', () => {
  it('of cameras in every state are as documented', async () => {
    const all = await expectDocumented({ method: 'get', path: '/api/v1/cameras' }, await app.ask('/api/v1/cameras'));
    expect((all as { cameras: { id: string }[] }).cameras.map(({ id }) => id)).toEqual(CAMERAS.map(({ id }) => id));
    for (const { id } of CAMERAS) {
      const route = { method: 'get', path: '/api/v1/cameras/{camera}' } as const;
      await expectDocumented(route, await app.ask(`/api/v1/cameras/${id}`));
    }
  });

  it('of zones are as documented, known, pending and unreadable', async () => {
    for (const { id } of CAMERAS) {
      const route = { method: 'get', path: '/api/v1/cameras/{camera}/zones' } as const;
      await expectDocumented(route, await app.ask(`/api/v1/cameras/${id}/zones`));
    }
  });

  it('to changes, and the history of them, are as documented', async () => {
    const path = '/api/v1/cameras/{camera}/zones';
    const zones = [ZONE, { ...ZONE, id: 'second', kind: 'private', style: 'blur' }];
    await expectDocumented({ method: 'put', path }, await put('/api/v1/cameras/lobby/zones', { zones }));
    const accepted = await app.ask('/api/v1/cameras/corridor-2/zones/accept', { method: 'POST' });
    await expectDocumented({ method: 'post', path: `${path}/accept` }, accepted);
    for (const id of ['lobby', 'corridor-2', 'archive']) {
      const history = await app.ask(`/api/v1/cameras/${id}/zones/history`);
      await expectDocumented({ method: 'get', path: `${path}/history` }, history);
    }
    const attested = await app.ask('/api/v1/cameras/lobby/sign/attestations', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(ATTESTATION),
    });
    const attesting = { method: 'post', path: '/api/v1/cameras/{camera}/sign/attestations' } as const;
    expect(await expectDocumented(attesting, attested)).toMatchObject({
      sign: { attestedBy: 'Li Wei', attestedUntil: '2026-08-28T08:00:00.000Z' },
    });
    const withheld = await put('/api/v1/cameras/lobby/withheld', { withheld: true });
    await expectDocumented({ method: 'put', path: '/api/v1/cameras/{camera}/withheld' }, withheld);
  });

  it('about the gateway itself are as documented', async () => {
    await expectDocumented({ method: 'get', path: '/healthz' }, await app.ask('/healthz'));
    await expectDocumented({ method: 'get', path: '/readyz' }, await app.ask('/readyz'));
    await expectDocumented({ method: 'get', path: '/openapi.json' }, await app.ask('/openapi.json'));
    await using unready = await serveApp({ ready: () => ({ config: true, http: true, rtsp: false, store: true }) });
    const answer = await unready.ask('/readyz');
    expect(answer.status).toBe(503);
    await expectDocumented({ method: 'get', path: '/readyz' }, answer);
  });

  it('of the audit log are as documented', async () => {
    const asked: Readonly<Record<string, string>> = {
      '/api/v1/log': '',
      '/api/v1/log/entries': '?start=250&limit=20',
      '/api/v1/log/entries/{entry}': '/7',
      '/api/v1/log/entries/{entry}/proof': '?size=100',
      '/api/v1/log/consistency': '?first=20&second=300',
    };
    for (const [path, query] of Object.entries(asked)) {
      const target = path.includes('{entry}')
        ? path.replace('{entry}', '7') + (query.startsWith('?') ? query : '')
        : path + query;
      await expectDocumented({ method: 'get', path }, await app.ask(target));
    }
  });

  it('that refuse are as documented', async () => {
    const path = '/api/v1/cameras/{camera}/zones';
    await expectDocumented({ method: 'get', path }, await app.ask('/api/v1/cameras/none/zones'));
    await expectDocumented({ method: 'get', path }, await app.ask('/api/v1/cameras/lobby/zones', { headers: {} }));
    const broken = await put('/api/v1/cameras/lobby/zones', { zones: [{ id: 'A B', kind: 'rest', polygon: [] }] });
    await expectDocumented({ method: 'put', path }, broken);
  });

  it('about settings and models are as documented', async () => {
    for (const path of ['/api/v1/site', '/api/v1/site/settings', '/api/v1/models'])
      await expectDocumented({ method: 'get', path }, await app.ask(path));
  });

  it('about new cameras are as documented, and say what is wrong with one', async () => {
    const post = async (path: string, body?: unknown) =>
      (await expectDocumented(
        { method: 'post', path },
        await app.ask(path, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      )) as { error?: { code: string; problems?: { path: string }[] } };
    await post('/api/v1/onvif/discovery');
    await post('/api/v1/onvif/streams', { service: 'http://10.0.0.9/onvif/device_service', user: 'a', password: 'b' });
    const camera = { id: 'gate', source: 'rtsp://10.0.0.9/1', place: 'entrance' };
    expect(await post('/api/v1/cameras', camera)).toMatchObject({ id: 'gate', line: 40 });
    expect(await post('/api/v1/cameras', { ...camera, id: 'lobby' })).toMatchObject({
      error: { code: 'camera-invalid', problems: [{ path: 'id' }] },
    });
    // Whoever may add cameras may not have the gateway open its files.
    for (const source of ['/etc/passwd', 'file:///etc/passwd', 'http://10.0.0.9/'])
      expect((await post('/api/v1/cameras', { ...camera, source })).error, source).toBeDefined();
  });

  it('that have no usual view to show say so', async () => {
    const path = '/api/v1/cameras/{camera}/view.jpg';
    const answer = await expectDocumented(
      { method: 'get', path },
      await app.ask('/api/v1/cameras/loading-dock/view.jpg'),
    );
    expect(answer).toMatchObject({ error: { code: 'no-usual-view' } });
  });

  it('with pictures are JPEG and are not stored on the way', async () => {
    for (const id of ['lobby', 'locker-room']) {
      const response = await app.ask(`/api/v1/cameras/${id}/snapshot.jpg`);
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.length).toBe(Number(response.headers.get('content-length')));
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
    }
  });
});
