import type { CodedPicture } from './payload/coded-picture.js';
import type { RtcpPacket } from './wire/rtcp.js';

/** How a source lets itself be asked for a keyframe: picture loss indication (RFC 4585, 6.3.1), or full intra request (RFC 5104, 4.3.1). */
export type KeyframeFeedback = 'pli' | 'fir';

/** Between two requests for the same keyframe, ms: the way there, the coding of it and the way back take less on any link that carries video. */
export const REQUEST_SPACING_MS = 500;

/** Knows when a source is to be asked for a keyframe: what comes behind a loss cannot be shown before the next one. */
export class KeyframeRequests {
  private wanted = false;
  private started = false;
  private askedMs = Number.NEGATIVE_INFINITY;
  /** Of full intra requests: another one for each keyframe, the same where one is asked for again. */
  private sequence = -1;

  constructor(private readonly feedback: KeyframeFeedback) {}

  lost(): void {
    if (!this.wanted) this.sequence = (this.sequence + 1) & 0xff;
    this.wanted = true;
  }

  picture({ keyframe, corrupt }: Pick<CodedPicture, 'keyframe' | 'corrupt'>): void {
    if (corrupt || !(keyframe || this.started)) this.lost();
    else if (keyframe) {
      this.wanted = false;
      this.started = true;
    }
  }

  /** What to send now, or null. @param nowMs of any steady clock */
  due(ssrc: number, source: number, nowMs: number): RtcpPacket | null {
    if (!this.wanted || nowMs - this.askedMs < REQUEST_SPACING_MS) return null;
    this.askedMs = nowMs;
    if (this.feedback === 'pli') return { type: 'picture-loss', ssrc, source };
    return { type: 'full-intra-request', ssrc, source, sequence: this.sequence };
  }
}
