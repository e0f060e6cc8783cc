import { describe, expect, it } from 'vitest';
import { ClientAuthenticator } from './client-auth.js';
import { Headers } from './wire/headers.js';
import { makeResponse, type RtspResponse } from './wire/message.js';

const refusal = (...challenges: string[]): RtspResponse => {
  const headers = new Headers();
  for (const challenge of challenges) headers.append('WWW-Authenticate', challenge);
  return makeResponse(401, headers);
};

describe('the authenticator', () => {
  const credentials = { username: 'u', password: 'p' };

  it('answers nothing before it is asked, and from then on every request', () => {
    const authenticator = new ClientAuthenticator(credentials);
    expect(authenticator.authorize('OPTIONS', '*')).toBeNull();
    expect(authenticator.accept(refusal('Basic realm="r"'), 0)).toBe(true);
    expect(authenticator.authorize('OPTIONS', '*')).toBe('Basic dTpw');
  });

  it('counts the uses of a nonce, and begins anew with a new one', () => {
    const authenticator = new ClientAuthenticator(credentials);
    authenticator.accept(refusal('Digest realm="r", nonce="1", qop="auth"'), 0);
    expect(authenticator.authorize('OPTIONS', '*')).toContain('nc=00000001');
    expect(authenticator.authorize('DESCRIBE', '*')).toContain('nc=00000002');
    authenticator.accept(refusal('Digest realm="r", nonce="2", qop="auth", stale=true'), 1);
    expect(authenticator.authorize('DESCRIBE', '*')).toContain('nc=00000001');
  });

  it('prefers a digest to Basic', () => {
    const authenticator = new ClientAuthenticator(credentials);
    authenticator.accept(refusal('Basic realm="r"', 'Digest realm="r", nonce="1"'), 0);
    expect(authenticator.authorize('OPTIONS', '*')).toMatch(/^Digest /);
  });

  it('tries again where the nonce is said to be stale, but not for ever', () => {
    const authenticator = new ClientAuthenticator(credentials);
    authenticator.accept(refusal('Digest realm="r", nonce="1"'), 0);
    expect(authenticator.accept(refusal('Digest realm="r", nonce="2", stale=true'), 1)).toBe(true);
    expect(authenticator.accept(refusal('Digest realm="r", nonce="3", stale=true'), 2)).toBe(false);
  });

  it('tries again with a new nonce only after the old one was good', () => {
    const authenticator = new ClientAuthenticator(credentials);
    authenticator.accept(refusal('Digest realm="r", nonce="1"'), 0);
    expect(authenticator.accept(refusal('Digest realm="r", nonce="2"'), 1)).toBe(false);
    authenticator.succeeded();
    expect(authenticator.accept(refusal('Digest realm="r", nonce="2"'), 1)).toBe(false);
    expect(authenticator.accept(refusal('Digest realm="r", nonce="3"'), 1)).toBe(true);
  });

  it('does not send wrong credentials twice', () => {
    const authenticator = new ClientAuthenticator(credentials);
    authenticator.accept(refusal('Basic realm="r"'), 0);
    expect(authenticator.accept(refusal('Basic realm="r"'), 1)).toBe(false);
  });

  it('gives up without credentials, and without a challenge that it can answer', () => {
    expect(new ClientAuthenticator(null).accept(refusal('Basic realm="r"'), 0)).toBe(false);
    expect(new ClientAuthenticator(credentials).accept(refusal('Negotiate'), 0)).toBe(false);
  });
});
