import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtp } from '../wire/rtp.js';
import { h264Packetizer } from './h264-packetizer.js';
import { h265Packetizer } from './h265-packetizer.js';
import { DEFAULT_MAX_PAYLOAD_BYTES, type Packetizer } from './nal-packetizer.js';
import { INTERLEAVED_HEADER_BYTES, type RtpBatch } from './rtp-batch.js';

const HEADER = { payloadType: 96, ssrc: 0xdeadbeef, timestamp: 0xfffffff0, sequence: 0xfffe };

/** A unit of the type with bytes that differ by position, so that a swap or a gap shows. */
const unit = (header: readonly number[], length: number): Buffer => {
  const nal = Buffer.alloc(length);
  for (let i = 0; i < length; i++) nal[i] = (i * 31 + length) & 0xff;
  header.forEach((byte, i) => {
    nal[i] = byte;
  });
  return nal;
};

const packetsOf = (batch: RtpBatch): Buffer[] => Array.from({ length: batch.packets }, (_, i) => batch.packet(i));

const payloadOf = (packet: Buffer): Buffer => {
  const parsed = parseRtp(packet)!;
  return packet.subarray(parsed.payloadStart, parsed.payloadEnd);
};

type UnitShape = fc.Arbitrary<{ readonly header: readonly number[]; readonly length: number }>;

const h264Unit: UnitShape = fc.record({
  header: fc.constantFrom(0x67, 0x68, 0x06, 0x65, 0x41, 0x01).map((byte) => [byte]),
  length: fc.oneof(
    fc.integer({ min: 2, max: 60 }),
    fc.integer({ min: 2, max: 6000 }),
    fc.integer({ min: 1390, max: 1410 }),
  ),
});
const h265Unit: UnitShape = fc.record({
  header: fc.constantFrom([0x40, 1], [0x42, 1], [0x44, 1], [0x26, 1], [0x02, 3]),
  length: fc.oneof(
    fc.integer({ min: 3, max: 60 }),
    fc.integer({ min: 3, max: 6000 }),
    fc.integer({ min: 1390, max: 1410 }),
  ),
});

const FORMATS = [
  ['H.264', h264Packetizer, h264Unit],
  ['H.265', h265Packetizer, h265Unit],
] as const;

describe.each(FORMATS)('packets of %s', (_name, makePacketizer, anyUnit) => {
  const anyUnits = fc
    .array(anyUnit, { minLength: 1, maxLength: 12 })
    .map((units) => units.map((u) => unit(u.header, u.length)));
  const packetize: Packetizer = makePacketizer();

  it('fit into the payload limit, and only the last one carries the marker', () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 100, max: 1500 }), (nals, limit) => {
        const packets = packetsOf(makePacketizer(limit)(nals, HEADER)!).map((packet) => parseRtp(packet)!);
        for (const packet of packets) expect(packet.payloadEnd - packet.payloadStart).toBeLessThanOrEqual(limit);
        expect(packets.map((packet) => packet.marker)).toEqual(packets.map((_, i) => i === packets.length - 1));
      }),
    );
  });

  it('are numbered without gaps across the wrap, under one timestamp and source', () => {
    fc.assert(
      fc.property(anyUnits, (nals) => {
        packetsOf(packetize(nals, HEADER)!).forEach((bytes, i) => {
          const packet = parseRtp(bytes)!;
          expect(packet.sequenceNumber).toBe((HEADER.sequence + i) & 0xffff);
          expect([packet.timestamp, packet.ssrc, packet.payloadType]).toEqual([HEADER.timestamp, HEADER.ssrc, 96]);
        });
      }),
    );
  });

  it('lie in one buffer behind interleaved headers whose lengths and channel are right, on any channel', () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 0, max: 255 }), (nals, channel) => {
        const batch = packetize(nals, HEADER)!;
        const framed = batch.interleaved(channel);
        const found: Buffer[] = [];
        for (let at = 0; at < framed.length; ) {
          expect([framed[at], framed[at + 1]]).toEqual([0x24, channel]);
          const start = at + INTERLEAVED_HEADER_BYTES;
          at = start + framed.readUInt16BE(at + 2);
          found.push(framed.subarray(start, at));
        }
        expect(Buffer.concat(found).equals(Buffer.concat(packetsOf(batch)))).toBe(true);
        expect(found).toHaveLength(batch.packets);
        expect(batch.interleaved(channel)).toBe(framed);
        expect(batch.payloadBytes).toBe(packetsOf(batch).reduce((sum, packet) => sum + packet.length - 12, 0));
      }),
    );
  });

  it('are none where no unit has a payload', () => {
    expect(packetize([], HEADER)).toBeNull();
    expect(packetize([Buffer.from([0x65])], HEADER)).toBeNull();
  });
});

describe('packets of H.264', () => {
  const packetize = h264Packetizer();

  it('carry neighbours that fit together as STAP-A with the highest importance', () => {
    const [sps, pps, slice] = [unit([0x67], 20), unit([0x28], 6), unit([0x65], DEFAULT_MAX_PAYLOAD_BYTES)];
    const [first, second] = packetsOf(packetize([sps, pps, slice], HEADER)!).map(payloadOf);
    const expected = Buffer.concat([Buffer.from([0x60 | 24, 0, 20]), sps, Buffer.from([0, 6]), pps]);
    expect(first!.equals(expected)).toBe(true);
    expect(second!.equals(slice)).toBe(true);
  });

  it('fragment what exceeds a packet as FU-A with start and end bits', () => {
    const nal = unit([0x65], 2 * DEFAULT_MAX_PAYLOAD_BYTES);
    const payloads = packetsOf(packetize([nal], HEADER)!).map(payloadOf);
    expect(payloads.map((payload) => payload[0])).toEqual([0x7c, 0x7c, 0x7c]);
    expect(payloads.map((payload) => payload[1])).toEqual([0x85, 0x05, 0x45]);
    expect(Buffer.concat([nal.subarray(0, 1), ...payloads.map((payload) => payload.subarray(2))]).equals(nal)).toBe(
      true,
    );
  });
});

describe('packets of H.265', () => {
  const packetize = h265Packetizer();

  it('carry neighbours that fit together as AP with the lowest layer and temporal id', () => {
    const [vps, sps] = [unit([0x40, 0x0b], 20), unit([0x42, 0x02], 6)];
    const [payload] = packetsOf(packetize([vps, sps], HEADER)!).map(payloadOf);
    const expected = Buffer.concat([Buffer.from([48 << 1, 0x02, 0, 20]), vps, Buffer.from([0, 6]), sps]);
    expect(payload!.equals(expected)).toBe(true);
  });

  it('fragment what exceeds a packet as FU with start and end bits', () => {
    const nal = unit([19 << 1, 0x01], 2 * DEFAULT_MAX_PAYLOAD_BYTES);
    const payloads = packetsOf(packetize([nal], HEADER)!).map(payloadOf);
    expect(payloads.map((payload) => payload.readUInt16BE(0))).toEqual(payloads.map(() => (49 << 9) | 1));
    expect(payloads.map((payload) => payload[2])).toEqual([0x80 | 19, 19, 0x40 | 19]);
    expect(Buffer.concat([nal.subarray(0, 2), ...payloads.map((payload) => payload.subarray(3))]).equals(nal)).toBe(
      true,
    );
  });
});
