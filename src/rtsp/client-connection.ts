import type { Socket } from 'node:net';
import { ClientAuthenticator } from './client-auth.js';
import { RtspClientError } from './client-error.js';
import { describeSocketError, openSocket, type TlsOptions } from './client-socket.js';
import type { SourceAddress } from './client-url.js';
import { flush } from './flush.js';
import { Headers } from './wire/headers.js';
import {
  formatRequest,
  formatResponse,
  makeRequest,
  makeResponse,
  type RtspRequest,
  type RtspResponse,
} from './wire/message.js';
import { RtspParseError } from './wire/parse-error.js';
import { RtspParser } from './wire/parser.js';

export type { TlsOptions } from './client-socket.js';

export interface ConnectionOptions {
  readonly address: SourceAddress;
  readonly tls: TlsOptions;
  /** Milliseconds until the connection must stand, TLS included. */
  readonly connectMs: number;
  /** Milliseconds until a request must be answered. */
  readonly responseMs: number;
  onInterleaved(channel: number, payload: Buffer): void;
  /** Once, when the connection is of no use any more. Not after {@link RtspConnection.close}. */
  onFailure(error: RtspClientError): void;
}

/** Sent with every request; some cameras answer only those who have a name. */
const USER_AGENT = 'Veilgate';
/** Answers that belong to no request, `100 Continue` included; a sound server sends none or few. */
const MAX_UNEXPECTED_RESPONSES = 32;
/** Answers to a server's own requests, and reports, that may wait to be sent to a server that does not read. */
const MAX_UNSENT_BYTES = 64 * 1024;
/** Characters of a server's own words that are repeated in an error. */
const MAX_QUOTED_CHARACTERS = 80;

interface PendingRequest {
  readonly method: string;
  readonly timer: NodeJS.Timeout;
  resolve(response: RtspResponse): void;
  reject(error: RtspClientError): void;
}

/**
 * One RTSP connection to a server, from the client's side: requests with their answers, authentication, interleaved frames, and answers
 * to what the server asks. Holds a bounded amount of the server's bytes, and every wait ends.
 */
export class RtspConnection {
  /** Resolves when requests can be sent. */
  readonly connected: Promise<void>;
  readonly authenticator: ClientAuthenticator;
  /** When the bytes that are being handled were read; `process.hrtime.bigint()`. */
  receivedAt = 0n;

  private readonly socket: Socket;
  private readonly parser: RtspParser;
  private readonly pending = new Map<number, PendingRequest>();
  private cseq = 0;
  private unexpected = 0;
  private ended = false;
  private rejectConnected: (error: RtspClientError) => void = () => undefined;

