import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h264NalType, h265NalType, isH264Keyframe, isH265Keyframe, joinAnnexB, splitAnnexB } from './annexb.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Bytes as an encoder writes them: with emulation prevention, and not ending in zero. */
const nalUnit = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => {
  const unit: number[] = [];
  for (const byte of bytes) {
    if (byte <= 3 && unit.at(-1) === 0 && unit.at(-2) === 0) unit.push(3);
    unit.push(byte);
  }
  if (unit.at(-1) === 0) unit.push(0x80);
  return Buffer.from(unit);
});

describe('Annex B', () => {
  it('splits at 3-byte and at 4-byte start codes', () => {
    expect(splitAnnexB(hex('00000001 6742 000001 68ce 00000001 6588'))).toEqual([
      hex('6742'),
      hex('68ce'),
      hex('6588'),
    ]);
  });

  it('leaves out zero padding, empty units and what precedes the first start code', () => {
    expect(splitAnnexB(hex('ffff 000001 000001 4101 000000 000001 4202 0000'))).toEqual([hex('4101'), hex('4202')]);
  });

  it('finds nothing in bytes without a start code', () => {
    expect(splitAnnexB(Buffer.alloc(0))).toEqual([]);
    expect(splitAnnexB(hex('0000'))).toEqual([]);
    expect(splitAnnexB(Buffer.alloc(1000))).toEqual([]);
  });

  it('gives back the units that were joined', () => {
    fc.assert(
      fc.property(fc.array(nalUnit, { maxLength: 8 }), (units) => {
        expect(splitAnnexB(joinAnnexB(units))).toEqual(units);
      }),
    );
  });

  it('copes with any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 2, 255), { maxLength: 200 }), (bytes) => {
        for (const unit of splitAnnexB(Buffer.from(bytes))) {
          expect(unit.length).toBeGreaterThan(0);
          expect(unit.at(-1)).not.toBe(0);
          expect(unit.indexOf(hex('000001'))).toBe(-1);
        }
      }),
    );
  });

  it('knows a keyframe by its NAL unit type', () => {
    expect(isH264Keyframe(h264NalType(0x65))).toBe(true);
    expect(isH264Keyframe(h264NalType(0x41))).toBe(false);
    expect(isH265Keyframe(h265NalType(19 << 1))).toBe(true); // IDR_W_RADL
    expect(isH265Keyframe(h265NalType(21 << 1))).toBe(true); // CRA
    expect(isH265Keyframe(h265NalType(1 << 1))).toBe(false); // TRAIL_R
  });
});
