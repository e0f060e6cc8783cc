import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRtp, parseRtp } from '../wire/rtp.js';
import { joinAnnexB, splitAnnexB } from './annexb.js';
import { type CodedPicture, type Depacketizer, MAX_PICTURE_BYTES } from './coded-picture.js';
import { H264Depacketizer } from './h264-depacketizer.js';
import { h264Packetizer } from './h264-packetizer.js';
import { H265Depacketizer } from './h265-depacketizer.js';
import { h265Packetizer } from './h265-packetizer.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Feeds payloads and keeps the pictures. */
const depacketize = (make: (onPicture: (picture: CodedPicture) => void) => Depacketizer) => {
  const pictures: CodedPicture[] = [];
  const depacketizer = make((picture) => pictures.push(picture));
  return {
    pictures,
    counters: depacketizer.counters,
    push(payload: string | Buffer, timestamp: number, marker: boolean, lost = 0): void {
      const bytes = typeof payload === 'string' ? hex(payload) : payload;
      const header = { payloadType: 96, marker, sequenceNumber: 0, timestamp, ssrc: 1 };
      depacketizer.push(parseRtp(formatRtp(header, bytes))!, lost);
    },
  };
};
const h264 = (parameterSets: Buffer[] = []) => depacketize((on) => new H264Depacketizer(on, parameterSets));
const h265 = (parameterSets: Buffer[] = []) => depacketize((on) => new H265Depacketizer(on, parameterSets));
const units = (picture: CodedPicture | undefined): string[] =>
  splitAnnexB(picture!.data).map((unit) => unit.toString('hex'));

/** A NAL unit with bytes that differ by position and hold no start code. */
const nal = (header: readonly number[], length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => header[i] ?? 1 + ((i * 31 + length) % 255)));

