import type { Response } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../rtsp/logger.js';
import type { PublishedStream } from '../rtsp/published-stream.js';
import { RequestError } from './failure.js';
import { upgradeOf } from './upgrade.js';

/** A page says nothing; what it sends beyond this is no page of ours. */
const MAX_MESSAGE_BYTES = 1024;

/** WebSocket close codes (RFC 6455, 7.4.1). */
export const CLOSE = { goingAway: 1001, tooSlow: 4008 } as const;

/** Masked streams that pages watch over WebSockets, whatever these carry. */
export abstract class ViewSockets {
  readonly #server: WebSocketServer;
  readonly #mostViews: number;
  protected readonly logger: Logger;
  /** What each one shows. */
  readonly #views = new Map<WebSocket, string>();

  /** @param mostViews at once, all pages together */
  constructor(protocol: string, mostViews: number, logger: Logger) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_MESSAGE_BYTES,
      // Video does not get smaller, and each deflating socket would hold its own window.
      perMessageDeflate: false,
      handleProtocols: (protocols) => (protocols.has(protocol) ? protocol : false),
    });
    this.#mostViews = mostViews;
    this.logger = logger;
  }

  /** Viewers now. */
  get count(): number {
    return this.#views.size;
  }

  /**
   * Turns a request that passed every check into a view of the stream.
   *
   * @throws RequestError 426 `upgrade-required`, 403 `origin-not-allowed`, 503 `too-many-views`
   */
  show(response: Response, stream: PublishedStream): void {
    const request = response.req;
    const upgrade = upgradeOf(request);
    if (!upgrade) {
      response.set({ Upgrade: 'websocket', Connection: 'Upgrade' });
      throw new RequestError(426, 'upgrade-required', 'This is a WebSocket: open it as one.');
    }
    // A browser sends its cookies to whatever address a stranger's page names, and asks nobody before.
    if (!isSameOrigin(request.headers)) {
      throw new RequestError(403, 'origin-not-allowed', 'Live views are opened by this gateway’s own pages.');
    }
    if (this.count >= this.#mostViews) throw new RequestError(503, 'too-many-views', 'Too many live views are open.');
    response.detachSocket(upgrade.socket as never);
    this.#server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => this.#open(socket, stream));
  }

  /** Ends every view. */
  close(): void {
    for (const socket of this.#views.keys()) socket.close(CLOSE.goingAway);
    for (const socket of this.#views.keys()) socket.terminate();
  }

  /** A stream was replaced or removed. Pages come back, and find what there is then. */
  endStream(id: string): void {
    for (const [socket, shown] of this.#views) if (shown === id) socket.close(CLOSE.goingAway);
  }

  /** Begins to send a view its pictures. Returns how to stop. */
  protected abstract feed(socket: WebSocket, stream: PublishedStream): () => void;

  #open(socket: WebSocket, stream: PublishedStream): void {
    socket.on('error', (error) => this.logger.debug({ err: error, camera: stream.id }, 'live view broke'));
    this.#views.set(socket, stream.id);
    const stop = this.feed(socket, stream);
    socket.once('close', () => {
      this.#views.delete(socket);
      stop();
    });
  }
}

/** Calls back when all that was sent so far was taken, or never will be. */
export const flushSocket = (socket: WebSocket, done: () => void): void => {
  if (socket.bufferedAmount === 0 || socket.readyState === WebSocket.CLOSED) done();
  // Behind everything that waits; pages answer a ping by themselves.
  else if (socket.readyState === WebSocket.OPEN) socket.ping(undefined, undefined, () => done());
  // Its goodbye waits behind everything too.
  else socket.once('close', () => done());
};

interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly 'x-forwarded-host'?: string | string[] | undefined;
}

/** Programs send no origin, pages cannot leave it out. A proxy may ask under another name than the page did. */
const isSameOrigin = ({ origin, host, 'x-forwarded-host': forwarded }: OriginHeaders): boolean => {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin).host;
  return asked === host || asked === forwarded;
};
