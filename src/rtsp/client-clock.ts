import { CLOCK_HZ } from './published-stream.js';

/**
 * Turns the wrapping 32-bit timestamps of one RTP source into ticks of 90 kHz that do not wrap. The origin is the first picture, at 0;
 * jumps of the source's clock are passed on as they are.
 */
export class RtpClock {
  private previous = -1;
  private ticks = 0;

  /** @param clockRate of the timestamps, ticks a second. */
  constructor(private readonly clockRate: number) {}

  /** May step back: pictures come in decoding order. */
  to90k(rtpTimestamp: number): number {
    // The distance modulo 2^32, signed: right up to half a wrap, which is 6.6 hours at 90 kHz.
    if (this.previous >= 0) this.ticks += (rtpTimestamp - this.previous) | 0;
    this.previous = rtpTimestamp;
    if (this.clockRate === CLOCK_HZ) return this.ticks;
    return Math.round((this.ticks * CLOCK_HZ) / this.clockRate);
  }
}
