import type { RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Logger } from '../rtsp/logger.js';
import type { AdminToken } from './admin-token.js';
import { clientKey } from './client-address.js';
import { RequestError } from './failure.js';

/** How the holder of the admin token is named in records of who did what. */
export const ADMIN_ACTOR = 'admin token';

/** Wrong tokens that one client may send a minute: a person's slips, and far too few to guess even a short token. */
export const MAX_WRONG_TOKENS = 20;
const WRONG_TOKENS_WINDOW_S = 60;

const BEARER = /^Bearer +([!-~]+) *$/i;

/**
 * Lets through whoever sends `Authorization: Bearer <admin token>` (RFC 6750); 401 otherwise. A client that sent too many wrong ones is
 * answered 429 until the minute is over, whatever it sends: that is what makes guessing slow. Who the client is, is for Express's
 * `trust proxy` to say.
 */
export const authenticate = (token: AdminToken, logger: Logger): RequestHandler => {
  const wrongTokens = new RateLimiterMemory({ points: MAX_WRONG_TOKENS, duration: WRONG_TOKENS_WINDOW_S });
  return async (request, response, next) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      response.set('WWW-Authenticate', 'Bearer realm="veilgate"');
      throw new RequestError(401, 'token-missing', 'Send the admin token as "Authorization: Bearer <token>".');
    }
    const client = clientKey(request.ip);
    const attempts = await wrongTokens.get(client);
    if (attempts !== null && attempts.consumedPoints >= MAX_WRONG_TOKENS) {
      response.set('Retry-After', String(Math.ceil(attempts.msBeforeNext / 1000)));
      throw new RequestError(429, 'too-many-attempts', 'Too many wrong tokens came from this address. Wait a minute.');
    }
    const presented = BEARER.exec(authorization)?.[1];
    if (presented !== undefined && token.matches(presented)) return next();
    await wrongTokens.penalty(client);
    logger.warn({ client }, 'wrong token');
    response.set('WWW-Authenticate', 'Bearer realm="veilgate", error="invalid_token"');
    throw new RequestError(
      401,
      'token-wrong',
      'This is not the admin token. It is in admin.token in the folder storage.dir, unless VEILGATE_TOKEN presets it.',
    );
  };
};
