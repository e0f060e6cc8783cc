import { createHash, timingSafeEqual } from 'node:crypto';
import { parseParameter, quote, splitQuoted } from './parameters.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Digest algorithms, weakest first: MD5 is what cameras speak (RFC 2617), SHA-256 what newer ones add (RFC 7616). */
export const DIGEST_ALGORITHMS = ['MD5', 'SHA-256'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** What a server asks for in WWW-Authenticate. */
export type Challenge =
  | { readonly scheme: 'basic'; readonly realm: string }
  | {
      readonly scheme: 'digest';
      readonly realm: string;
      readonly nonce: string;
      readonly algorithm: DigestAlgorithm;
      /** `auth` where the server offers it, null where it speaks RFC 2069. */
      readonly qop: 'auth' | null;
      readonly opaque: string | null;
      /** The credentials were right, only the nonce was too old. */
      readonly stale: boolean;
    };

/** What a client sends in Authorization. */
export type Authorization =
  | { readonly scheme: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly scheme: 'digest';
      readonly username: string;
      readonly realm: string;
      readonly nonce: string;
      readonly uri: string;
      readonly response: string;
      readonly algorithm: DigestAlgorithm;
      readonly qop: 'auth' | null;
      /** As sent: 8 hex digits. */
      readonly nc: string;
      readonly cnonce: string;
      readonly opaque: string | null;
    };

/**
 * The challenges of WWW-Authenticate headers that can be answered, in the server's order. Several may share one line; unknown
 * schemes and algorithms are left out. Never throws.
 */
export const parseChallenges = (values: readonly string[]): Challenge[] =>
  values.flatMap(splitSchemes).flatMap(([scheme, parameters]) => {
    const challenge = toChallenge(scheme, parameters);
    return challenge ? [challenge] : [];
  });

/** The strongest of them: SHA-256 over MD5 over Basic. */
export const strongestChallenge = (challenges: readonly Challenge[]): Challenge | undefined =>
  challenges.toSorted((a, b) => strength(b) - strength(a))[0];

const strength = (challenge: Challenge): number =>
  challenge.scheme === 'basic' ? -1 : DIGEST_ALGORITHMS.indexOf(challenge.algorithm);

/** Cuts `Digest a=1, b=2, Basic realm="x"` into schemes with their parameters. */
const splitSchemes = (value: string): [scheme: string, parameters: Map<string, string>][] => {
  const schemes: [string, Map<string, string>][] = [];
  for (const part of splitQuoted(value, ',')) {
    const start = /^([A-Za-z0-9-]+)(?:\s+(.*))?$/.exec(part);
    let parameter = part;
    if (start && !/^[A-Za-z0-9-]+\s*=/.test(part)) {
      schemes.push([start[1]!.toLowerCase(), new Map()]);
      parameter = start[2] ?? '';
    }
    const [name, content] = parseParameter(parameter);
    if (name !== '' && content !== undefined) schemes.at(-1)?.[1].set(name, content);
  }
  return schemes;
};

const toChallenge = (scheme: string, parameters: ReadonlyMap<string, string>): Challenge | null => {
  const realm = parameters.get('realm') ?? '';
  if (scheme === 'basic') return { scheme, realm };
  const nonce = parameters.get('nonce');
  const algorithm = parseAlgorithm(parameters.get('algorithm'));
  const qops = parameters
    .get('qop')
    ?.split(',')
    .map((qop) => qop.trim().toLowerCase());
  if (scheme !== 'digest' || nonce === undefined || !algorithm || (qops && !qops.includes('auth'))) return null;
  return {
    scheme,
    realm,
    nonce,
    algorithm,
    qop: qops ? 'auth' : null,
    opaque: parameters.get('opaque') ?? null,
    stale: parameters.get('stale')?.toLowerCase() === 'true',
  };
};

const parseAlgorithm = (text: string | undefined): DigestAlgorithm | undefined =>
  text ? DIGEST_ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase()) : 'MD5';

/** A WWW-Authenticate value. */
export const formatChallenge = (challenge: Challenge): string => {
  if (challenge.scheme === 'basic') return `Basic realm=${quote(challenge.realm)}`;
  const parts = [`realm=${quote(challenge.realm)}`, `nonce=${quote(challenge.nonce)}`];
  if (challenge.opaque !== null) parts.push(`opaque=${quote(challenge.opaque)}`);
  if (challenge.qop) parts.push(`qop="${challenge.qop}"`);
  // MD5 is the default, and some clients stumble over the word.
  if (challenge.algorithm !== 'MD5') parts.push(`algorithm=${challenge.algorithm}`);
  if (challenge.stale) parts.push('stale=true');
  return `Digest ${parts.join(', ')}`;
};

