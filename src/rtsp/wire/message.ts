import { Headers } from './headers.js';

/** An RTSP request (RFC 2326, 6). */
export interface RtspRequest {
  readonly kind: 'request';
  /** As sent, in capitals by convention: `DESCRIBE`. */
  readonly method: string;
  /** An absolute URL or `*`. */
  readonly url: string;
  /** `RTSP/1.0`. */
  readonly version: string;
  readonly headers: Headers;
  /** Empty where there is none. */
  readonly body: Buffer;
}

/** An RTSP response (RFC 2326, 7). */
export interface RtspResponse {
  readonly kind: 'response';
  /** 100 to 599. */
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  /** Empty where there is none. */
  readonly body: Buffer;
}

export type RtspMessage = RtspRequest | RtspResponse;

/** The version that is spoken; RTSP 2.0 (RFC 7826) is not compatible and cameras do not speak it. */
export const RTSP_VERSION = 'RTSP/1.0';

/** The methods of RFC 2326, 10. */
export const RTSP_METHODS = [
  'ANNOUNCE',
  'DESCRIBE',
  'GET_PARAMETER',
  'OPTIONS',
  'PAUSE',
  'PLAY',
  'RECORD',
  'REDIRECT',
  'SETUP',
  'SET_PARAMETER',
  'TEARDOWN',
] as const;

/** Reason phrases of RFC 2326, 7.1.1, for those statuses that are sent. */
export const STATUS_REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  457: 'Invalid Range',
  459: 'Aggregate Operation Not Allowed',
  460: 'Only Aggregate Operation Allowed',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
  551: 'Option Not Supported',
};

const EMPTY_BODY = Buffer.alloc(0);

/** Makes a request of RTSP/1.0. */
export const makeRequest = (
  method: string,
  url: string,
  headers = new Headers(),
  body: Buffer = EMPTY_BODY,
): RtspRequest => ({
  kind: 'request',
  method,
  url,
  version: RTSP_VERSION,
  headers,
  body,
});

/** Makes a response with the standard reason phrase. */
export const makeResponse = (status: number, headers = new Headers(), body: Buffer = EMPTY_BODY): RtspResponse => ({
  kind: 'response',
  status,
  reason: STATUS_REASONS[status] ?? 'Unknown',
  headers,
  body,
});

/**
 * The bytes of a request. `Content-Length` is written from the body, whatever the headers say.
 * @throws TypeError where a value carries a line break or a control character: it would become another header.
 */
export const formatRequest = (request: RtspRequest): Buffer =>
  formatMessage(`${request.method} ${request.url} ${request.version}`, request);

/** The bytes of a response; as {@link formatRequest}. */
export const formatResponse = (response: RtspResponse): Buffer =>
  formatMessage(`${RTSP_VERSION} ${response.status} ${response.reason}`, response);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u0008\u000a-\u001f\u007f]/;

const formatMessage = (startLine: string, message: RtspMessage): Buffer => {
  let head = `${oneLine(startLine)}\r\n`;
  for (const [name, value] of message.headers) {
    if (name.toLowerCase() !== 'content-length') head += `${oneLine(`${name}: ${value}`)}\r\n`;
  }
  if (message.body.length > 0) head += `Content-Length: ${message.body.length}\r\n`;
  head += '\r\n';
  return message.body.length > 0 ? Buffer.concat([Buffer.from(head), message.body]) : Buffer.from(head);
};

const oneLine = (line: string): string => {
  if (CONTROL_CHARACTER.test(line)) throw new TypeError('an RTSP header line cannot carry control characters');
  return line;
};
