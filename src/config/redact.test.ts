import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from './redact.js';
import { Secret } from './secret.js';

const { text, value } = createRedactor(['hunter2/@', 'say "please"', 'abc']);

describe('a redactor', () => {
  test('hides a secret as it is, percent-encoded, as JSON escapes it, and in Base64', () => {
    const forms = [
      'hunter2/@',
      'hunter2%2F%40',
      JSON.stringify('say "please"'),
      Buffer.from('hunter2/@').toString('base64'),
    ];
    for (const form of forms) expect(text(`<${form}>`).replaceAll('"', '')).toBe('<***>');
  });

  test("hides any address's credentials, also those it has never heard of", () => {
    expect(text('open rtsp://eve:p@ss@10.0.0.5:554/1 failed')).toBe('open rtsp://***@10.0.0.5:554/1 failed');
    expect(text('see https://example.org/a?b=c@d')).toBe('see https://example.org/a?b=c@d');
  });

  test('hides what authorises a request', () => {
    expect(text('Authorization: Basic dXNlcjpwYXNz')).toBe('Authorization: Basic ***');
    expect(text('Authorization: Bearer abcdef.ghi')).toBe('Authorization: Bearer ***');
  });

  test('leaves alone what is too short to be told from other text', () => {
    expect(text('the abc of it')).toBe('the abc of it');
  });

  test('goes through objects, errors, causes and maps, and leaves bytes out', () => {
    const error = new Error('no hunter2/@', { cause: new Error('rtsp://a:b@c/d') });
    const log = value({
      error,
      list: ['hunter2/@'],
      map: new Map([['k', 'hunter2/@']]),
      frame: new Uint8Array(5),
      when: new Date(0),
    });
    expect(JSON.stringify(log)).not.toMatch(/hunter2|a:b@/);
    expect(log).toMatchObject({
      error: { message: 'no ***', cause: { message: 'rtsp://***@c/d' } },
      frame: '[5 bytes]',
      when: '1970-01-01T00:00:00.000Z',
    });
  });

  test('empties keys that name secrets, and wrapped secrets', () => {
    expect(value({ password: 'x', userToken: 1, passage: 'x', wrapped: new Secret('x'), token: null })).toEqual({
      password: '***',
      userToken: '***',
      passage: 'x',
      wrapped: '***',
      token: null,
    });
  });

  test('ends on a value that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(value(loop))).toContain('[...]');
  });

  test('lets no long enough secret through, whatever it is and whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'***'.includes(secret) && !before.includes(secret) && !after.includes(secret));
        const redacted = createRedactor([secret]).text(`${before}\n${secret}\n${after}`);
        expect(redacted.split('\n')).not.toContain(secret);
      }),
    );
  });
});
