import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';

/** The session's cookie. Over TLS browsers hold it to this host and path by its prefix (RFC 6265bis, 4.1.3.2). */
const NAME = 'veilgate-session';
const SECURE_NAME = `__Host-${NAME}`;

/** The header that a change must carry when it comes with a cookie: a page of another site can send neither it nor read its value. */
export const CSRF_HEADER = 'x-csrf-token';

/** The session's secret that a request carries, or null. */
export const sessionSecretOf = ({ headers }: IncomingMessage): string | null => {
  const cookies = parseCookie(headers.cookie ?? '');
  return cookies[SECURE_NAME] ?? cookies[NAME] ?? null;
};

/** The `Set-Cookie` that gives a browser its session; null takes it away. Never readable by scripts, never sent from other sites. */
export const sessionCookie = (secret: string | null, maxAgeS: number, secure: boolean): string =>
  stringifySetCookie({
    name: secure ? SECURE_NAME : NAME,
    value: secret ?? '',
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure,
    maxAge: secret === null ? 0 : maxAgeS,
  });

/** What the header of a change must be: made from the session's secret, so that there is nothing to keep. */
export const csrfTokenOf = (sessionSecret: string): string =>
  createHmac('sha256', sessionSecret).update('veilgate csrf').digest('base64url');

/** Whether a request with a session's cookie comes from a page of our own: it knows the session's token, and names no other origin. */
export const isOwnPage = ({ headers }: IncomingMessage, sessionSecret: string): boolean => {
  const sent = Buffer.from(String(headers[CSRF_HEADER] ?? ''));
  const right = Buffer.from(csrfTokenOf(sessionSecret));
  return sent.length === right.length && timingSafeEqual(sent, right) && isOwnOrigin(headers);
};

/** Whether the page that sends a request, where a browser names it, is served from the host that the request is for. */
export const isOwnOrigin = ({ origin, host }: IncomingMessage['headers']): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
