import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { cut } from './flush.js';
import type { ServerSession } from './server-session.js';
import { Headers } from './wire/headers.js';
import { formatResponse, makeResponse, type RtspRequest, type RtspResponse } from './wire/message.js';
import { RtspParser } from './wire/parser.js';

/** Requests of one connection that wait for an answer; a client that sends more in one go is not playing fair. */
const MAX_PENDING_REQUESTS = 32;
/** Bytes of answers that a client which plays nothing may leave unread; they take under 2 kB each. */
const MAX_UNREAD_ANSWER_BYTES = 64 * 1024;
/** Asks the kernel to look after a peer that is silent: a client that vanished while the stream's packets all fitted in buffers. */
const KEEP_ALIVE_MS = 30_000;
/** What is still to be sent (a goodbye) gets this long when a connection is closed. */
const LINGER_MS = 500;

const SERVER_NAME = 'Veilgate';

/** What a connection is told. */
export interface ConnectionHandlers {
  /** Answers by {@link ServerConnection.respond}. The next request waits for it. */
  request(connection: ServerConnection, request: RtspRequest): Promise<void> | void;
  /** An interleaved frame came: a receiver report, by all likelihood. */
  interleaved(connection: ServerConnection): void;
  closed(connection: ServerConnection, cause: string): void;
}

/** One client's RTSP connection: bytes to requests, one after the other, and answers to bytes. */
export class ServerConnection {
  /** The session that this connection controls. One at most. */
  session: ServerSession | null = null;
  /** What this connection's digests are made with. */
  readonly nonce = randomBytes(16).toString('hex');
  wrongPasswords = 0;
  /** Whole requests so far. */
  requests = 0;
  readonly remoteAddress: string;
  private readonly pending: RtspRequest[] = [];
  private busy = false;
  private closing = false;
  private cause = 'closed by the client';

  /** @param lastRequestAt milliseconds on the server's clock; the time of connecting until there is one */
  constructor(
    readonly socket: Socket,
    readonly secure: boolean,
    public lastRequestAt: number,
    private readonly now: () => number,
    private readonly handlers: ConnectionHandlers,
  ) {
    this.remoteAddress = socket.remoteAddress ?? '';
    const parser = new RtspParser({
      request: (request) => this.enqueue(request),
      interleaved: () => handlers.interleaved(this),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk: Buffer) => {
      if (this.closing) return;
      try {
        parser.push(chunk);
      } catch (error) {
        this.fail(error instanceof Error ? error.message : 'unreadable');
      }
    });
    socket.on('error', (error) => {
      if (!this.closing) this.cause = error.message;
    });
    socket.on('end', () => this.close(this.cause));
    socket.on('close', () => {
      this.closing = true;
      parser.close();
      handlers.closed(this, this.cause);
    });
  }

  /** Whether it controls a session that plays. */
  get playing(): boolean {
    return this.session?.state === 'playing';
  }

  /** Writes the answer, with the request's CSeq. */
  respond(request: RtspRequest, response: RtspResponse): void {
    if (this.closing || !this.socket.writable) return;
    const cseq = request.headers.get('CSeq');
    const headers = new Headers();
    if (cseq !== undefined && isSequenceNumber(cseq)) headers.set('CSeq', cseq);
    headers.set('Server', SERVER_NAME);
    for (const [name, value] of response.headers) headers.append(name, value);
    this.socket.write(formatResponse({ ...response, headers }));
    if (!this.playing && this.socket.writableLength > MAX_UNREAD_ANSWER_BYTES) this.destroy('reads no answers');
  }

  /** Ends the connection once what was written is out. */
  close(cause: string): void {
    if (this.closing) return;
    this.closing = true;
    this.cause = cause;
    this.socket.end();
    const linger = setTimeout(() => cut(this.socket), LINGER_MS);
    this.socket.once('close', () => clearTimeout(linger));
  }

  /** Ends the connection at once. */
  destroy(cause: string): void {
    if (!this.closing) this.cause = cause;
    this.closing = true;
    cut(this.socket);
  }

  private enqueue(request: RtspRequest): void {
    if (this.closing) return;
    this.pending.push(request);
    if (this.pending.length > MAX_PENDING_REQUESTS) this.destroy('too many requests at once');
    else if (!this.busy) void this.work();
  }

  /** Answers what waits; reads nothing more meanwhile. */
  private async work(): Promise<void> {
    this.busy = true;
    for (let request = this.pending.shift(); request && !this.closing; request = this.pending.shift()) {
      this.requests++;
      this.lastRequestAt = this.now();
      if (!isSequenceNumber(request.headers.get('CSeq'))) {
        this.respond(request, makeResponse(400)); // RFC 2326, 12.17: every request has one
        continue;
      }
      const answered = this.handlers.request(this, request);
      if (answered) {
        this.socket.pause();
        await answered;
        this.socket.resume();
      }
    }
    this.busy = false;
  }

  /** Says why, as far as RTSP has words for it, and closes: where the next request begins is not known. */
  private fail(cause: string): void {
    if (this.closing) return;
    if (this.socket.writable) this.socket.write(formatResponse(makeResponse(400)));
    this.close(cause);
  }
}

const isSequenceNumber = (text: string | undefined): boolean => text !== undefined && /^\d{1,10}$/.test(text);
