import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRtcp, ntpTime, parseRtcp, type RtcpPacket, unixMsOfNtp } from './rtcp.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const reports = fc.array(
  fc.record({
    ssrc: u32,
    fractionLost: fc.integer({ min: 0, max: 255 }),
    cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
    highestSequence: u32,
    jitter: u32,
    lastSenderReport: u32,
    delaySinceLastSenderReport: u32,
  }),
  { maxLength: 3 },
);
const packets: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({
    type: fc.constant('sender-report' as const),
    ssrc: u32,
    ntpTime: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    rtpTimestamp: u32,
    packetCount: u32,
    octetCount: u32,
    reports,
  }),
  fc.record({ type: fc.constant('receiver-report' as const), ssrc: u32, reports }),
  fc.record({
    type: fc.constant('source-description' as const),
    chunks: fc.array(fc.record({ ssrc: u32, cname: fc.string({ maxLength: 40 }) }), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('goodbye' as const), sources: fc.array(u32, { maxLength: 3 }) }),
);

describe('RTCP', () => {
  it('comes back as it was written, in whole words', () => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 4 }), (compound) => {
        const bytes = formatRtcp(compound);
        expect(bytes.length % 4).toBe(0);
        expect(parseRtcp(bytes)).toEqual(compound);
      }),
    );
  });

  it('leaves out packets of other types and reads on', () => {
    expect(parseRtcp(hex('80ce0001 00000001 81cb0001 00000007'))).toEqual([{ type: 'goodbye', sources: [7] }]);
  });

  it.each([
    ['a length beyond the end', '81cb0005 00000007'],
    ['more sources than fit', '84cb0001 00000007'],
    ['more reports than fit', '81c90001 00000001'],
    ['another version', '41cb0001 00000007'],
    ['an item beyond the end', '81ca0002 00000001 01ff6161'],
    ['more padding than there is', 'a1cb0001 000000ff'],
    ['half a header', '81cb'],
  ])('refuses %s', (_, bytes) => {
    expect(parseRtcp(hex(bytes))).toBeNull();
  });

  it('never crashes on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 198, max: 206 }), (values, type) => {
        const bytes = Buffer.from(values);
        if (bytes.length >= 4) bytes.set([0x80 | (bytes[0]! & 0x3f), type, 0, (bytes.length >> 2) - 1]);
        parseRtcp(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('asks for keyframes as RFC 4585 and RFC 5104 lay it out', () => {
    const loss: RtcpPacket = { type: 'picture-loss', ssrc: 0x01020304, source: 0x0a0b0c0d };
    const request: RtcpPacket = { type: 'full-intra-request', ssrc: 0x01020304, source: 0x0a0b0c0d, sequence: 9 };
    expect(formatRtcp([loss])).toEqual(hex('81ce0002 01020304 0a0b0c0d'));
    expect(formatRtcp([request])).toEqual(hex('84ce0004 01020304 00000000 0a0b0c0d 09000000'));
    expect(parseRtcp(formatRtcp([loss, request]))).toEqual([loss, request]);
    // Another message of the same kind (slice loss).
    expect(parseRtcp(hex('82ce0002 01020304 0a0b0c0d'))).toEqual([]);
  });

  it('refuses to write what its counts cannot hold', () => {
    const sources = Array.from({ length: 32 }, (_, i) => i);
    expect(() => formatRtcp([{ type: 'goodbye', sources }])).toThrow(RangeError);
    const cname = 'x'.repeat(256);
    expect(() => formatRtcp([{ type: 'source-description', chunks: [{ ssrc: 1, cname }] }])).toThrow(RangeError);
  });

  it('tells the time as NTP does', () => {
    expect(ntpTime(0)).toBe(2_208_988_800n << 32n);
    expect(ntpTime(500) & 0xffffffffn).toBe(0x80000000n);
    expect(unixMsOfNtp(ntpTime(1_700_000_000_123))).toBeCloseTo(1_700_000_000_123, 3);
  });
});
