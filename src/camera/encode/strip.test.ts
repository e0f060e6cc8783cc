import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinAnnexB, splitAnnexB } from '../../rtsp/payload/annexb.js';
import { stripExtras } from './strip.js';

/** Bytes that need no emulation prevention, and do not end in a zero. */
const body = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 });

const h264Unit = fc.record({ type: fc.integer({ min: 0, max: 31 }), body });
const h265Unit = fc.record({ type: fc.integer({ min: 0, max: 63 }), body });

describe('what an encoder gives out', () => {
  it('keeps the slices and parameter sets of H.264, in order and as they were, and nothing else', () => {
    const stays = [1, 2, 3, 4, 5, 7, 8];
    fc.assert(
      fc.property(fc.array(h264Unit, { maxLength: 12 }), (units) => {
        const nals = units.map(({ type, body }) => ({ type, nal: Buffer.from([0x60 | type, ...body]) }));
        const out = splitAnnexB(stripExtras(joinAnnexB(nals.map(({ nal }) => nal)), 'h264'));
        expect(out).toEqual(nals.filter(({ type }) => stays.includes(type)).map(({ nal }) => nal));
      }),
    );
  });

  it('keeps the slices and parameter sets of H.265, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(h265Unit, { maxLength: 12 }), (units) => {
        const nals = units.map(({ type, body }) => ({ type, nal: Buffer.from([type << 1, 1, ...body]) }));
        const out = splitAnnexB(stripExtras(joinAnnexB(nals.map(({ nal }) => nal)), 'h265'));
        expect(out).toEqual(nals.filter(({ type }) => type <= 34).map(({ nal }) => nal));
      }),
    );
  });

  it('is a copy: the encoder may use its memory again', () => {
    const packet = joinAnnexB([Buffer.from([0x65, 1, 2, 3])]);
    const out = stripExtras(packet, 'h264');
    packet.fill(0xee);
    expect(out).toEqual(Buffer.from([0, 0, 0, 1, 0x65, 1, 2, 3]));
  });

  it('takes short start codes and gives long ones', () => {
    const packet = Buffer.from([0, 0, 1, 0x06, 5, 0, 0, 1, 0x41, 9]);
    expect(stripExtras(packet, 'h264')).toEqual(Buffer.from([0, 0, 0, 1, 0x41, 9]));
  });
});
