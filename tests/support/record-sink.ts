import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Headers } from '../../src/rtsp/wire/headers.js';
import { formatResponse, makeResponse, type RtspRequest, type RtspResponse } from '../../src/rtsp/wire/message.js';
import { RtspParser } from '../../src/rtsp/wire/parser.js';

/** What a media server saw of one publisher. */
export interface SeenPublisher {
  readonly socket: Socket;
  readonly requests: RtspRequest[];
  readonly frames: { readonly channel: number; readonly payload: Buffer }[];
}

/** Answers a request in place of the usual answer; undefined: as usual. */
export type AnswerInstead = (request: RtspRequest, publisher: SeenPublisher) => RtspResponse | undefined;

/** A media server that takes what is published, and can be told to misbehave. */
export class RecordSink {
  readonly publishers: SeenPublisher[] = [];
  answerInstead: AnswerInstead = () => undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.accept(socket));
  }

  static async listen(port = 0): Promise<RecordSink> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new RecordSink(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.port}/cam`;
  }

  /** The first that is not undefined, looked for each time that something came. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
      });
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.publishers) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(socket: Socket): void {
    const publisher: SeenPublisher = { socket, requests: [], frames: [] };
    this.publishers.push(publisher);
    const wakeAll = (): void => {
      for (const wake of this.waiting) wake();
    };
    const parser = new RtspParser({
      request: (request) => {
        publisher.requests.push(request);
        const response = this.answerInstead(request, publisher) ?? usualAnswer(request);
        response.headers.set('CSeq', request.headers.get('CSeq')!);
        socket.write(formatResponse(response));
        wakeAll();
      },
      interleaved: (channel, payload) => {
        publisher.frames.push({ channel, payload });
        wakeAll();
      },
    });
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
    socket.on('error', () => {});
    socket.on('close', wakeAll);
    wakeAll();
  }
}

const usualAnswer = (request: RtspRequest): RtspResponse => {
  const headers = new Headers();
  if (request.method === 'SETUP') {
    headers.set('Transport', request.headers.get('Transport')!);
    headers.set('Session', 'abc;timeout=60');
  }
  return makeResponse(200, headers);
};
