import type { PublishedStream, VideoCodec } from './published-stream.js';
import { RtpTrack } from './rtp-track.js';
import type { ServerSession } from './server-session.js';

/** One stream as a server serves it: the RTP track that its clients share, who plays it, and what was sent. */
export class ServedStream {
  readonly track: RtpTrack;
  /** The sessions that play. */
  readonly playing = new Set<ServerSession>();
  bytesSent = 0;

  constructor(
    readonly stream: PublishedStream,
    codec: VideoCodec,
  ) {
    this.track = new RtpTrack(codec);
  }

  /** Sends each client a sender report; the same for all, as the source is one. */
  report(): void {
    if (this.playing.size === 0) return;
    const report = this.track.senderReport();
    if (report) for (const session of this.playing) session.sendReport(report);
  }
}
