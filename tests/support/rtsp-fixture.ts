import { RtspServer, type RtspServerOptions } from '../../src/rtsp/server.js';
import type { ClipStream } from './clip-stream.js';
import { RawRtsp } from './raw-rtsp.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn';
  readonly message: string;
  readonly fields: object;
}

/** A server on any free port with the given streams, its log, and clients that are closed with it. */
export class RtspFixture {
  private readonly clients: RawRtsp[] = [];

  private constructor(
    readonly server: RtspServer,
    readonly log: readonly LogLine[],
  ) {}

  static async start(streams: readonly ClipStream[], options: Partial<RtspServerOptions> = {}): Promise<RtspFixture> {
    const log: LogLine[] = [];
    const note =
      (level: LogLine['level']) =>
      (fields: object, message: string): void => {
        log.push({ level, message, fields });
      };
    const server = new RtspServer({
      host: '127.0.0.1',
      port: 0,
      catalogue: { get: (id) => streams.find((stream) => stream.id === id) },
      logger: { debug: note('debug'), info: note('info'), warn: note('warn') },
      ...options,
    });
    await server.listen();
    return new RtspFixture(server, log);
  }

  url(path: string): string {
    return `rtsp://127.0.0.1:${this.server.port}/${path}`;
  }

  async client(localAddress?: string): Promise<RawRtsp> {
    const client = await RawRtsp.open(this.server.port, localAddress === undefined ? {} : { localAddress });
    this.clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.server.close();
  }
}
