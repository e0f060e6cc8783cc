import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRtp, makeRtpPacket, parseRtp, sequenceDistance } from './rtp.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const payloadOf = (bytes: Buffer): string | null => {
  const packet = parseRtp(bytes);
  return packet && bytes.toString('hex', packet.payloadStart, packet.payloadEnd);
};

describe('an RTP packet', () => {
  it('comes back as it was written', () => {
    const header = fc.record({
      payloadType: fc.integer({ min: 0, max: 127 }),
      marker: fc.boolean(),
      sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      ssrc: fc.integer({ min: 0, max: 0xffffffff }),
    });
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 50 }), (fields, payload) => {
        const bytes = formatRtp(fields, Buffer.from(payload));
        expect(parseRtp(bytes)).toMatchObject(fields);
        expect(payloadOf(bytes)).toBe(Buffer.from(payload).toString('hex'));
      }),
    );
  });

  it('is read without its contributing sources, extension and padding', () => {
    const fixed = '60 0001 00000002 00000003';
    expect(payloadOf(hex(`82 ${fixed} 11111111 22222222 aabb`))).toBe('aabb');
    expect(payloadOf(hex(`90 ${fixed} bede 0001 99999999 aabb`))).toBe('aabb');
    expect(payloadOf(hex(`a0 ${fixed} aabb 000003`))).toBe('aabb');
    expect(payloadOf(hex(`b1 ${fixed} 11111111 bede 0000 aabb 01`))).toBe('aabb');
  });

  it.each([
    ['is shorter than a header', '80 60 0001 00000002 000000'],
    ['is of another version', '40 60 0001 00000002 00000003 aabb'],
    ['claims more contributing sources than there are', '8f 60 0001 00000002 00000003 aabb'],
    ['claims an extension that is not there', '90 60 0001 00000002 00000003'],
    ['claims a longer extension than there is', '90 60 0001 00000002 00000003 bede ffff aabb'],
    ['claims more padding than there is', 'a0 60 0001 00000002 00000003 aaff'],
    ['claims no padding where it says there is some', 'a0 60 0001 00000002 00000003 aa00'],
    ['claims padding and has nothing', 'a0 60 0001 00000002 00000003'],
  ])('is refused where it %s', (_, bytes) => {
    expect(parseRtp(hex(bytes))).toBeNull();
  });

  it('never leads out of its bytes, whatever they are', () => {
    const into = makeRtpPacket();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (values) => {
        const bytes = Buffer.from(values);
        if (bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
        const packet = parseRtp(bytes, into);
        if (!packet) return;
        expect(packet.payloadStart).toBeGreaterThanOrEqual(12);
        expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadStart);
        expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});

it('measures sequence distances across the wrap', () => {
  expect(sequenceDistance(65535, 0)).toBe(1);
  expect(sequenceDistance(0, 65535)).toBe(-1);
  expect(sequenceDistance(10, 15)).toBe(5);
  expect(sequenceDistance(0, 32768)).toBe(-32768);
});
