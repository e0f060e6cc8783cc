import type { Credentials } from './wire/auth.js';

/** Where a source is, and who may see it. */
export interface SourceAddress {
  /** The URL without credentials, otherwise as written: what goes into requests. */
  readonly url: string;
  readonly tls: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials | null;
}

/** RFC 2326, 3.2; rtsps as registered for port 322 (RFC 7826, 4.2). */
const DEFAULT_PORTS = { rtsp: 554, rtsps: 322 } as const;

const RTSP_URL =
  /^(rtsps?):\/\/(?:([^/?#\s]*)@)?(\[[\da-f:.]+\]|[^/?#\s:@[\]]+)(?::(\d{1,5}))?([/?][^#\s]*)?(?:#\S*)?$/i;

/**
 * Reads `rtsp://user:password@host:port/path`; null where it is none. A password may hold anything but `/`, `?`, `#` and spaces, which are
 * to be percent-encoded.
 */
export const parseSourceUrl = (text: string): SourceAddress | null => {
  const match = RTSP_URL.exec(text.trim());
  if (!match) return null;
  const [, scheme = '', user, authority = '', portText, path = ''] = match;
  const tls = scheme.toLowerCase() === 'rtsps';
  const port = portText === undefined ? DEFAULT_PORTS[tls ? 'rtsps' : 'rtsp'] : Number(portText);
  if (port < 1 || port > 65535) return null;
  return {
    url: `${scheme.toLowerCase()}://${authority}${portText === undefined ? '' : `:${portText}`}${path}`,
    tls,
    host: authority.replace(/^\[|\]$/g, ''),
    port,
    credentials: user ? parseUserInfo(user) : null,
  };
};

const parseUserInfo = (text: string): Credentials => {
  const colon = text.indexOf(':');
  if (colon < 0) return { username: decode(text), password: '' };
  return { username: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
};

/** A lone `%` is a character of the password, not an error. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Takes credentials out of every RTSP URL in a text: `rtsp://***@host/path`. */
export const redactUrls = (text: string): string => text.replace(/(rtsps?:\/\/)[^/?#\s]*@/gi, '$1***@');
