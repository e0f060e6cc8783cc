import type { WebSocket } from 'ws';
import { Fragmenter } from '../live/fragmenter.js';
import type { Logger } from '../rtsp/logger.js';
import { PublishFeed } from '../rtsp/publish-feed.js';
import type { AccessUnit, PublishedStream } from '../rtsp/published-stream.js';
import { CLOSE, flushSocket, ViewSockets } from './view-sockets.js';

/** What we speak over the socket, as its subprotocol. */
export const LIVE_PROTOCOL = 'veilgate.live.v1';

/** Streams that are watched at once, all pages together: eight walls of 64 cameras. */
const MAX_VIEWS = 512;

/** Bytes that may wait for a page; beyond them it goes on with the next keyframe. 2 s of a 4 Mb/s stream: later, nothing is live any more. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

/**
 * Masked streams for browsers: fragmented MP4 over a WebSocket, a message a picture. A text message `{"type": "track", "mime"}` and the
 * first segment precede the pictures, and come again where those become other ones. The packets are those that RTSP
 * clients get, slates included.
 */
export class LiveViews extends ViewSockets {
  constructor(logger: Logger) {
    super(LIVE_PROTOCOL, MAX_VIEWS, logger);
  }

  protected feed(socket: WebSocket, stream: PublishedStream): () => void {
    const codec = stream.description?.codec;
    if (codec === undefined) {
      socket.close(CLOSE.goingAway);
      return () => undefined;
    }
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
        flush: (done) => flushSocket(socket, done),
        end: () => socket.terminate(),
      },
      MAX_BACKLOG_BYTES,
    );
    feed.start();
    return () => feed.close();
  }
}
