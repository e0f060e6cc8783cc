import { describe, expect, it } from 'vitest';
import { Headers } from './headers.js';
import { formatRequest, formatResponse, makeRequest, makeResponse } from './message.js';

describe('message formatting', () => {
  it('writes a request with CRLF line ends and no length where there is no body', () => {
    const request = makeRequest('OPTIONS', 'rtsp://camera/1', new Headers({ CSeq: 1 }));
    expect(formatRequest(request).toString()).toBe('OPTIONS rtsp://camera/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n');
  });

  it('writes the length of the body, not the one in the headers', () => {
    const response = makeResponse(200, new Headers({ CSeq: 2, 'Content-Length': 999 }), Buffer.from('v=0\r\n'));
    expect(formatResponse(response).toString()).toBe('RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n');
  });

  it('does not let a value smuggle in another header', () => {
    const request = makeRequest('OPTIONS', 'rtsp://camera/1', new Headers({ Session: 'a\r\nTransport: b' }));
    expect(() => formatRequest(request)).toThrow(TypeError);
    expect(() => formatRequest(makeRequest('OPTIONS', 'rtsp://camera/\n1'))).toThrow(TypeError);
  });
});
