import { REDACTED, Secret } from './secret.js';

/** Removes what is secret from what people and programs may read. */
export interface Redactor {
  /** The text with every known secret, and every address's credentials, replaced by `***`. */
  readonly text: (text: string) => string;
  /** A deep copy of a value fit for a log: strings redacted, keys that name secrets emptied, bytes replaced by their number. */
  readonly value: (value: unknown) => unknown;
}

/** A shorter secret would blacken every log line ("1", "on"); it is still hidden inside addresses and headers. */
const MIN_SECRET_LENGTH = 4;
/** Deep enough for an error's causes; also what ends a value that contains itself. */
const MAX_DEPTH = 12;

const CREDENTIALS_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi;
const AUTHORIZATION = /\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{4,}/g;
const SECRET_KEY = /pass(?:word|wd)?$|^pwd$|secret|token|authorization|cookie/i;

/**
 * A redactor for these secrets. Each is also found percent-encoded, as JSON escapes it, and in Base64.
 *
 * @example createRedactor(['hunter2']).text('rtsp://admin:hunter2@10.0.0.5/1') // 'rtsp://***@10.0.0.5/1'
 */
export const createRedactor = (secrets: Iterable<string>): Redactor => {
  const known = knownSecrets(secrets);
  const text = (input: string): string => {
    const withoutKnown = known === null ? input : input.replace(known, REDACTED);
    return withoutKnown.replace(CREDENTIALS_IN_URL, `$1${REDACTED}@`).replace(AUTHORIZATION, `$1 ${REDACTED}`);
  };
  const copy = (input: unknown, depth: number): unknown => {
    if (typeof input === 'string') return text(input);
    if (typeof input !== 'object' || input === null) return typeof input === 'function' ? '[function]' : input;
    if (input instanceof Secret) return REDACTED;
    if (depth > MAX_DEPTH) return '[...]';
    if (ArrayBuffer.isView(input)) return `[${input.byteLength} bytes]`;
    if (Array.isArray(input)) return input.map((item) => copy(item, depth + 1));
    if (input instanceof Date || input instanceof URL)
      return text(String(input instanceof URL ? input : input.toJSON()));
    if (input instanceof Map) return copy(Object.fromEntries(input), depth + 1);
    if (input instanceof Set) return copy([...input], depth + 1);
    return copyFields(input, depth, copy);
  };
  return { text, value: (value) => copy(value, 0) };
};

const copyFields = (input: object, depth: number, copy: (value: unknown, depth: number) => unknown) => {
  const fields: Record<string, unknown> = {};
  if (input instanceof Error) {
    const { name, message, stack, cause } = input;
    Object.assign(
      fields,
      copy(cause === undefined ? { name, message, stack } : { name, message, stack, cause }, depth + 1),
    );
  }
  for (const [key, value] of Object.entries(input)) {
    fields[key] = SECRET_KEY.test(key) && value !== null && value !== undefined ? REDACTED : copy(value, depth + 1);
  }
  return fields;
};

const knownSecrets = (secrets: Iterable<string>): RegExp | null => {
  const variants = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    variants.add(secret);
    variants.add(encodeURIComponent(secret));
    variants.add(encodeURI(secret));
    variants.add(JSON.stringify(secret).slice(1, -1));
    variants.add(Buffer.from(secret).toString('base64'));
  }
  if (variants.size === 0) return null;
  const longestFirst = [...variants].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((variant) => variant.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
};