  constructor(private readonly options: ConnectionOptions) {
    const { address } = options;
    this.authenticator = new ClientAuthenticator(address.credentials);
    this.parser = new RtspParser(
      {
        request: (request) => this.answer(request),
        response: (response) => this.settle(response),
        interleaved: (channel, payload) => options.onInterleaved(channel, payload),
      },
      { lenient: true },
    );
    this.socket = openSocket(address, options.tls);
    this.connected = this.waitForConnect(address.tls ? 'secureConnect' : 'connect');
    // Whoever does not await it learns of the failure from onFailure.
    this.connected.catch(() => undefined);
    this.socket.on('data', (chunk: Buffer) => this.read(chunk));
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.fail(describeSocketError(error, this.where)));
    this.socket.on('close', () => this.fail(this.lost('closed the connection')));
  }

  /** The host that was really reached; null before. */
  get remoteAddress(): string | null {
    return this.socket.remoteAddress ?? null;
  }

  /** The address of this machine on the way to the server; null before there is a connection. */
  get localAddress(): string | null {
    return this.socket.localAddress ?? null;
  }

  /** The channels on which frames are expected: lets stray bytes between them be told from frames. */
  expectChannels(channels: readonly number[]): void {
    this.parser.channels = new Set(channels);
  }

  /**
   * Sends a request, answers a 401 if it can be, and gives the final answer, whatever its status.
   * @throws RtspClientError where there is no answer in time, or the connection is lost.
   */
  async request(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Buffer,
  ): Promise<RtspResponse> {
    for (let answers = 0; ; answers++) {
      const authorization = this.authenticator.authorize(method, url);
      const response = await this.exchange(
        method,
        url,
        { ...headers, Authorization: authorization ?? undefined },
        body,
      );
      const answered = authorization === null ? 0 : answers + 1;
      if (response.status !== 401) {
        if (authorization !== null) this.authenticator.succeeded();
        return response;
      }
      if (!this.authenticator.accept(response, answered)) return response;
    }
  }

  /** Sends a frame, unless the server has stopped reading. */
  sendInterleaved(channel: number, payload: Buffer): void {
    if (this.ended || this.socket.writableLength > MAX_UNSENT_BYTES) return;
    this.socket.write(
      Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), payload]),
    );
  }

  /** Bytes that the server has not taken yet. */
  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  /** Sends frames that are framed already, whatever waits: the caller bounds that by {@link unsentBytes}. */
  sendFramed(frames: Buffer): void {
    if (!this.ended) this.socket.write(frames);
  }

  /** Calls back when everything sent so far was taken, or never will be. */
  flush(done: () => void): void {
    flush(this.socket, done);
  }

  /** Ends the connection now; what is pending is rejected. */
  close(): void {
    this.end(this.lost('was left'));
  }

  private get where(): string {
    return this.options.address.url;
  }

  private async waitForConnect(event: 'connect' | 'secureConnect'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const { connectMs } = this.options;
      const timer = setTimeout(
        () => this.fail(this.lost(`did not accept a connection within ${connectMs} ms`)),
        connectMs,
      );
      this.rejectConnected = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.socket.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private exchange(
    method: string,
    url: string,
    headers: Record<string, string | undefined>,
    body: Buffer | undefined,
  ): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.lost('closed the connection'));
        return;
      }
      const cseq = ++this.cseq;
      const { responseMs } = this.options;
      const timer = setTimeout(() => {
        this.pending.delete(cseq);
        const stray = this.parser.strayBytes;
        const hint = stray > 0 ? `, but sent ${stray} bytes that are no RTSP; is this the RTSP port?` : '';
        reject(this.lost(`did not answer ${method} within ${responseMs} ms${hint}`));
      }, responseMs);
      this.pending.set(cseq, { method, timer, resolve, reject });
      this.socket.write(
        formatRequest(
          makeRequest(method, url, new Headers({ CSeq: cseq, 'User-Agent': USER_AGENT, ...headers }), body),
        ),
      );
    });
  }

  private read(chunk: Buffer): void {
    this.receivedAt = process.hrtime.bigint();
    try {
      this.parser.push(chunk);
    } catch (error) {
      if (!(error instanceof RtspParseError)) throw error;
      this.fail(
        new RtspClientError('source-lost', `${this.where} does not speak RTSP: ${error.message}`, { cause: error }),
      );
    }
  }

  /** Finds the request of an answer by its CSeq; where a camera sends none, the only request that waits. */
  private settle(response: RtspResponse): void {
    const text = response.headers.get('CSeq');
    const cseq = text === undefined && this.pending.size === 1 ? this.pending.keys().next().value : Number(text);
    const request = this.pending.get(cseq ?? Number.NaN);
    if (!request || cseq === undefined || response.status < 200) {
      this.unexpected++;
      if (this.unexpected > MAX_UNEXPECTED_RESPONSES)
        this.fail(this.lost('keeps sending answers that were not asked for'));
      return;
    }
    this.pending.delete(cseq);
    clearTimeout(request.timer);
    request.resolve(response);
  }

  /** RFC 2326, 10: a server may ask as well; OPTIONS and parameters are how some see whether a client lives. */
  private answer(request: RtspRequest): void {
    const known = ['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER'].includes(request.method);
    const headers = new Headers({ CSeq: request.headers.get('CSeq')?.replace(/[^\d]/g, '') });
    if (request.method === 'OPTIONS') headers.set('Public', 'OPTIONS, GET_PARAMETER, SET_PARAMETER');
    if (this.socket.writableLength > MAX_UNSENT_BYTES)
      this.fail(this.lost('keeps asking and does not read the answers'));
    else if (!this.ended) this.socket.write(formatResponse(makeResponse(known ? 200 : 501, headers)));
  }

  private lost(what: string): RtspClientError {
    return new RtspClientError('source-lost', `${this.where} ${what}`);
  }

  private fail(error: RtspClientError): void {
    if (this.ended) return;
    this.end(error);
    this.options.onFailure(error);
  }

  private end(error: RtspClientError): void {
    if (this.ended) return;
    this.ended = true;
    this.parser.close();
    this.rejectConnected(error);
    for (const request of this.pending.values()) {
      clearTimeout(request.timer);
      request.reject(error);
    }
    this.pending.clear();
    this.socket.destroy();
  }
}

/** `404 Not Found`, in a server's words, cut short and on one line. */
export const quoteStatus = (response: RtspResponse): string =>
  `${response.status} ${response.reason.replace(/[^\x20-\x7e]/g, '?')}`.slice(0, MAX_QUOTED_CHARACTERS).trim();
