import { RTSP_METHODS, type RtspMessage, type RtspRequest, type RtspResponse } from './message.js';
import { contentLength, parseHead } from './message-head.js';
import { RtspParseError } from './parse-error.js';

/** Bytes of a start line and its headers; cameras send under 2 KiB, and 8 KiB is what HTTP servers grant. */
export const MAX_HEAD_BYTES = 16 * 1024;
/** Stray bytes that are skipped in a row before the stream is given up; a whole interleaved frame fits in. */
export const MAX_STRAY_BYTES = 128 * 1024;

/** Who gets what the parser finds, synchronously and in order. */
export interface RtspParserHandlers {
  request?(request: RtspRequest): void;
  response?(response: RtspResponse): void;
  /**
   * One interleaved binary frame (RFC 2326, 10.12). `payload` is a view of the chunk that was pushed, or, where the frame came
   * in pieces, of a buffer of its own; the parser never writes to it again, so it may be kept.
   */
  interleaved?(channel: number, payload: Buffer): void;
}

export interface RtspParserOptions {
  /**
   * For cameras: skips stray bytes between messages up to the next frame or start line, and ignores header lines that are none.
   * Off (for a server's clients), the first wrong byte is an error.
   */
  readonly lenient?: boolean;
}

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const FRAME_HEADER_BYTES = 4;
/** What a message may start with where stray bytes are possible. */
const KNOWN_STARTS = ['RTSP/', ...RTSP_METHODS.map((method) => `${method} `)].map((start) => Buffer.from(start));
const EMPTY = Buffer.alloc(0);

type State = 'boundary' | 'head' | 'body' | 'frame';

/**
 * Takes an RTSP connection's bytes in any pieces and gives requests, responses and interleaved frames. Pure: no sockets, no
 * clock. What it holds is bounded by one head, one body and one frame.
 *
 * ```ts
 * const parser = new RtspParser({ response: (r) => ..., interleaved: (channel, payload) => ... });
 * socket.on('data', (chunk) => parser.push(chunk));
 * ```
 */
export class RtspParser {
  /**
   * Channels on which frames are expected. While stray bytes are being skipped, a `$` counts only before one of these (a lone
   * `$` in garbage would swallow up to 64 KiB). Null: any channel.
   */
  channels: ReadonlySet<number> | null = null;
  /** Bytes skipped so far because they belonged to nothing. Always 0 unless lenient. */
  strayBytes = 0;

  private readonly lenient: boolean;
  private state: State = 'boundary';
  private failure: RtspParseError | null = null;
  private closed = false;
  /** Stray bytes since the last message or frame. */
  private strayRun = 0;
  /** Undecided bytes at the end of a chunk: a cut frame header or start. At most 14. */
  private carry: Buffer = EMPTY;
  private headParts: Buffer[] = [];
  private headBytes = 0;
  /** Bytes of the current line of the head that are not CR: 0 at a line feed ends the head. */
  private lineBytes = 0;
  private head: RtspMessage | null = null;
  /** The body or frame that comes in pieces, and how much of it is there. */
  private pending: Buffer = EMPTY;
  private pendingBytes = 0;
  private channel = 0;

  constructor(
    private readonly handlers: RtspParserHandlers,
    options: RtspParserOptions = {},
  ) {
    this.lenient = options.lenient ?? false;
  }

  /**
   * Parses the next bytes; handlers are called before it returns. The chunk must not be written to afterwards.
   * @throws RtspParseError; and again on every later call, since where the next message starts is no longer known.
   */
  push(chunk: Buffer): void {
    if (this.failure) throw this.failure;
    if (this.closed) return;
    let data = chunk;
    if (this.carry.length > 0) {
      data = Buffer.concat([this.carry, chunk]);
      this.carry = EMPTY;
    }
    try {
      let at = 0;
      while (at < data.length && !this.closed) at = this.step(data, at);
    } catch (error) {
      if (error instanceof RtspParseError) this.failure = error;
      throw error;
    }
  }

  /** Ignores everything from now on, also what is left of the chunk being pushed. */
  close(): void {
    this.closed = true;
    this.carry = this.pending = EMPTY;
    this.headParts = [];
    this.head = null;
  }

  private step(data: Buffer, at: number): number {
    switch (this.state) {
      case 'boundary':
        return this.boundary(data, at);
      case 'head':
        return this.scanHead(data, at);
      default:
        return this.fill(data, at);
    }
  }

