import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { InterleavedSink } from './interleaved-sink.js';
import { h264Packetizer } from './payload/h264-packetizer.js';

const LIMITS = { maxBufferedBytes: 10_000, maxLagMs: 1000 };
const SECOND = 90_000;

/** A socket of which the test says how much it still holds. */
class HeldSocket {
  writable = true;
  writableLength = 0;
  readonly written: Buffer[] = [];

  write(bytes: Buffer): void {
    this.written.push(bytes);
    this.writableLength += bytes.length;
  }
}

const make = () => {
  const socket = new HeldSocket();
  return { socket, sink: new InterleavedSink(socket as unknown as Socket, [4, 5], LIMITS) };
};

const batchOf = (bytes: number) =>
  h264Packetizer()([Buffer.alloc(bytes, 0x65)], { payloadType: 96, ssrc: 1, timestamp: 0, sequence: 0 })!;

describe('an interleaved sink', () => {
  it('writes the packets of a picture in one go, on its channel, and reports on the other', () => {
    const { socket, sink } = make();
    const batch = batchOf(5000);
    expect(sink.send(batch, 0)).toBe(true);
    sink.sendReport(Buffer.from([1, 2, 3, 4]));
    expect(socket.written).toEqual([batch.interleaved(4), Buffer.from([0x24, 5, 0, 4, 1, 2, 3, 4])]);
  });

  it('gives a client up for which more bytes wait than are allowed', () => {
    const { socket, sink } = make();
    socket.writableLength = LIMITS.maxBufferedBytes;
    expect(sink.send(batchOf(100), 0)).toBe(true);
    expect(sink.send(batchOf(100), 3600)).toBe(false);
    expect(socket.written).toHaveLength(1);
  });

  it('gives a client up that takes nothing for a while, however few bytes wait', () => {
    const { sink } = make();
    const tiny = batchOf(20);
    expect(sink.send(tiny, 0)).toBe(true);
    expect(sink.send(tiny, 0.9 * SECOND)).toBe(true);
    expect(sink.send(tiny, 1.8 * SECOND)).toBe(true);
    expect(sink.send(tiny, 2.7 * SECOND)).toBe(true);
    expect(sink.send(tiny, 3.6 * SECOND)).toBe(false);
  });

  it('keeps a client that is always a little behind', () => {
    const { socket, sink } = make();
    const batch = batchOf(1000);
    for (let i = 0; i < 500; i++) {
      expect(sink.send(batch, i * 3600)).toBe(true);
      // Half a second of the stream never gets out of the way.
      socket.writableLength =
        Math.min(socket.writableLength, 12 * batch.bytes) - (socket.writableLength > 9000 ? 2000 : 0);
      expect(socket.writableLength).toBeGreaterThanOrEqual(0);
    }
    expect(socket.writableLength).toBeGreaterThan(0);
  });

  it('keeps a client to whom answers to its requests are still on the way', () => {
    const { socket, sink } = make();
    socket.writableLength = 500; // an answer, and nothing of the stream
    expect(sink.send(batchOf(20), 0)).toBe(true);
  });

  it('writes nothing into a connection that is closing', () => {
    const { socket, sink } = make();
    socket.writable = false;
    expect(sink.send(batchOf(20), 0)).toBe(true);
    sink.sendReport(Buffer.alloc(4));
    expect(socket.written).toEqual([]);
  });
});
