import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRaw, type RawAnswer, type ServedApp, serveApp, TOKEN, ZONE } from './gateway.fixture.js';
import { MAX_BODY_BYTES } from './mount.js';
import { errorSchema } from './schemas.js';

const ZONES = '/api/v1/cameras/lobby/zones';
const WITHHELD = '/api/v1/cameras/lobby/withheld';
const JSON_TYPE = 'application/json';

let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const put = (path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  askRaw(
    app.port,
    {
      method: 'PUT',
      path,
      headers: {
        host: 'localhost',
        authorization: `Bearer ${TOKEN}`,
        'content-type': JSON_TYPE,
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      },
    },
    body,
  );

/** A refusal in JSON that tells nothing of the program: no stack, no path of a file, no word of a library. */
const expectRefusal = ({ status, headers, body }: RawAnswer, statuses: readonly number[]): string => {
  expect(statuses, body).toContain(status);
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(body).not.toMatch(/node_modules|\.[jt]s:\d+|\bat \S+ \(|node:internal|Unexpected token/);
  return errorSchema.parse(JSON.parse(body)).error.code;
};

/** Values near a zone change, with everything that may be wrong with one. */
const anyValue = fc.anything({
  withNullPrototype: false,
  maxDepth: 4,
  key: fc.oneof(fc.string(), fc.constant('__proto__')),
});
const almost = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: anyValue });
const coordinate = almost(fc.double({ min: -0.5, max: 1.5 }));
const almostZone = almost(
  fc.record(
    {
      id: almost(fc.constantFrom('door', 'window', 'Door 1', '', '__proto__')),
      kind: almost(fc.constantFrom('restroom', 'private', 'rest-room', 'constructor')),
      polygon: almost(fc.array(almost(fc.tuple(coordinate, coordinate)), { maxLength: 12 })),
      action: almost(fc.constantFrom('mask', 'flag')),
      style: almost(fc.constantFrom('solid', 'blur', 'pixelate', 'toString')),
      padding: almost(fc.integer({ min: -10, max: 300 })),
    },
    { requiredKeys: [] },
  ),
);
const almostChange = almost(
  fc.record(
    { zones: almost(fc.array(almostZone, { maxLength: 6 })), unmasked: almost(fc.string({ maxLength: 250 })) },
    { requiredKeys: [] },
  ),
);

/** As JSON, with what JSON does not know left out. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null';

describe('hostile bodies', () => {
  it('of any JSON near a zone change are taken or refused with every problem named', async () => {
    await fc.assert(
      fc.asyncProperty(almostChange, async (value) => {
        const answer = await put(ZONES, jsonOf(value));
        if (answer.status === 200) return;
        expect(expectRefusal(answer, [422])).toBe('zones-invalid');
        const { problems } = errorSchema.parse(JSON.parse(answer.body)).error;
        expect(problems!.length).toBeGreaterThan(0);
        for (const { path, code, message, cure } of problems!) {
          for (const text of [path, code, message, cure]) expect(text).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of any bytes are refused as no JSON, or as no change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
        expectRefusal(await put(ZONES, Buffer.from(bytes)), [400, 422]);
        expectRefusal(await put(WITHHELD, Buffer.from(bytes)), [400, 422]);
      }),
      { numRuns: 100 },
    );
  });

  it('cut short anywhere are never taken for a whole one', async () => {
    const whole = JSON.stringify({ zones: [ZONE] });
    const before = app.gateway.calls.length;
    for (let length = 1; length < whole.length; length += 3) {
      expect(expectRefusal(await put(ZONES, whole.slice(0, length)), [400])).toBe('malformed-json');
    }
    expect(app.gateway.calls.length).toBe(before);
  });

  it('nested deep enough to break a parser are refused', async () => {
    const deep = '['.repeat(60_000) + ']'.repeat(60_000);
    expectRefusal(await put(ZONES, `{"zones":${deep}}`), [400, 422]);
    expectRefusal(await put(WITHHELD, deep), [400, 422]);
  });

  it('do not change what objects are made of', async () => {
    await put(
      ZONES,
      '{"zones":[],"unmasked":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a body', () => {
  it.each([
    ['larger than 256 KiB', ' '.repeat(MAX_BODY_BYTES + 1), {}, 413, 'body-too-large'],
    ['without a type', '{}', { 'content-type': '' }, 415, 'not-json'],
    ['of a form', 'withheld=true', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'not-json'],
    ['of plain text, which a page may send anywhere', '{}', { 'content-type': 'text/plain' }, 415, 'not-json'],
    ['that is compressed', '{}', { 'content-encoding': 'gzip' }, 415, 'unsupported-encoding'],
    ['in another charset', '{}', { 'content-type': `${JSON_TYPE}; charset=iso-8859-1` }, 415, 'unsupported-charset'],
    ['that is empty', '', {}, 400, 'body-missing'],
    ['with one brace', '{', {}, 400, 'malformed-json'],
    ['that is a number', '1', {}, 422, 'withheld-invalid'],
    ['with a word for a truth', '{"withheld":"false"}', {}, 422, 'withheld-invalid'],
    ['with more than is asked for', '{"withheld":true,"until":1}', {}, 422, 'withheld-invalid'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    const before = app.gateway.calls.length;
    expect(expectRefusal(await put(WITHHELD, body, headers as Record<string, string>), [status])).toBe(code);
    expect(app.gateway.calls.length).toBe(before);
  });

  it('of the full size is read', async () => {
    const body = JSON.stringify({ withheld: false });
    expect((await put(WITHHELD, body + ' '.repeat(MAX_BODY_BYTES - body.length))).status).toBe(200);
  });

  it('is not read from strangers', async () => {
    const answer = await put(WITHHELD, ' '.repeat(MAX_BODY_BYTES + 1), { authorization: '' });
    expectRefusal(answer, [401]);
  });
});

describe('hostile paths', () => {
  it.each([
    ['cut in a character', '/api/v1/cameras/%E0%A4%A'],
    ['with half an escape', '/%'],
    ['with a NUL', '/api/v1/cameras/%00'],
    ['with thousands of parts', `/${'a/'.repeat(2000)}`],
    ['that climb out of the page', '/..%2f..%2fetc/passwd'],
    ['that climb out as on Windows', '/icon.svg/..%5c..'],
  ])('%s are refused', async (_, path) => {
    const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}` };
    expectRefusal(await askRaw(app.port, { path, headers }), [400, 404]);
  });

  it('of any text are refused or found, and never fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40, unit: 'binary-ascii' }), async (text) => {
        const path = `/api/v1/cameras/${text.replace(/[^!-~]/g, '%7f')}`;
        const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}` };
        const answer = await askRaw(app.port, { path, headers });
        if (answer.status !== 200) expectRefusal(answer, [400, 404]);
      }),
      { numRuns: 150 },
    );
  });
});
