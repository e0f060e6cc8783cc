import { type Reading, refuse } from './reading.js';
import { REDACTED } from './secret.js';

/** Scenes that can be had without a camera. */
export const DEMO_SCENES = ['lobby'] as const;

/** A source as written, before relative paths are resolved. */
export type ParsedSource =
  | { readonly kind: 'rtsp'; readonly url: string; readonly secure: boolean }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'demo'; readonly scene: string };

const SCHEME = /^([a-z][a-z0-9+.-]+):/i; // two letters or more: C:\clip.mp4 is a path
const UNSAFE = /[\p{Cc}\s]/u;

/**
 * Reads a camera's source. Only RTSP, plain files and demo scenes: FFmpeg's other protocols (`http:`, `concat:`, `pipe:`, `data:`)
 * would let whoever writes the site file make the gateway read anything. What is refused is never quoted: it may hold a password.
 */
export const parseSource = (text: string): Reading<ParsedSource> => {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (text.trim() === '' || text.includes('\0')) {
      return refuse(
        'source-malformed',
        'The source is empty.',
        'Write rtsp://HOST/PATH, the path of a file, or demo:lobby.',
      );
    }
    return { ok: true, value: { kind: 'file', path: text } };
  }
  if (scheme === 'demo') {
    const scene = text.slice('demo:'.length);
    if (!(DEMO_SCENES as readonly string[]).includes(scene)) {
      return refuse(
        'source-malformed',
        'There is no demo scene of that name.',
        `Write demo:${DEMO_SCENES.join(' or demo:')}.`,
      );
    }
    return { ok: true, value: { kind: 'demo', scene } };
  }
  if (scheme !== 'rtsp' && scheme !== 'rtsps') {
    return refuse(
      'scheme-not-allowed',
      `Sources of scheme "${scheme}:" are not allowed.`,
      scheme === 'file'
        ? 'Write the path alone, without "file:".'
        : 'Use rtsp:// or rtsps://, the path of a file, or demo:lobby.',
    );
  }
  return parseRtspUrl(text);
};

/** Reads an RTSP address (RFC 2326 3.2), with credentials or without. What is refused is never quoted. */
export const parseRtspUrl = (text: string): Reading<Extract<ParsedSource, { kind: 'rtsp' }>> => {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'rtsp' && scheme !== 'rtsps') {
    return refuse('scheme-not-allowed', 'This is not an RTSP address.', 'Write rtsp://HOST/PATH or rtsps://HOST/PATH.');
  }
  const malformed = (message: string, cure: string) => refuse('source-malformed', message, cure);
  if (UNSAFE.test(text)) {
    return malformed('The address contains a space or a control character.', 'Remove it, or write a space as %20.');
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || !/^rtsps?:\/\//i.test(text)) {
    return malformed(
      'This is not a complete RTSP address.',
      'Write rtsp://USER:PASSWORD@HOST:PORT/PATH, with "/", "@", "#" and "?" in a password as %2F, %40, %23 and %3F.',
    );
  }
  if (url.hash !== '') {
    return malformed('The address contains "#", which ends it.', 'Write "#" as %23.');
  }
  if (!isPercentEncoded(url.username) || !isPercentEncoded(url.password)) {
    return malformed('The user or the password contains a "%" that is no escape.', 'Write "%" as %25.');
  }
  return { ok: true, value: { kind: 'rtsp', url: text, secure: scheme === 'rtsps' } };
};

const isPercentEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** Many cheap cameras take their credentials in the path or the query: `/user=admin&password=x&channel=1`. */
const CREDENTIAL_IN_PATH = /((?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|auth|secret|key)=)[^&;/_]*/gi;

/** The address as it may be shown: without user, password, query and anything that looks like a credential in the path. */
export const displayUrl = (text: string): string => {
  const url = new URL(text);
  const user = url.username === '' && url.password === '' ? '' : `${REDACTED}@`;
  const query = url.search === '' ? '' : `?${REDACTED}`;
  return `${url.protocol}//${user}${url.host}${url.pathname.replace(CREDENTIAL_IN_PATH, `$1${REDACTED}`)}${query}`;
};

/** Every part of the address that is worth hiding, as written and decoded. */
export const secretsOfUrl = (text: string): string[] => {
  const url = new URL(text);
  const found = [url.password, decodeURIComponent(url.password)];
  for (const match of `${url.pathname}${url.search}`.matchAll(CREDENTIAL_IN_PATH)) {
    found.push(match[0].slice(match[1]!.length));
  }
  if (url.username !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    found.push(Buffer.from(pair).toString('base64')); // as Basic authentication sends it
  }
  return found.filter((secret) => secret !== '');
};
