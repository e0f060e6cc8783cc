import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Headers } from './headers.js';
import { formatRequest, formatResponse, makeRequest, makeResponse, type RtspMessage } from './message.js';
import { MAX_BODY_BYTES, MAX_HEADERS } from './message-head.js';
import { RtspParseError } from './parse-error.js';
import { MAX_HEAD_BYTES, MAX_STRAY_BYTES, RtspParser, type RtspParserOptions } from './parser.js';

/** What a parser found, in comparable form; an error ends the list. */
type Found = Record<string, unknown>;

const describeMessage = (message: RtspMessage): Found => ({
  ...message,
  headers: [...message.headers],
  body: message.body.toString('hex'),
});

const parse = (chunks: readonly Buffer[], options: RtspParserOptions & { channels?: number[] } = {}): Found[] => {
  const found: Found[] = [];
  const parser = new RtspParser(
    {
      request: (request) => found.push(describeMessage(request)),
      response: (response) => found.push(describeMessage(response)),
      interleaved: (channel, payload) => found.push({ channel, payload: payload.toString('hex') }),
    },
    options,
  );
  if (options.channels) parser.channels = new Set(options.channels);
  try {
    for (const chunk of chunks) parser.push(chunk);
    found.push({ strayBytes: parser.strayBytes });
  } catch (error) {
    if (!(error instanceof RtspParseError)) throw error;
    found.push({ error: error.code });
    expect(() => parser.push(Buffer.from('OPTIONS * RTSP/1.0\r\n\r\n'))).toThrow(error);
  }
  return found;
};

/** The code of the error that the bytes end in. */
const errorOf = (bytes: string | Buffer, options: RtspParserOptions = {}): unknown =>
  parse([Buffer.from(bytes as string)], options).at(-1)?.error;

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length > 0 ? sizes[i % sizes.length]! : bytes.length;
    // Copies, as a socket's chunks are: a parser that reads beyond its chunk is found out.
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
};

const frame = (channel: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), payload]);

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,11}$/).filter((name) => !/^content-length$/i.test(name));
const text = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const headers = fc
  .array(fc.tuple(token, text), { maxLength: 6 })
  .map((pairs) => pairs.reduce((all, [name, value]) => all.append(name, value), new Headers()));
const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 })), { maxLength: 8 });

const piece = fc.oneof(
  fc
    .tuple(fc.stringMatching(/^[A-Z_]{1,16}$/), fc.stringMatching(/^[!-~]{1,40}$/), headers, body)
    .map((parts) => formatRequest(makeRequest(...parts))),
  fc.tuple(fc.integer({ min: 100, max: 599 }), headers, body).map((parts) => formatResponse(makeResponse(...parts))),
  fc.tuple(fc.integer({ min: 0, max: 255 }), body).map((parts) => frame(...parts)),
  fc.constantFrom('\r\n', '\n').map((blank) => Buffer.from(blank)),
);
const stream = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat(pieces));

describe('the RTSP parser', () => {
  it('reads a request with its body', () => {
    const bytes = Buffer.from('ANNOUNCE rtsp://a/b RTSP/1.0\r\nCSeq: 3\r\nContent-Length: 4\r\n\r\nv=0\n');
    expect(parse([bytes])).toEqual([
      {
        kind: 'request',
        method: 'ANNOUNCE',
        url: 'rtsp://a/b',
        version: 'RTSP/1.0',
        headers: [
          ['CSeq', '3'],
          ['Content-Length', '4'],
        ],
        body: Buffer.from('v=0\n').toString('hex'),
      },
      { strayBytes: 0 },
    ]);
  });

  it('reads lone line feeds, leading blank lines, folded headers and a missing reason', () => {
    const found = parse([Buffer.from('\r\n\nRTSP/1.0 200\nTransport: RTP/AVP;\n  unicast\nCSeq:4\n\n')]);
    expect(found[0]).toMatchObject({
      status: 200,
      reason: '',
      headers: [
        ['Transport', 'RTP/AVP; unicast'],
        ['CSeq', '4'],
      ],
    });
  });

  it('tells frames from messages on one connection', () => {
    const bytes = Buffer.concat([
      frame(0, Buffer.from('aaaa')),
      formatResponse(makeResponse(200)),
      frame(1, Buffer.alloc(0)),
      formatRequest(makeRequest('OPTIONS', '*')),
    ]);
    expect(parse([bytes])).toMatchObject([
      { channel: 0, payload: '61616161' },
      { status: 200 },
      { channel: 1, payload: '' },
      { method: 'OPTIONS' },
      { strayBytes: 0 },
    ]);
  });

  it('hands over a frame that lies within one chunk without copying it', () => {
    const chunk = frame(0, Buffer.from('payload'));
    let payload = Buffer.alloc(0);
    new RtspParser({ interleaved: (_, bytes) => (payload = bytes as Buffer<ArrayBuffer>) }).push(chunk);
    chunk[4] = 'P'.charCodeAt(0);
    expect(payload.toString()).toBe('Payload');
  });

  it('finds the same in any pieces', () => {
    fc.assert(
      fc.property(stream, sizes, fc.boolean(), (bytes, pieces, lenient) => {
        const whole = parse([bytes], { lenient });
        expect(parse(cut(bytes, pieces), { lenient })).toEqual(whole);
        expect(parse(cut(bytes, [1]), { lenient })).toEqual(whole);
        expect(whole.at(-1)).not.toHaveProperty('error');
      }),
    );
  });

  it('finds the same in any pieces of damaged bytes, or refuses them for the same reason', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stream, damage, sizes, fc.boolean(), (bytes, changes, pieces, lenient) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) if (damaged.length > 0) damaged[at % damaged.length] = value;
        const options = { lenient, channels: [0, 1] };
        expect(parse(cut(damaged, pieces), options)).toEqual(parse([damaged], options));
      }),
      { numRuns: 500 },
    );
  });

  it('never crashes on any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const alphabet = fc.array(fc.constantFrom(...Buffer.from('$RTSP/1.0 2\r\n:OPIN\0\xff')), { maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(bytes, alphabet), sizes, fc.boolean(), (values, pieces, lenient) => {
        const data = Buffer.from(values);
        expect(parse(cut(data, pieces), { lenient })).toEqual(parse([data], { lenient }));
      }),
      { numRuns: 500 },
    );
  });

  it('is silent once it is closed, also within a chunk', () => {
    let count = 0;
    const parser = new RtspParser({
      interleaved: () => {
        count++;
        parser.close();
      },
    });
    parser.push(Buffer.concat([frame(0, Buffer.from('a')), frame(0, Buffer.from('b'))]));
    parser.push(frame(0, Buffer.from('c')));
    expect(count).toBe(1);
  });
});