/** What a digest is computed for. */
export interface DigestUse {
  readonly method: string;
  /** The request's URL exactly as in its first line. */
  readonly uri: string;
  /** How often the nonce has been used, this time included, from 1. */
  readonly nonceCount: number;
  /** Random, from the client. */
  readonly cnonce: string;
}

/** The Authorization value that answers a challenge (RFC 7617; RFC 7616, 3.4.1; RFC 2069 where there is no qop). */
export const answerChallenge = (challenge: Challenge, credentials: Credentials, use: DigestUse): string => {
  const { username, password } = credentials;
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const { realm, nonce, algorithm, qop, opaque } = challenge;
  const nc = use.nonceCount.toString(16).padStart(8, '0');
  const fields = { ...use, username, realm, nonce, algorithm, qop, nc };
  const parts = [
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(use.uri)}`,
    `response="${digestResponse(fields, use.method, password)}"`,
  ];
  if (algorithm !== 'MD5') parts.push(`algorithm=${algorithm}`);
  if (qop) parts.push(`qop=${qop}`, `nc=${nc}`, `cnonce=${quote(use.cnonce)}`);
  if (opaque !== null) parts.push(`opaque=${quote(opaque)}`);
  return `Digest ${parts.join(', ')}`;
};

/** Null where the value is not a well-formed Basic or Digest answer. Never throws. */
export const parseAuthorization = (value: string | undefined): Authorization | null => {
  const basic = /^\s*basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(value ?? '');
  if (basic) {
    const text = Buffer.from(basic[1]!, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0 ? null : { scheme: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  const [scheme, parameters] = splitSchemes(value ?? '')[0] ?? [];
  if (scheme !== 'digest' || !parameters) return null;
  const algorithm = parseAlgorithm(parameters.get('algorithm'));
  const qop = parameters.get('qop')?.toLowerCase() ?? null;
  const username = parameters.get('username');
  const nonce = parameters.get('nonce');
  const uri = parameters.get('uri');
  const response = parameters.get('response')?.toLowerCase();
  if (!algorithm || username === undefined || nonce === undefined || uri === undefined || !response) return null;
  if (qop !== null && qop !== 'auth') return null;
  return {
    scheme,
    username,
    realm: parameters.get('realm') ?? '',
    nonce,
    uri,
    response,
    algorithm,
    qop,
    nc: parameters.get('nc') ?? '',
    cnonce: parameters.get('cnonce') ?? '',
    opaque: parameters.get('opaque') ?? null,
  };
};

/**
 * Whether an answer proves the credentials for this challenge and method. Takes the same time whichever character is wrong.
 * Whether the nonce is young enough, and its count unused, is for the caller, who keeps them.
 * @param method of the request that carried the answer; its URL need not be the digest's `uri` (clients vary), but a caller who
 *   serves different rights per URL must compare them.
 */
export const verifyAuthorization = (
  answer: Authorization | null,
  credentials: Credentials,
  method: string,
  challenge: Challenge,
): boolean => {
  if (!answer || answer.scheme !== challenge.scheme) return false;
  const usernameRight = equalInConstantTime(answer.username, credentials.username);
  if (answer.scheme === 'basic' || challenge.scheme === 'basic') {
    return answer.scheme === 'basic' && equalInConstantTime(answer.password, credentials.password) && usernameRight;
  }
  const { realm, nonce, algorithm, qop } = challenge;
  // A client may ignore the offered qop (RFC 2617, 3.2.2), but not what it was not offered.
  if (answer.nonce !== nonce || answer.algorithm !== algorithm || (answer.qop && !qop)) return false;
  const expected = digestResponse({ ...answer, realm }, method, credentials.password);
  return equalInConstantTime(answer.response, expected) && usernameRight;
};

interface DigestFields {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly algorithm: DigestAlgorithm;
  readonly qop: 'auth' | null;
  readonly nc: string;
  readonly cnonce: string;
}

/** RFC 7616, 3.4.1: H(H(user:realm:password):nonce:nc:cnonce:qop:H(method:uri)), without the middle where there is no qop. */
const digestResponse = (fields: DigestFields, method: string, password: string): string => {
  const { algorithm, nonce, qop, nc, cnonce } = fields;
  const secret = hash(algorithm, `${fields.username}:${fields.realm}:${password}`);
  const request = hash(algorithm, `${method}:${fields.uri}`);
  return hash(
    algorithm,
    qop ? `${secret}:${nonce}:${nc}:${cnonce}:${qop}:${request}` : `${secret}:${nonce}:${request}`,
  );
};

const hash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');

const equalInConstantTime = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
