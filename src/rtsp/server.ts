import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { type Logger, SILENT_LOGGER } from './logger.js';
import type { PublishedStream, StreamCatalogue, StreamDescription } from './published-stream.js';
import { ServedStream } from './served-stream.js';
import { DigestGate, type RtspUser } from './server-auth.js';
import { ServerConnection } from './server-connection.js';
import type { ServerContext } from './server-context.js';
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from './server-limits.js';
import { listenOn, openUdpSender } from './server-listen.js';
import { handleRequest } from './server-requests.js';
import type { ServerSession } from './server-session.js';
import { ServerSessions } from './server-sessions.js';
import type { UdpSender } from './udp-sender.js';

/** How often timeouts are looked at, at most; a quarter of the shortest timeout where that is less. */
const SWEEP_INTERVAL_MS = 1_000;

export interface RtspServerOptions {
  /** The address to listen on. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly catalogue: StreamCatalogue;
  readonly logger?: Logger;
  /** Who may watch; everyone where there is nobody. */
  readonly users?: readonly RtspUser[];
  /** The RTP port of UDP clients, RTCP being the next; by default any. `false`: TCP only. */
  readonly udpPort?: number | false;
  /** Listens for rtsps:// as well. */
  readonly tls?: { readonly port: number; readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly limits?: Partial<ServerLimits>;
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
}

export interface RtspServerStats {
  /** By stream id: those that have been asked for since the start. */
  readonly streams: ReadonlyMap<string, { readonly clients: number; readonly bytesSent: number }>;
  readonly connections: number;
  /** Clients that play. */
  readonly clients: number;
  readonly slowClientsDropped: number;
  /** Connections that played nothing and had to make room. */
  readonly idleConnectionsEvicted: number;
  /** PLAY refused because all places were taken. */
  readonly clientsRefused: number;
}

/** Serves masked streams over RTSP (RFC 2326), interleaved and over UDP. Nothing is served but what the catalogue holds. */
export class RtspServer {
  private readonly connections = new Set<ServerConnection>();
  private readonly sessions = new ServerSessions();
  private readonly served = new Map<string, ServedStream>();
  private readonly listeners: Server[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly limits: ServerLimits;
  private readonly logger: Logger;
  private readonly now: () => number;
  private udp: UdpSender | null = null;
  private context: ServerContext | null = null;
  /** What streams sent that have been replaced since. */
  private readonly formerBytes = new Map<string, number>();
  private readonly counters = { slowClientsDropped: 0, idleConnectionsEvicted: 0, clientsRefused: 0 };

  constructor(private readonly options: RtspServerOptions) {
    this.limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
    this.logger = options.logger ?? SILENT_LOGGER;
    this.now = options.now ?? performance.now.bind(performance);
  }

  /** The port it listens on. */
  get port(): number {
    return (this.listeners[0]!.address() as AddressInfo).port;
  }

  /** The port of rtsps://, where there is one. */
  get securePort(): number | undefined {
    return (this.listeners[1]?.address() as AddressInfo | undefined)?.port;
  }

  /** @throws VeilgateError `port-in-use` or `address-unavailable`; nothing is left open then */
  async listen(): Promise<void> {
    const { port, tls, udpPort = 0 } = this.options;
    try {
      if (udpPort !== false) this.udp = await this.openUdp(udpPort);
      this.context = this.makeContext();
      await this.open(
        createServer((socket) => this.accept(socket, false)),
        port,
        'server.rtsp',
      );
      if (tls) await this.open(this.secureServer(tls), tls.port, 'server.rtsps');
    } catch (error) {
      await this.close();
      throw error;
    }
    this.every(this.limits.reportIntervalMs, () => this.report());
    const { firstRequestMs, sessionTimeoutMs } = this.limits;
    this.every(Math.min(SWEEP_INTERVAL_MS, firstRequestMs / 4, sessionTimeoutMs / 4), () => this.sweep());
  }

  /** Ends every session of a stream that is no more, or is another now. */
  endStream(id: string): void {
    const served = this.served.get(id);
    if (served) this.retire(served, 'stream ended');
  }

  stats(): RtspServerStats {
    const streams = new Map<string, { clients: number; bytesSent: number }>();
    for (const [id, bytesSent] of this.formerBytes) streams.set(id, { clients: 0, bytesSent });
    for (const [id, { playing, bytesSent }] of this.served) {
      streams.set(id, { clients: playing.size, bytesSent: bytesSent + (this.formerBytes.get(id) ?? 0) });
    }
    return { streams, connections: this.connections.size, clients: this.sessions.countPlaying(), ...this.counters };
  }

  /** Says goodbye to every client and closes all sockets. */
  async close(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    const closed = this.listeners.splice(0).map((listener) => once(listener.close(), 'close'));
    for (const session of [...this.sessions]) this.sessions.end(session, true);
    for (const connection of this.connections) connection.close('server closing');
    await Promise.all(closed);
    this.udp?.close();
    this.udp = null;
  }

  private async open(listener: Server, port: number, key: string): Promise<void> {
    await listenOn(listener, this.options.host, port, key);
    listener.on('error', (error) => this.logger.warn({ err: error }, 'RTSP connection could not be accepted'));
    this.listeners.push(listener);
  }

  private secureServer({ cert, key }: NonNullable<RtspServerOptions['tls']>): Server {
    const secureContext = createSecureContext({ cert, key });
    // The handshake is part of the connection's life, so that its bounds hold for it too.
    return createServer((socket) => this.accept(new TLSSocket(socket, { isServer: true, secureContext }), true));
  }

  private openUdp(port: number): Promise<UdpSender> {
    return openUdpSender(this.options.host, port, (from, fromPort) => {
      this.sessions.markSeen(from, fromPort, this.now());
    });
  }

  private every(ms: number, act: () => void): void {
    this.timers.push(setInterval(act, ms));
  }

  private makeContext(): ServerContext {
    const { sessions, limits, logger, now, udp } = this;
    return {
      catalogue: this.options.catalogue,
      sessions,
      gate: new DigestGate(this.options.users ?? []),
      limits,
      logger,
      now,
      udp,
      serve: (stream, description) => this.serve(stream, description),
      admitPlayer: (session) => this.admitPlayer(session),
      endSession: (session, cause) => this.endSession(session, cause, false),
      dropSlowClient: (session) => this.dropSlowClient(session),
    };
  }

  private accept(socket: Socket, secure: boolean): void {
    const connection = new ServerConnection(socket, secure, this.now(), this.now, {
      request: (from, request) => handleRequest(this.context!, from, request),
      interleaved: ({ session }) => {
        if (session) session.lastSeen = this.now();
      },
      closed: (gone, cause) => this.forget(gone, cause),
    });
    this.connections.add(connection);
    this.evictIdle();
  }

  /** Those who came first are the first to go: a viewer is idle for milliseconds, who blocks the way for long. */
  private evictIdle(): void {
    let idle = 0;
    for (const connection of this.connections) if (!connection.playing) idle++;
    for (const connection of this.connections) {
      if (idle <= this.limits.maxIdleConnections) return;
      if (connection.playing) continue;
      this.counters.idleConnectionsEvicted++;
      connection.destroy('made room for others');
      this.connections.delete(connection);
      idle--;
    }
  }

  private forget(connection: ServerConnection, cause: string): void {
    this.connections.delete(connection);
    this.logger.debug({ client: connection.remoteAddress, cause }, 'RTSP connection closed');
    const { session } = connection;
    if (!session) return;
    // Over UDP it plays on as long as its receiver reports come.
    if (session.state === 'playing' && session.transport.protocol === 'udp') session.connection = null;
    else this.endSession(session, cause, false);
  }

  private serve(stream: PublishedStream, { codec }: StreamDescription): ServedStream {
    const known = this.served.get(stream.id);
    if (known?.stream === stream && known.track.codec === codec) return known;
    if (known) this.retire(known, 'stream replaced');
    const served = new ServedStream(stream, codec);
    this.served.set(stream.id, served);
    return served;
  }

  private retire(served: ServedStream, cause: string): void {
    const { id } = served.stream;
    for (const session of this.sessions.of(served)) this.endSession(session, cause, true);
    this.formerBytes.set(id, (this.formerBytes.get(id) ?? 0) + served.bytesSent);
    this.served.delete(id);
  }

  private admitPlayer(session: ServerSession): boolean {
    if (this.sessions.countPlaying() < this.limits.maxClients) return true;
    const orphan = this.sessions.oldestOrphan();
    if (orphan) {
      this.endSession(orphan, 'made room for others', true);
      return true;
    }
    this.counters.clientsRefused++;
    const { streamId, clientAddress } = session;
    this.logger.warn(
      { stream: streamId, client: clientAddress, maxClients: this.limits.maxClients },
      'RTSP client refused: full',
    );
    return false;
  }

  private endSession(session: ServerSession, cause: string, goodbye: boolean): void {
    const { streamId, clientAddress, bytesSent } = session;
    this.sessions.end(session, goodbye);
    if (bytesSent === 0) return; // it never played
    this.logger.info({ stream: streamId, client: clientAddress, bytesSent, cause }, 'RTSP client left');
  }

  private dropSlowClient(session: ServerSession): void {
    const { connection, streamId, clientAddress } = session;
    const buffered = connection?.socket.writableLength;
    this.counters.slowClientsDropped++;
    this.logger.warn({ stream: streamId, client: clientAddress, buffered }, 'RTSP client dropped: it reads too slowly');
    this.endSession(session, 'too slow', false);
    connection?.destroy('too slow');
  }

  private report(): void {
    for (const served of this.served.values()) served.report();
  }

  /** Ends what has shown no sign of life. */
  private sweep(): void {
    const now = this.now();
    const { sessionTimeoutMs, firstRequestMs } = this.limits;
    for (const session of [...this.sessions]) {
      // Over TCP the connection is the sign of life, and slow ones are dropped as units are sent.
      const overTcp = session.transport.protocol === 'tcp' && session.state === 'playing';
      if (!overTcp && now - session.lastSeen > sessionTimeoutMs) this.endSession(session, 'timed out', true);
    }
    for (const connection of this.connections) {
      const limit = connection.requests === 0 ? firstRequestMs : sessionTimeoutMs;
      if (!connection.playing && now - connection.lastRequestAt > limit) connection.destroy('sent no request in time');
    }
  }
}
