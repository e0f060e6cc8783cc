/** Hostile input on every route of the OpenAPI document: refused or served, never a failure of ours, never a stack, never a secret. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordInMemory, type ServedApp, SiteInMemory, serveApp, TOKEN } from './gateway.fixture.js';

type Schema = { readonly [key: string]: unknown };
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Requests that each operation gets. */
const TRIES = 12;

let app: ServedApp;
let document: Document;
beforeAll(async () => {
  app = await serveApp({ ...recordInMemory(), behindProxy: true, sites: new SiteInMemory(true) });
  document = (await (await app.ask('/openapi.json')).json()) as Document;
});
afterAll(() => app[Symbol.asyncDispose]());

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '..',
    '../../etc/passwd',
    '%00',
    "' or 1=1 --",
    '{"$gt":""}',
    '__proto__',
    'constructor',
    '\u0000',
  ),
  fc.constantFrom('\ud800', '\u202e', '9'.repeat(400), 'x'.repeat(5000), '-1', '1e309', 'NaN', 'lobby', 'none'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const anything = fc.oneof(nasty, fc.anything({ maxDepth: 3, withNullPrototype: false }));

/** Values near those of a JSON Schema: most parts right, some of any other kind. */
const near = (schema: Schema, depth = 0): fc.Arbitrary<unknown> => {
  const { $ref, type, properties, items, required, anyOf, oneOf } = schema as Record<string, unknown>;
  const resolved =
    typeof $ref === 'string' ? document.components.schemas[($ref as string).split('/').at(-1)!] : undefined;
  if (resolved !== undefined) return near(resolved, depth);
  const choices = (schema.enum ?? (schema.const === undefined ? undefined : [schema.const])) as unknown[] | undefined;
  let right: fc.Arbitrary<unknown> = anything;
  if (choices !== undefined) right = fc.constantFrom(...choices);
  else if (anyOf ?? oneOf) right = fc.oneof(...((anyOf ?? oneOf) as Schema[]).map((one) => near(one, depth)));
  else if (type === 'object' && properties !== undefined) {
    const fields = Object.entries(properties as Record<string, Schema>).map(([name, one]) => [
      name,
      near(one, depth + 1),
    ]);
    right = fc.record(Object.fromEntries(fields), { requiredKeys: (required ?? []) as never[] });
  } else if (type === 'array') right = fc.array(near((items ?? {}) as Schema, depth + 1), { maxLength: 4 });
  else if (type === 'boolean') right = fc.boolean();
  else if (type === 'integer' || type === 'number') right = fc.oneof(fc.integer({ min: -2, max: 400 }), fc.double());
  else if (schema.format === 'date-time') right = fc.constantFrom('2026-03-01T08:00:00Z', '2027-03-01T08:00:00Z');
  else if (type === 'string') right = fc.oneof(fc.constantFrom('lobby', 'wang.fang', 'a text'), nasty);
  return fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: anything });
};

const encode = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd'));

it('never makes a route fail', async () => {
  let sent = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { parameters = [], requestBody }] of Object.entries(operations)) {
      const query = parameters.filter((one) => one.in === 'query');
      const schema = requestBody?.content['application/json'].schema;
      const request = fc.record({
        parts: fc.array(nasty, { minLength: 3, maxLength: 3 }),
        query: fc.record(Object.fromEntries(query.map(({ name, schema: one }) => [name, near(one)])), {
          requiredKeys: [],
        }),
        body: schema === undefined ? fc.constant(undefined) : near(schema),
        approval: fc.option(nasty, { nil: undefined }),
      });
      for (const { parts, query: asked, body, approval } of fc.sample(request, TRIES)) {
        let part = 0;
        const filled = path.replaceAll(/\{\w+\}/g, () => encode(parts[part++]!) || 'none');
        const search = new URLSearchParams(
          Object.entries(asked).map(([k, v]) => [k, String(v)] as [string, string]),
        ).toString();
        const forwarded = `10.${(++sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`;
        const response = await app.ask(`${filled}?${search}`, {
          method: method.toUpperCase(),
          headers: {
            authorization: `Bearer ${TOKEN}`,
            'x-forwarded-for': forwarded,
            ...(approval !== undefined && { approval: encode(approval) }),
            ...(schema !== undefined && { 'content-type': 'application/json' }),
          },
          ...(schema !== undefined && { body: stringify(body) }),
        });
        const where = `${method} ${filled}`;
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
          await response.body?.cancel();
          continue;
        }
        const text = await response.text();
        expect(response.status, `${where} ${text}`).not.toBe(500);
        expect(text, where).not.toMatch(/node_modules|\.[jt]s:\d+|node:internal|SQLITE|hunter2/);
        expect(text.includes(TOKEN), where).toBe(false);
      }
    }
  }
  expect(sent).toBeGreaterThan(300);
}, 120_000);

it('nor does a path outside the document, or a method that nothing takes', async () => {
  const prefixes = ['/', '/api/', '/api/v1/', '/api/v1/cameras/lobby/', '/assets/', '/openapi.json/'];
  const paths = fc.tuple(fc.constantFrom(...prefixes), nasty, nasty);
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  for (const [prefix, name, search] of fc.sample(paths, 60)) {
    for (const method of methods) {
      const path = `${prefix}${encode(name)}?${encode(search)}`;
      const response = await app.ask(path, { method, headers: { authorization: `Bearer ${TOKEN}` } });
      const text = await response.text();
      expect(response.status, `${method} ${path} ${text}`).not.toBe(500);
      expect(text, path).not.toMatch(/node_modules|\.[jt]s:\d+|node:internal|SQLITE|hunter2/);
    }
  }
}, 60_000);

/** What JSON cannot say is sent as something else. */
const stringify = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)) ?? 'null';
  } catch {
    return '{';
  }
};
