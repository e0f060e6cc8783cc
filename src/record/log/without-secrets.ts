import type { Json } from './canonical-json.js';

/** What stands in the place of a secret. */
const BLOT = '[redacted]';

/** Names of properties that hold secrets. */
const SECRET_NAME =
  /^(.*[-_.])?(pass(word|wd|phrase|code)?|pwd|secret|token|credentials?|authorization|cookies?|otp|(private|signing|api|secret)[-_]?key)$/i;

/** Camel case, so that `adminToken` is seen as `admin-Token`. */
const HUMP = /(?<=[a-z\d])(?=[A-Z])/g;

/** The user and password of an address. */
const USER_INFO = /(?<=[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#"'<>]*@/gi;

/** Pictures and films written as text. */
const MEDIA = /data:(image|video|audio)\/[^\s"']*/gi;

/**
 * The same value without what must not be kept for good: passwords in addresses, properties called after secrets, pictures written
 * as text. The callers leave such things out themselves; this is for the day that one of them forgets.
 */
export function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return value.replace(USER_INFO, `${BLOT}@`).replace(MEDIA, '[media left out]');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  // Not a plain object: left for the encoder to refuse.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const properties = Object.entries(value as { readonly [key: string]: Json | undefined }).flatMap(([key, property]) =>
    property === undefined ? [] : [[key, holdsSecret(key, property) ? BLOT : withoutSecrets(property)] as const],
  );
  return Object.fromEntries(properties);
}

/** Whether a property's name says that its text is a secret. Numbers and flags (`tokens: 3`) say nothing. */
const holdsSecret = (key: string, value: Json): boolean =>
  (typeof value === 'string' || (typeof value === 'object' && value !== null)) &&
  SECRET_NAME.test(key.replace(HUMP, '-'));