describe('the strict parser refuses', () => {
  it('bytes that start no message', () => {
    expect(errorOf(Buffer.from([0x16, 3, 1, 2, 0]))).toBe('rtsp-not-rtsp'); // a TLS hello
  });

  it('another protocol', () => {
    expect(errorOf('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('rtsp-bad-start-line');
  });

  it('a header line without a colon', () => {
    expect(errorOf('OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n')).toBe('rtsp-bad-header');
  });

  it.each(['-1', '1e3', '0x10', '5, 5', '', '1\r\nContent-Length: 2'])('the length %j', (length) => {
    expect(errorOf(`OPTIONS * RTSP/1.0\r\nContent-Length: ${length}\r\n\r\n`)).toBe('rtsp-bad-content-length');
  });
});

describe('the limits', () => {
  it('end a head that never ends, at the byte, in any pieces', () => {
    const endless = Buffer.from(`OPTIONS * RTSP/1.0\r\nA: ${'x'.repeat(MAX_HEAD_BYTES)}`);
    for (const size of [1, 1000, endless.length]) {
      expect(parse(cut(endless, [size]))).toEqual([{ error: 'rtsp-head-too-large' }]);
    }
  });

  it('end too many headers', () => {
    expect(errorOf(`OPTIONS * RTSP/1.0\r\n${'A: b\r\n'.repeat(MAX_HEADERS)}\r\n`)).toBeUndefined();
    expect(errorOf(`OPTIONS * RTSP/1.0\r\n${'A: b\r\n'.repeat(MAX_HEADERS + 1)}\r\n`)).toBe('rtsp-too-many-headers');
  });

  it('refuse a body by its announced length, before it comes', () => {
    const head = (length: number): string => `OPTIONS * RTSP/1.0\r\nContent-Length: ${length}\r\n\r\n`;
    expect(errorOf(head(MAX_BODY_BYTES))).toBeUndefined();
    expect(errorOf(head(MAX_BODY_BYTES + 1))).toBe('rtsp-body-too-large');
    expect(errorOf(head(999999999999999))).toBe('rtsp-body-too-large');
  });

  it('end the search for a message in stray bytes', () => {
    expect(errorOf(Buffer.alloc(MAX_STRAY_BYTES), { lenient: true })).toBeUndefined();
    expect(errorOf(Buffer.alloc(MAX_STRAY_BYTES + 1), { lenient: true })).toBe('rtsp-desynchronised');
  });
});

describe('the lenient parser', () => {
  const lenient = { lenient: true, channels: [0, 1] };

  it('skips stray bytes up to the next frame of a known channel', () => {
    const bytes = Buffer.concat([
      frame(0, Buffer.from('a')),
      Buffer.from([0, 0x24, 9, 0xff, 0xff, 7]), // a $ that would swallow everything
      frame(1, Buffer.from('b')),
    ]);
    expect(parse([bytes], lenient)).toEqual([
      { channel: 0, payload: '61' },
      { channel: 1, payload: '62' },
      { strayBytes: 6 },
    ]);
  });

  it('skips stray bytes up to the next response or request', () => {
    const bytes = Buffer.concat([
      Buffer.from('RTS garbage OPTION'),
      formatResponse(makeResponse(200)),
      Buffer.from([1, 2, 3]),
      formatRequest(makeRequest('GET_PARAMETER', '*')),
    ]);
    expect(parse([bytes], lenient)).toMatchObject([{ status: 200 }, { method: 'GET_PARAMETER' }, { strayBytes: 21 }]);
  });

  it('takes a frame of an unknown channel where nothing is out of step', () => {
    expect(parse([frame(7, Buffer.from('a'))], lenient)[0]).toEqual({ channel: 7, payload: '61' });
  });

  it('skips what looks like a message and is none', () => {
    // Found by fast-check: the method is not known, but what follows it starts like a response.
    const bytes = Buffer.concat([Buffer.from('A ! RTSP/1.0\r\n\r\n'), formatResponse(makeResponse(200))]);
    expect(parse([bytes], lenient)).toMatchObject([{ status: 200 }, { strayBytes: 16 }]);
  });

  it('ends heads that look like messages and never are', () => {
    expect(errorOf('RTSP/1.0\r\n\r\n'.repeat(MAX_STRAY_BYTES / 12 + 1), lenient)).toBe('rtsp-desynchronised');
  });

  it('ignores header lines that are none', () => {
    const found = parse([Buffer.from('RTSP/1.0 200 OK\r\nnonsense\r\nCSeq: 1\r\n\r\n')], lenient);
    expect(found[0]).toMatchObject({ headers: [['CSeq', '1']] });
  });
});
