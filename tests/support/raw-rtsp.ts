import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Headers } from '../../src/rtsp/wire/headers.js';
import { formatRequest, makeRequest, type RtspResponse } from '../../src/rtsp/wire/message.js';
import { RtspParser } from '../../src/rtsp/wire/parser.js';

/** What came over the connection, in order. */
export type RtspEvent =
  | { readonly kind: 'response'; readonly response: RtspResponse }
  | { readonly kind: 'frame'; readonly channel: number; readonly payload: Buffer };

/** A client that does what it is told, also what no sound client does. */
export class RawRtsp {
  readonly events: RtspEvent[] = [];
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  session: string | undefined;
  private cseq = 0;
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly socket: Socket,
    private readonly baseUrl: string,
  ) {
    const parser = new RtspParser({
      response: (response) => this.note({ kind: 'response', response }),
      interleaved: (channel, payload) => this.note({ kind: 'frame', channel, payload }),
    });
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const wake of this.waiting) wake();
        resolve();
      });
    });
  }

  static async open(
    port: number,
    options: { readonly tls?: boolean; readonly localAddress?: string } = {},
  ): Promise<RawRtsp> {
    const scheme = options.tls ? 'rtsps' : 'rtsp';
    const socket = options.tls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect({ port, host: '127.0.0.1', localAddress: options.localAddress ?? '127.0.0.1' });
    await once(socket, options.tls ? 'secureConnect' : 'connect');
    return new RawRtsp(socket, `${scheme}://127.0.0.1:${port}`);
  }

  get frames(): { readonly channel: number; readonly payload: Buffer }[] {
    return this.events.filter((event) => event.kind === 'frame');
  }

  url(path: string): string {
    return path === '*' || path.includes('://') ? path : this.baseUrl + path;
  }

  /** Sends a request and waits for the answer to it. The session is remembered and sent along. */
  async request(method: string, path: string, headers: Record<string, string | undefined> = {}): Promise<RtspResponse> {
    const cseq = ++this.cseq;
    const all = new Headers({ CSeq: cseq, Session: this.session, ...headers });
    this.socket.write(formatRequest(makeRequest(method, this.url(path), all)));
    const response = await this.until(() => {
      for (const event of this.events) {
        if (event.kind === 'response' && event.response.headers.get('CSeq') === String(cseq)) return event.response;
      }
      return undefined;
    });
    const session = response.headers.get('Session');
    if (session) this.session = session.split(';')[0];
    return response;
  }

  /** Sets up interleaved and plays. */
  async play(stream: string, transport = 'RTP/AVP/TCP;unicast;interleaved=0-1'): Promise<RtspResponse> {
    const setup = await this.request('SETUP', `/${stream}/trackID=0`, { Transport: transport });
    if (setup.status !== 200) return setup;
    return this.request('PLAY', `/${stream}`, { Range: 'npt=0.000-' });
  }

  /** The first that is not undefined, looked for each time that something came. Rejects where the connection closes before. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.socket.destroyed) throw new Error('the connection was closed');
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private note(event: RtspEvent): void {
    this.events.push(event);
    for (const wake of this.waiting) wake();
  }
}
