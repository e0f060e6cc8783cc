import type { RtpBatch } from './payload/rtp-batch.js';
import type { Backlog } from './published-stream.js';

/** Where one client's packets go: into its RTSP connection, or to its UDP ports. */
export interface PacketSink extends Backlog {
  /** For logs. */
  readonly protocol: 'tcp' | 'udp';
  /**
   * Hands over the packets of one access unit; never blocks.
   * @param timestamp of the unit, in ticks of 90 kHz on the stream's clock
   * @returns false where the client has fallen too far behind: nothing was sent, and it must be dropped
   */
  send(batch: RtpBatch, timestamp: number): boolean;
  /** Hands over an RTCP compound packet. */
  sendReport(rtcp: Buffer): void;
  /** Forgets what has not gone out yet. */
  close(): void;
}