describe.each([
  ['H.264', h264Packetizer, H264Depacketizer, [[0x67], [0x68], [0x06], [0x41]], [0x65]],
  [
    'H.265',
    h265Packetizer,
    H265Depacketizer,
    [
      [0x40, 1],
      [0x42, 1],
      [0x44, 1],
      [0x02, 1],
    ],
    [0x26, 1],
  ],
] as const)('%s', (_, packetizer, Depacketizer, headers, keyframeHeader) => {
  const anyUnit = fc
    .tuple(fc.constantFrom(...headers), fc.oneof(fc.integer({ min: 3, max: 50 }), fc.integer({ min: 3, max: 5000 })))
    .map(([header, length]) => nal(header, length));
  const slice = fc.integer({ min: 3, max: 5000 }).map((length) => nal(keyframeHeader, length));
  const accessUnit = fc.tuple(fc.array(anyUnit, { maxLength: 5 }), slice).map(([others, last]) => [...others, last]);

  it('comes out of packets as it went in, whatever the packet size', () => {
    fc.assert(
      fc.property(
        fc.array(accessUnit, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 1400 }),
        (all, size) => {
          const pictures: CodedPicture[] = [];
          const depacketizer = new Depacketizer((picture) => pictures.push(picture));
          all.forEach((nals, index) => {
            const header = { payloadType: 96, ssrc: 1, timestamp: (0xfffffff0 + index * 3600) >>> 0, sequence: 0 };
            const batch = packetizer(size)(nals, header)!;
            for (let i = 0; i < batch.packets; i++) depacketizer.push(parseRtp(batch.packet(i))!, 0);
            // At once: with its own marker, not with the next picture.
            expect(pictures).toHaveLength(index + 1);
            expect(pictures[index]!.data.equals(joinAnnexB(nals))).toBe(true);
            expect(pictures[index]).toMatchObject({ keyframe: true, corrupt: false, rtpTimestamp: header.timestamp });
          });
          expect(depacketizer.counters).toMatchObject({
            pictures: all.length,
            malformed: 0,
            lost: 0,
            corruptPictures: 0,
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never crashes on any payload, and gives Annex B or nothing', () => {
    const payload = fc.tuple(
      fc.constantFrom(
        [],
        [0x78],
        [0x7c, 0x85],
        [0x7c, 0x45],
        [0x60, 1],
        [0x62, 1, 0x93],
        [0x62, 1, 0x53],
        [0, 0, 0, 1],
      ),
      fc.uint8Array({ maxLength: 40 }),
    );
    const packet = fc.record({
      payload,
      timestamp: fc.integer({ min: 0, max: 3 }),
      marker: fc.boolean(),
      lost: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 30 }), (packets) => {
        const { push, pictures, counters } = depacketize((on) => new Depacketizer(on));
        for (const { payload, timestamp, marker, lost } of packets) {
          push(Buffer.from([...payload[0], ...payload[1]]), timestamp, marker, lost);
        }
        expect(counters.packets).toBe(packets.length);
        expect(counters.pictures).toBe(pictures.length);
        for (const picture of pictures) expect(picture.data.subarray(0, 4)).toEqual(hex('00000001'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an H.264 picture', () => {
  it('ends with the timestamp where the camera sets no markers', () => {
    const { push, pictures } = h264();
    push('41 01', 0, false);
    push('41 02', 0, false);
    push('41 03', 3600, false);
    expect(pictures.map(units)).toEqual([['4101', '4102']]);
    expect(pictures[0]).toMatchObject({ rtpTimestamp: 0, keyframe: false, corrupt: false });
  });

  it('does not end with a marker on its parameter sets, whose timestamp may be another', () => {
    const { push, pictures } = h264();
    push('67 01', 0, true);
    push('68 02', 0, true);
    push('65 03', 3600, true);
    expect(pictures.map(units)).toEqual([['6701', '6802', '6503']]);
    expect(pictures[0]).toMatchObject({ rtpTimestamp: 3600, keyframe: true });
  });

  it('ends with an empty packet that carries the marker', () => {
    const { push, pictures } = h264();
    push('41 01', 0, false);
    push('', 0, true);
    expect(pictures).toHaveLength(1);
  });

  it('is a keyframe by an IDR slice, or by a recovery point that needs no further picture', () => {
    const { push, pictures } = h264();
    push('41 01', 0, true);
    push('06 06 01 c4 80', 1, false); // recovery_frame_cnt 0
    push('41 02', 1, true);
    push('06 06 01 24 80', 2, false); // recovery_frame_cnt 3
    push('41 03', 2, true);
    push('65 04', 3, true);
    expect(pictures.map(({ keyframe }) => keyframe)).toEqual([false, true, false, true]);
  });

  it('gets the parameter sets of the SDP before keyframes, until the stream brings its own', () => {
    const { push, pictures } = h264([hex('67aa'), hex('68bb')]);
    push('41 01', 0, true);
    push('65 02', 1, true);
    push('65 03', 2, true);
    push('67 cc', 3, false);
    push('68 dd', 3, false);
    push('65 04', 3, true);
    push('65 05', 4, true);
    expect(pictures.map(units)).toEqual([
      ['4101'],
      ['67aa', '68bb', '6502'],
      ['67aa', '68bb', '6503'],
      ['67cc', '68dd', '6504'],
      ['6505'],
    ]);
  });

  it('is corrupt where a packet of it is missing, and holds no fragments from behind the gap', () => {
    const { push, pictures, counters } = h264();
    push('7c 85 01', 0, false);
    push('7c 05 02', 0, false);
    push('7c 05 04', 0, false, 1);
    push('7c 45 05', 0, true);
    push('41 06', 1, true);
    expect(pictures.map(units)).toEqual([['650102'], ['4106']]);
    expect(pictures.map(({ corrupt }) => corrupt)).toEqual([true, false]);
    expect(counters).toMatchObject({ lost: 1, malformed: 2, corruptPictures: 1 });
  });

  it('is corrupt where its end is missing, and so is the next, whose beginning may be', () => {
    const { push, pictures } = h264();
    push('7c 85 01', 0, false);
    push('41 02', 1, true, 3);
    push('41 03', 2, true);
    expect(pictures.map(({ corrupt }) => corrupt)).toEqual([true, true, false]);
  });

  it('is corrupt where something of it could not be read', () => {
    for (const payload of ['78 00ff 41', '78 00', '7c', '79 0000 0002 4101', '7d 85 0000 01', '1e 00', '00 11']) {
      const { push, pictures, counters } = h264();
      push(payload, 0, false);
      push('41 01', 0, true);
      expect(pictures[0]?.corrupt, payload).toBe(true);
      expect(counters.malformed, payload).toBe(1);
    }
  });

  it('is read from cameras that put start codes into packets', () => {
    const { push, pictures } = h264();
    push('00000001 6701 00000001 6802 000001 6503', 0, true);
    expect(pictures.map(units)).toEqual([['6701', '6802', '6503']]);
    expect(pictures[0]).toMatchObject({ keyframe: true, corrupt: false });
  });

  it('that never ends is cut off, and its memory is bounded', () => {
    const { push, pictures } = h264();
    const payload = Buffer.alloc(60_000, 0x41);
    for (let i = 0; i < 200; i++) push(payload, 0, false);
    push('41 01', 1, true);
    expect(pictures[0]!.data.length).toBeLessThanOrEqual(MAX_PICTURE_BYTES);
    expect(pictures[0]).toMatchObject({ corrupt: true });
    expect(pictures[1]).toMatchObject({ corrupt: false });
  });

  it('keeps its bytes when the next ones come', () => {
    const { push, pictures } = h264();
    push('41 01', 0, true);
    const before = Buffer.from(pictures[0]!.data);
    push('41 ffffffff', 1, true);
    expect(pictures[0]!.data).toEqual(before);
  });
});

describe('an H.265 picture', () => {
  it('is a keyframe by any slice that decoding can start at', () => {
    const { push, pictures } = h265();
    for (const [i, type] of [1, 16, 19, 21, 23, 9].entries()) push(Buffer.from([type << 1, 1, 7]), i, true);
    expect(pictures.map(({ keyframe }) => keyframe)).toEqual([false, true, true, true, true, false]);
  });

  it('gets VPS, SPS and PPS of the SDP before a keyframe', () => {
    const { push, pictures } = h265([hex('4001aa'), hex('4201bb'), hex('4401cc')]);
    push('2601 01', 0, true);
    expect(pictures.map(units)).toEqual([['4001aa', '4201bb', '4401cc', '260101']]);
  });

  it('keeps layer and temporal id of a fragmented unit', () => {
    const { push, pictures } = h265();
    push('6303 93 aa', 0, false); // layer id bits in both bytes, FU of type 19
    push('6303 53 bb', 0, true);
    expect(pictures.map(units)).toEqual([['2703aabb']]);
  });

  it('is corrupt where something of it could not be read', () => {
    for (const payload of ['6001 00ff 02', '6001 0002 0201', '6201', '6401 00', '02', '6001 00']) {
      const { push, pictures, counters } = h265();
      push(payload, 0, false);
      push('0201 01', 0, true);
      expect(pictures[0]?.corrupt, payload).toBe(true);
      expect(counters.malformed, payload).toBe(1);
    }
  });
});
