import type { Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { Fragmenter } from '../live/fragmenter.js';
import type { Logger } from '../rtsp/logger.js';
import { PublishFeed } from '../rtsp/publish-feed.js';
import type { AccessUnit, PublishedStream } from '../rtsp/published-stream.js';
import { RequestError } from './failure.js';
import { upgradeOf } from './upgrade.js';

/** What we speak over the socket, as its subprotocol. */
export const LIVE_PROTOCOL = 'veilgate.live.v1';

/** Streams that are watched at once, all pages together: eight walls of 64 cameras. */
const MAX_VIEWS = 512;

/** Bytes that may wait for a page; beyond them it goes on with the next keyframe. 2 s of a 4 Mb/s stream: later, nothing is live any more. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

/** A page says nothing; what it sends beyond this is no page of ours. */
const MAX_MESSAGE_BYTES = 1024;

/** WebSocket close codes (RFC 6455, 7.4.1). */
const CLOSE = { goingAway: 1001, tooSlow: 4008 } as const;

/**
 * Masked streams for browsers: fragmented MP4 over a WebSocket, a message a picture. A text message `{"type": "track", "mime"}` and the
 * first segment precede the pictures, and come again where those become other ones. The packets are those that RTSP
 * clients get, slates included.
 */
export class LiveViews {
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // Video does not get smaller, and each deflating socket would hold its own window.
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(LIVE_PROTOCOL) ? LIVE_PROTOCOL : false),
  });
  readonly #logger: Logger;
  /** What each one shows. */
  readonly #views = new Map<WebSocket, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
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
    if (this.count >= MAX_VIEWS) throw new RequestError(503, 'too-many-views', 'Too many live views are open.');
    response.detachSocket(upgrade.socket as never);
    this.#server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => this.#feed(socket, stream));
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

  #feed(socket: WebSocket, stream: PublishedStream): void {
    const codec = stream.description?.codec;
    if (codec === undefined) return socket.close(CLOSE.goingAway);
    const fragmenter = new Fragmenter(codec, () => stream.description!);
    const send = (unit: AccessUnit): void => {
      const track = fragmenter.trackOf(unit);
      if (track) {
        socket.send(JSON.stringify({ type: 'track', mime: track.mime }));
        socket.send(track.init);
      }
      const { head, sample } = fragmenter.segment(unit);
      socket.send(head, { fin: false });
      socket.send(sample, { fin: true });
    };
    const feed = new PublishFeed(
      stream,
      {
        get unsentBytes() {
          return socket.bufferedAmount;
        },
        send,
        stalled: () => socket.close(CLOSE.tooSlow),
      },
      MAX_BACKLOG_BYTES,
    );
    socket.on('error', (error) => this.#logger.debug({ err: error, camera: stream.id }, 'live view broke'));
    this.#views.set(socket, stream.id);
    socket.once('close', () => {
      this.#views.delete(socket);
      feed.close();
    });
    feed.start();
  }
}

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
