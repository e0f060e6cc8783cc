import type { Socket } from 'node:net';
import { cut, flush } from './flush.js';
import type { PacketSink } from './packet-sink.js';
import { INTERLEAVED_HEADER_BYTES, type RtpBatch } from './payload/rtp-batch.js';
import { CLOCK_HZ } from './published-stream.js';
import type { PortPair } from './wire/transport.js';

/**
 * Packets of one client interleaved into its RTSP connection (RFC 2326, 10.12): one write of a shared buffer an access unit.
 *
 * A client is too slow when more than `maxBufferedBytes` wait for it, or when what was handed over by the last checkpoint is not
 * out by the next, one `maxLagMs` of stream time later. (Bytes alone would let a dead client of a slate's few bytes stay for hours.)
 */
export class InterleavedSink implements PacketSink {
  readonly protocol = 'tcp';
  /** Bytes handed over since the sink exists, and how many of them by the last checkpoint. */
  private handedOver = 0;
  private checkpointBytes = 0;
  private checkpointAt = Number.NEGATIVE_INFINITY;
  private readonly maxLagTicks: number;

  constructor(
    private readonly socket: Socket,
    private readonly channels: PortPair,
    private readonly limits: { readonly maxBufferedBytes: number; readonly maxLagMs: number },
  ) {
    this.maxLagTicks = (limits.maxLagMs * CLOCK_HZ) / 1000;
  }

  send(batch: RtpBatch, timestamp: number): boolean {
    const { socket } = this;
    if (!socket.writable) return true; // it is closing: its end is told elsewhere
    const waiting = socket.writableLength;
    if (waiting > this.limits.maxBufferedBytes) return false;
    if (timestamp - this.checkpointAt >= this.maxLagTicks) {
      // Answers to requests wait in the same buffer, so that more may wait than was handed over here.
      if (Math.max(0, this.handedOver - waiting) < this.checkpointBytes) return false;
      this.checkpointAt = timestamp;
      this.checkpointBytes = this.handedOver;
    }
    const bytes = batch.interleaved(this.channels[0]);
    this.handedOver += bytes.length;
    socket.write(bytes);
    return true;
  }

  sendReport(rtcp: Buffer): void {
    if (!this.socket.writable) return;
    const framed = Buffer.allocUnsafe(INTERLEAVED_HEADER_BYTES + rtcp.length);
    framed[0] = 0x24;
    framed[1] = this.channels[1];
    framed.writeUInt16BE(rtcp.length, 2);
    rtcp.copy(framed, INTERLEAVED_HEADER_BYTES);
    this.handedOver += framed.length;
    this.socket.write(framed);
  }

  flush(done: () => void): void {
    flush(this.socket, done);
  }

  end(): void {
    cut(this.socket);
  }

  close(): void {}
}
