import type { Response } from 'express';
import type { WebSocket } from 'ws';
import { Mpeg1Stream } from '../preview/mpeg1-stream.js';
import type { Logger } from '../rtsp/logger.js';
import type { PublishedStream } from '../rtsp/published-stream.js';
import { RequestError } from './failure.js';
import { Preview } from './preview.js';
import { CLOSE, ViewSockets } from './view-sockets.js';

/** What we speak over the socket, as its subprotocol. */
export const PREVIEW_PROTOCOL = 'veilgate.preview.v1';

/** Whether there is a preview: `off` where the site file asks for none, `no-ffmpeg` where it does and nothing can make it. */
export type PreviewState = 'off' | 'ready' | 'no-ffmpeg';

/** Streams that are made for previews at once: each takes a decoder and an encoder, and the cores belong to masking. */
const MAX_STREAMS = 16;
const MAX_VIEWS = 64;

export interface PreviewOptions {
  /** `server.preview` asks for it. */
  readonly wanted: boolean;
  /** Where it is; null where there is none. */
  readonly ffmpeg: string | null;
}

/**
 * Masked streams for browsers without Media Source Extensions: MPEG-1 in MPEG-TS over a WebSocket, as JSMpeg plays it. One ffmpeg a camera, however
 * many look at it, and none while nobody does.
 */
export class PreviewViews extends ViewSockets {
  readonly state: PreviewState;
  readonly #ffmpeg: string | null;
  readonly #previews = new Map<PublishedStream, Preview>();

  constructor({ wanted, ffmpeg }: PreviewOptions, logger: Logger) {
    super(PREVIEW_PROTOCOL, MAX_VIEWS, logger);
    this.#ffmpeg = ffmpeg;
    this.state = !wanted ? 'off' : ffmpeg === null ? 'no-ffmpeg' : 'ready';
    if (this.state === 'no-ffmpeg')
      logger.warn({}, 'no preview: there is no ffmpeg on PATH; install it, or set server.preview to off');
  }

  /**
   * As for live views, and:
   *
   * @throws RequestError 404 `preview-off`, 503 `no-ffmpeg`, 503 `too-many-previews`
   */
  override show(response: Response, stream: PublishedStream): void {
    this.check();
    if (!this.#previews.has(stream) && this.#previews.size >= MAX_STREAMS)
      throw new RequestError(
        503,
        'too-many-previews',
        `Previews of ${MAX_STREAMS} cameras are open, and no more are made.`,
      );
    super.show(response, stream);
  }

  /** @throws RequestError 404 `preview-off`, 503 `no-ffmpeg` */
  check(): void {
    if (this.state === 'off')
      throw new RequestError(404, 'preview-off', 'There is no preview here: the site file does not ask for it.');
    if (this.state === 'no-ffmpeg')
      throw new RequestError(503, 'no-ffmpeg', 'The preview needs ffmpeg, and there is none on the gateway’s PATH.');
  }

  /** Streams that are made now. */
  get streams(): number {
    return this.#previews.size;
  }

  protected feed(socket: WebSocket, stream: PublishedStream): () => void {
    const preview = this.#previews.get(stream) ?? this.#begin(stream);
    if (!preview) {
      socket.close(CLOSE.goingAway);
      return () => undefined;
    }
    preview.add(socket);
    return () => {
      if (preview.remove(socket) && this.#previews.get(stream) === preview) this.#previews.delete(stream);
    };
  }

  #begin(stream: PublishedStream): Preview | null {
    const codec = stream.description?.codec;
    if (codec === undefined || this.#ffmpeg === null) return null;
    const ffmpeg = this.#ffmpeg;
    const preview = new Preview(
      (listener) => new Mpeg1Stream(stream, codec, ffmpeg, this.logger, listener),
      () => this.#previews.delete(stream),
    );
    this.#previews.set(stream, preview);
    return preview;
  }
}
