import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerChallenge,
  type Challenge,
  type Credentials,
  formatChallenge,
  parseAuthorization,
  parseChallenges,
  strongestChallenge,
  verifyAuthorization,
} from './auth.js';

const digest = (changes: Partial<Extract<Challenge, { scheme: 'digest' }>> = {}): Challenge => ({
  scheme: 'digest',
  realm: 'cameras',
  nonce: 'abc',
  algorithm: 'MD5',
  qop: null,
  opaque: null,
  stale: false,
  ...changes,
});

const responseOf = (challenge: Challenge, credentials: Credentials, cnonce: string): string | undefined => {
  const use = { method: 'GET', uri: '/dir/index.html', nonceCount: 1, cnonce };
  return /response="(\w+)"/.exec(answerChallenge(challenge, credentials, use))?.[1];
};

describe('a digest answer', () => {
  it('equals the example of RFC 2617, 3.5', () => {
    const challenge = digest({
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      qop: 'auth',
    });
    const credentials = { username: 'Mufasa', password: 'Circle Of Life' };
    expect(responseOf(challenge, credentials, '0a4f113b')).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('equals the example of RFC 2069, 2.4 as its errata correct it', () => {
    const challenge = digest({ realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' });
    const credentials = { username: 'Mufasa', password: 'CircleOfLife' };
    expect(responseOf(challenge, credentials, '')).toBe('1949323746fe6a43ef61f9606e7febea');
  });

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('equals the %s example of RFC 7616, 3.9.1', (algorithm, expected) => {
    const challenge = digest({
      realm: 'http-auth@example.org',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      qop: 'auth',
      algorithm,
    });
    const credentials = { username: 'Mufasa', password: 'Circle of Life' };
    expect(responseOf(challenge, credentials, 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ')).toBe(expected);
  });
});

describe('challenges', () => {
  it('are read from one line or several, in order', () => {
    const line = 'Digest realm="a, b", nonce="n", stale=TRUE, Basic realm="c"';
    expect(parseChallenges([line, 'Digest realm="d",nonce="m",qop="auth-int, auth",algorithm=SHA-256'])).toEqual([
      digest({ realm: 'a, b', nonce: 'n', stale: true }),
      { scheme: 'basic', realm: 'c' },
      digest({ realm: 'd', nonce: 'm', qop: 'auth', algorithm: 'SHA-256' }),
    ]);
  });

  it('that cannot be answered are left out', () => {
    expect(
      parseChallenges([
        'Negotiate',
        'Bearer realm="a"',
        'Digest realm="a"',
        'Digest nonce="n", algorithm=SHA-512-256',
        'Digest nonce="n", qop="auth-int"',
        '',
      ]),
    ).toEqual([]);
  });

  it('are answered by strength', () => {
    const basic: Challenge = { scheme: 'basic', realm: 'a' };
    const sha256 = digest({ algorithm: 'SHA-256' });
    expect(strongestChallenge([basic, digest(), sha256])).toBe(sha256);
    expect(strongestChallenge([basic, digest()])).toEqual(digest());
    expect(strongestChallenge([])).toBeUndefined();
  });
});

const text = fc.string({ maxLength: 20 });
const nonEmpty = fc.string({ minLength: 1, maxLength: 20 });
const challenges: fc.Arbitrary<Challenge> = fc.oneof(
  fc.record({ scheme: fc.constant('basic' as const), realm: text }),
  fc.record({
    scheme: fc.constant('digest' as const),
    realm: text,
    nonce: nonEmpty,
    algorithm: fc.constantFrom('MD5' as const, 'SHA-256' as const),
    qop: fc.constantFrom('auth' as const, null),
    opaque: fc.option(text),
    stale: fc.boolean(),
  }),
);
const usernames = text.filter((name) => !name.includes(':'));

describe('client and server', () => {
  it('agree on every challenge, and only with the right password, method and nonce', () => {
    fc.assert(
      fc.property(challenges, usernames, text, nonEmpty, (challenge, username, password, cnonce) => {
        const [read] = parseChallenges([formatChallenge(challenge)]);
        expect(read).toEqual(challenge);
        const use = { method: 'DESCRIBE', uri: 'rtsp://a/b?c="d"', nonceCount: 12, cnonce };
        const answer = parseAuthorization(answerChallenge(challenge, { username, password }, use));
        expect(verifyAuthorization(answer, { username, password }, 'DESCRIBE', challenge)).toBe(true);
        expect(verifyAuthorization(answer, { username, password: `${password}x` }, 'DESCRIBE', challenge)).toBe(false);
        expect(verifyAuthorization(answer, { username: `${username}x`, password }, 'DESCRIBE', challenge)).toBe(false);
        if (challenge.scheme === 'digest') {
          const later = { ...challenge, nonce: `${challenge.nonce}x` };
          expect(verifyAuthorization(answer, { username, password }, 'PLAY', challenge)).toBe(false);
          expect(verifyAuthorization(answer, { username, password }, 'DESCRIBE', later)).toBe(false);
        }
      }),
    );
  });

  it('do not mix schemes: a Basic answer does not satisfy a Digest challenge', () => {
    const credentials = { username: 'u', password: 'p' };
    const use = { method: 'PLAY', uri: '*', nonceCount: 1, cnonce: 'c' };
    const basic = parseAuthorization(answerChallenge({ scheme: 'basic', realm: 'r' }, credentials, use));
    expect(verifyAuthorization(basic, credentials, 'PLAY', digest())).toBe(false);
    expect(verifyAuthorization(null, credentials, 'PLAY', digest())).toBe(false);
  });

  it('survive any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.constantFrom('', 'Basic ', 'Digest '), (value, scheme) => {
        parseAuthorization(scheme + value);
        parseChallenges([scheme + value]);
      }),
    );
  });
});
