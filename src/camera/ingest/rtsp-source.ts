import { readFileSync } from 'node:fs';
import { RtspClient } from '../../rtsp/client.js';
import type { SourceConfig } from '../messages.js';
import { type Source, SourceError, type SourceEvents } from './source.js';

/** A camera over RTSP, by our own client: a picture is complete at its RTP marker, not when the next one begins. */
export class RtspSource implements Source {
  readonly #client: RtspClient;
  #closed = false;

  constructor(config: SourceConfig, events: SourceEvents) {
    const { verify, ca } = config.tls;
    this.#client = new RtspClient({
      url: config.url,
      transport: config.transport,
      tls: { rejectUnauthorized: verify, ca: ca === null ? undefined : readFileSync(ca, 'utf8') },
      onTrack: (track) => {
        if (this.#closed) return;
        events.track({
          codec: track.codec,
          decoder: { kind: 'codec', codec: track.codec },
          fps: track.framerate ?? null,
          bitrate: null,
          durationMs: null,
          offersAudio: track.offeredAudio,
        });
      },
      onPicture: ({ data, keyframe, corrupt, pts90k, receivedAt }) => {
        if (!this.#closed) events.picture({ data, keyframe, damaged: corrupt, pts: pts90k, receivedAt });
      },
      onEnd: (error) => {
        if (!this.#closed) events.end(error && new SourceError(error.code, error.message, { cause: error }));
      },
    });
  }

  start(): void {
    this.#client.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }
}
