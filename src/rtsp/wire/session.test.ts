import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatSession, parseSession } from './session.js';

it('reads an identifier and a timeout, however spaced', () => {
  expect(parseSession('12345678;timeout=30')).toEqual({ id: '12345678', timeoutS: 30 });
  expect(parseSession(' 12345678 ; Timeout = 30 ')).toEqual({ id: '12345678', timeoutS: 30 });
});

it('takes 60 s where the timeout is missing or none', () => {
  for (const value of ['a', 'a;timeout=', 'a;timeout=0', 'a;timeout=-5', 'a;timeout=soon']) {
    expect(parseSession(value)).toEqual({ id: 'a', timeoutS: 60 });
  }
});

it('is null without an identifier', () => {
  for (const value of [undefined, '', ';timeout=5', 'a b']) expect(parseSession(value)).toBeNull();
});

it('comes back as it was written', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9$\-_.+]{1,40}$/);
  fc.assert(
    fc.property(id, fc.integer({ min: 1, max: 100_000 }), (id, timeoutS) => {
      expect(parseSession(formatSession({ id, timeoutS }))).toEqual({ id, timeoutS });
    }),
  );
});
