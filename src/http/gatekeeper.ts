import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { mayUse, type Person, roleOf } from '../record/people/person.js';
import type { Rights } from '../record/people/role.js';
import type { Logger } from '../rtsp/logger.js';
import type { AdminToken } from './admin-token.js';
import { clientKey } from './client-address.js';
import { CSRF_HEADER, isOwnOrigin, isOwnPage, sessionSecretOf } from './cookies.js';
import { RequestError } from './failure.js';

/** Wrong tokens that one client may send a minute: a person's slips, and far too few to guess even a short token. */
export const MAX_WRONG_TOKENS = 20;
const WRONG_TOKENS_WINDOW_S = 60;

const BEARER = /^Bearer +([!-~]+) *$/i;

/** Methods that change nothing (RFC 9110, 9.2.1). */
const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who knows people by their secrets. */
export interface Identities {
  /** Who has logged in with this session; null where it is none, or over. */
  bySession(secret: string): Promise<Person | null>;
  /** Whose token it is; null where it is none, or over. */
  byToken(secret: string): Promise<Person | null>;
}

/**
 * Knows people by what their requests carry: `Authorization: Bearer <admin token or API token>` (RFC 6750), or the cookie of a session.
 *
 * A client that sent too many wrong tokens is answered 429 until the minute is over, whatever it sends: that is what makes guessing slow.
 */
export class Gatekeeper {
  readonly #token: AdminToken;
  readonly #people: Identities;
  readonly #logger: Logger;
  readonly #wrongTokens = new RateLimiterMemory({ points: MAX_WRONG_TOKENS, duration: WRONG_TOKENS_WINDOW_S });

  constructor(token: AdminToken, people: Identities, logger: Logger) {
    this.#token = token;
    this.#people = people;
    this.#logger = logger;
  }

  /** Lets through whoever is known, and notes who it is (`personOf`). */
  readonly anybodyKnown: RequestHandler = async (request, response, next) => {
    response.locals.person = await this.identify(request, request.ip, response);
    next();
  };

  /** Lets through whoever has the rights: 401 for who is not known, 403 for who may not. */
  require(rights: Rights): RequestHandler {
    return async (request, response, next) => {
      const person = await this.identify(request, request.ip, response);
      if (!mayUse(person, rights)) throw notAllowed(person, rights);
      response.locals.person = person;
      next();
    };
  }

  /**
   * Who sends a request; for WebSockets without a response. `address` is the client's, as far as a proxy is believed.
   *
   * @throws RequestError 401, 403 (a cookie's change that comes from elsewhere), 429
   */
  async identify(request: IncomingMessage, address: string | undefined, response?: Response): Promise<Person> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.#byToken(authorization, clientKey(address), response);
    const secret = sessionSecretOf(request);
    const person = secret === null ? null : await this.#people.bySession(secret);
    if (secret === null || person === null) {
      response?.set('WWW-Authenticate', 'Bearer realm="veilgate"');
      throw secret === null
        ? new RequestError(401, 'token-missing', 'Log in, or send a token as "Authorization: Bearer <token>".')
        : new RequestError(401, 'session-over', 'The session is over. Log in again.');
    }
    // A page of another site may open a WebSocket, and reads what comes.
    const isForeign = request.headers.upgrade !== undefined && !isOwnOrigin(request.headers);
    if (isForeign || (!SAFE_METHODS.has(request.method) && !isOwnPage(request, secret))) {
      throw new RequestError(
        403,
        'csrf-token-wrong',
        `A change that comes with a cookie needs the header ${CSRF_HEADER}, with what login and GET /api/v1/me answered.`,
      );
    }
    return person;
  }

  async #byToken(authorization: string, client: string, response?: Response): Promise<Person> {
    const attempts = await this.#wrongTokens.get(client);
    if (attempts !== null && attempts.consumedPoints >= MAX_WRONG_TOKENS) {
      response?.set('Retry-After', String(Math.ceil(attempts.msBeforeNext / 1000)));
      throw new RequestError(429, 'too-many-attempts', 'Too many wrong tokens came from this address. Wait a minute.');
    }
    const presented = BEARER.exec(authorization)?.[1];
    if (presented !== undefined && this.#token.matches(presented)) return { kind: 'admin-token' };
    const person = presented === undefined ? null : await this.#people.byToken(presented);
    if (person !== null) return person;
    await this.#wrongTokens.penalty(client);
    this.#logger.warn({ client }, 'wrong token');
    response?.set('WWW-Authenticate', 'Bearer realm="veilgate", error="invalid_token"');
    throw new RequestError(
      401,
      'token-wrong',
      'This is no token of this gateway, or not any more. The admin token is in admin.token in the folder storage.dir, unless VEILGATE_TOKEN presets it.',
    );
  }
}

/** Who sent a request that a gate let through; null where anyone is let through. */
export const personOf = ({ locals }: Response): Person | null => (locals.person as Person | undefined) ?? null;

const notAllowed = (person: Person, { roles, scope }: Rights): RequestError =>
  roles.includes(roleOf(person))
    ? new RequestError(403, 'scope-missing', `This token has not the scope "${scope}".`)
    : new RequestError(
        403,
        'role-not-allowed',
        `This takes the role ${roles.join(' or ')}, and yours is ${roleOf(person)}.`,
      );
