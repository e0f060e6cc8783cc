import { Headers } from './headers.js';
import type { RtspMessage } from './message.js';
import { RtspParseError } from './parse-error.js';

/** Header lines of a message; real ones have under 20. */
export const MAX_HEADERS = 64;
/** Bytes of a body; an SDP with every parameter set is under 8 KiB. */
export const MAX_BODY_BYTES = 64 * 1024;

const EMPTY = Buffer.alloc(0);

const REQUEST_LINE = /^([A-Za-z0-9_-]{1,32})[ \t]+(\S+)[ \t]+(RTSP\/\d\.\d)$/;
const STATUS_LINE = /^RTSP\/\d\.\d[ \t]+([1-5]\d\d)(?:[ \t]+(.*))?$/;
const HEADER_LINE = /^([^\s:]+)[ \t]*:[ \t]*(.*)$/;

/**
 * Reads a start line and its headers (RFC 2326, 6 and 7); the body of what comes back is empty.
 * @param lenient ignores header lines that are none, and gives null where the start line is none.
 * @throws RtspParseError
 */
export const parseHead = (text: string, lenient: boolean): RtspMessage | null => {
  const lines = text.split('\n');
  const startLine = lines[0]!.trimEnd();
  const headers = parseHeaderLines(lines, lenient);
  const status = STATUS_LINE.exec(startLine);
  if (status) {
    return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, body: EMPTY };
  }
  const request = REQUEST_LINE.exec(startLine);
  if (!request && lenient) return null;
  if (!request) {
    throw new RtspParseError(
      'rtsp-bad-start-line',
      'the peer sent a line that is neither an RTSP request nor a response',
    );
  }
  return { kind: 'request', method: request[1]!, url: request[2]!, version: request[3]!, headers, body: EMPTY };
};

const parseHeaderLines = (lines: readonly string[], lenient: boolean): Headers => {
  const pairs: [name: string, value: string][] = [];
  for (const raw of lines.slice(1)) {
    const line = raw.trimEnd();
    if (line === '') continue;
    const last = pairs.at(-1);
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      last[1] += ` ${line.trim()}`; // a folded line, RFC 2326, 4.2 by way of RFC 2068
      continue;
    }
    const match = HEADER_LINE.exec(line);
    if (match) pairs.push([match[1]!, match[2]!]);
    else if (!lenient)
      throw new RtspParseError('rtsp-bad-header', 'the peer sent a header line without a name and a colon');
    if (pairs.length > MAX_HEADERS) {
      throw new RtspParseError(
        'rtsp-too-many-headers',
        `the peer sent more than ${MAX_HEADERS} headers in one message`,
      );
    }
  }
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
};

/**
 * The length of the body that follows; 0 where nothing is said.
 * @throws RtspParseError where it is not one number, or beyond {@link MAX_BODY_BYTES}.
 */
export const contentLength = (headers: Headers): number => {
  const values = new Set(headers.getAll('Content-Length').map((value) => value.trim()));
  if (values.size === 0) return 0;
  const [value] = values;
  if (values.size > 1 || !/^\d{1,15}$/.test(value!)) {
    throw new RtspParseError('rtsp-bad-content-length', 'the peer sent a Content-Length that is not one number');
  }
  const length = Number(value);
  if (length > MAX_BODY_BYTES) {
    throw new RtspParseError(
      'rtsp-body-too-large',
      `the peer announced a body of ${length} bytes; the limit is ${MAX_BODY_BYTES}`,
    );
  }
  return length;
};