  /** Between messages: what comes next? */
  private boundary(data: Buffer, at: number): number {
    const byte = data[at]!;
    if (byte === DOLLAR) {
      if (data.length - at < FRAME_HEADER_BYTES) return this.keep(data, at);
      const channel = data[at + 1]!;
      if (this.strayRun === 0 || this.channels === null || this.channels.has(channel)) {
        return this.startFrame(data, at, channel);
      }
      this.skip(1);
      return at + 1;
    }
    if (byte === CR || byte === LF) return at + 1;
    if (!this.lenient) {
      if (!isTokenByte(byte))
        throw new RtspParseError('rtsp-not-rtsp', 'the peer sent bytes that do not start a message');
      return this.startHead(at);
    }
    const match = matchStart(data, at);
    if (match === 'cut') return this.keep(data, at);
    if (match) return this.startHead(at);
    this.skip(1);
    return at + 1;
  }

  private keep(data: Buffer, at: number): number {
    this.carry = Buffer.from(data.subarray(at));
    return data.length;
  }

  private skip(count: number): void {
    this.strayBytes += count;
    this.strayRun += count;
    if (this.strayRun > MAX_STRAY_BYTES) {
      throw new RtspParseError('rtsp-desynchronised', `the peer sent ${MAX_STRAY_BYTES} bytes that are no RTSP`);
    }
  }

  private startFrame(data: Buffer, at: number, channel: number): number {
    this.strayRun = 0;
    const length = (data[at + 2]! << 8) | data[at + 3]!;
    const start = at + FRAME_HEADER_BYTES;
    if (data.length - start >= length) {
      this.handlers.interleaved?.(channel, data.subarray(start, start + length));
      return start + length;
    }
    this.channel = channel;
    this.state = 'frame';
    return this.startPending(length, start);
  }

  /** A body or frame that is not complete yet is gathered in a buffer of its exact size. */
  private startPending(length: number, at: number): number {
    this.pending = Buffer.allocUnsafe(length);
    this.pendingBytes = 0;
    return at;
  }

  private fill(data: Buffer, at: number): number {
    const taken = data.copy(this.pending, this.pendingBytes, at);
    this.pendingBytes += taken;
    if (this.pendingBytes === this.pending.length) {
      const whole = this.pending;
      this.pending = EMPTY;
      if (this.state === 'frame') {
        this.state = 'boundary';
        this.handlers.interleaved?.(this.channel, whole);
      } else {
        this.deliver(this.head!, whole);
      }
    }
    return at + taken;
  }

  private startHead(at: number): number {
    this.state = 'head';
    this.headParts = [];
    this.headBytes = 0;
    this.lineBytes = 0;
    return at;
  }

  /** Looks for the empty line. */
  private scanHead(data: Buffer, start: number): number {
    for (let at = start; at < data.length; at++) {
      if (++this.headBytes > MAX_HEAD_BYTES) {
        throw new RtspParseError('rtsp-head-too-large', `the peer sent a message head of over ${MAX_HEAD_BYTES} bytes`);
      }
      const byte = data[at]!;
      if (byte === LF) {
        if (this.lineBytes === 0) {
          this.headParts.push(data.subarray(start, at + 1));
          return this.endHead(at + 1, data);
        }
        this.lineBytes = 0;
      } else if (byte !== CR) {
        this.lineBytes++;
      }
    }
    this.headParts.push(data.subarray(start));
    return data.length;
  }

  private endHead(at: number, data: Buffer): number {
    const text = (this.headParts.length === 1 ? this.headParts[0]! : Buffer.concat(this.headParts)).toString('utf8');
    this.headParts = [];
    const head = parseHead(text, this.lenient);
    if (head === null) {
      this.state = 'boundary';
      this.skip(this.headBytes);
      return at;
    }
    this.strayRun = 0;
    const length = contentLength(head.headers);
    if (data.length - at >= length) {
      this.deliver(head, length === 0 ? EMPTY : data.subarray(at, at + length));
      return at + length;
    }
    this.head = head;
    this.state = 'body';
    return this.startPending(length, at);
  }

  private deliver(head: RtspMessage, body: Buffer): void {
    this.head = null;
    this.state = 'boundary';
    if (head.kind === 'request') this.handlers.request?.({ ...head, body });
    else this.handlers.response?.({ ...head, body });
  }
}

/** Letters, digits, `_` and `-`: what method names and `RTSP/` are made of. */
const isTokenByte = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;

const matchStart = (data: Buffer, at: number): boolean | 'cut' => {
  const available = data.length - at;
  let cut = false;
  for (const start of KNOWN_STARTS) {
    const length = Math.min(start.length, available);
    if (data.compare(start, 0, length, at, at + length) !== 0) continue;
    if (length === start.length) return true;
    cut = true;
  }
  return cut ? 'cut' : false;
};
