import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpolate } from './interpolate.js';

const env = { USER: 'ana', PASS: 'a/b@c#d%e:f?', EMPTY: '' };

describe('a variable', () => {
  test('is put in wherever it stands, as often as it stands', () => {
    expect(interpolate('${USER}-${USER}', env)).toEqual({ text: 'ana-ana', values: ['ana', 'ana'], problems: [] });
  });

  test('in front of the "@" of an RTSP address is percent-encoded', () => {
    const { text } = interpolate('rtsp://${USER}:${PASS}@cam/1', env);
    expect(text).toBe('rtsp://ana:a%2Fb%40c%23d%25e%3Af%3F@cam/1');
    expect(decodeURIComponent(new URL(text).password)).toBe(env.PASS);
  });

  test('elsewhere is taken as it is', () => {
    expect(interpolate('rtsp://${HOST}/${PATH}', { HOST: 'u:p@cam', PATH: 'a@b' }).text).toBe('rtsp://u:p@cam/a@b');
    expect(interpolate('${PASS}', env).text).toBe(env.PASS);
  });

  test('whose value looks like a variable is not put in twice', () => {
    expect(interpolate('${A}', { A: '${B}', B: 'x' }).text).toBe('${B}');
  });

  test('that is not set, or empty, is a problem', () => {
    expect(interpolate('${NOPE} ${EMPTY}', env).problems.map(({ message }) => message)).toEqual([
      'The environment variable NOPE is not set.',
      'The environment variable EMPTY is empty.',
    ]);
  });

  test('that every object inherits is not set', () => {
    expect(interpolate('${constructor}', env).problems[0]?.code).toBe('variable-unset');
  });

  test('whose name or brace is wrong is a problem', () => {
    for (const text of ['${', '${A', '${}', '${A-B}', '${1}', '${ A }', '${A:-b}']) {
      expect(interpolate(text, { A: 'x' }).problems.map(({ code }) => code)).toEqual(['variable-malformed']);
    }
  });

  test('after "$$" is text', () => {
    expect(interpolate('$${USER} costs $5 {x}', env)).toEqual({
      text: '${USER} costs $5 {x}',
      values: [],
      problems: [],
    });
  });

  test('with any value makes an address whose password is that value', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
        const { text } = interpolate('rtsp://u:${P}@cam/1', { P: value });
        expect(decodeURIComponent(new URL(text).password)).toBe(value);
        expect(new URL(text).host).toBe('cam');
      }),
    );
  });
});
