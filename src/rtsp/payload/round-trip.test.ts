import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRtpPacket, parseRtp } from '../wire/rtp.js';
import { joinAnnexB } from './annexb.js';
import type { CodedPicture, Depacketizer } from './coded-picture.js';
import { H264Depacketizer } from './h264-depacketizer.js';
import { h264Packetizer } from './h264-packetizer.js';
import { H265Depacketizer } from './h265-depacketizer.js';
import { h265Packetizer } from './h265-packetizer.js';
import type { Packetizer } from './nal-packetizer.js';

/** A unit with the header, filled with bytes that hold no start code and do not end in zero. */
const unit = (header: readonly number[], length: number): Buffer => {
  const nal = Buffer.alloc(length, 0);
  for (let i = 0; i < length; i++) nal[i] = 1 + ((i * 31 + length) % 255);
  header.forEach((byte, i) => {
    nal[i] = byte;
  });
  return nal;
};

const length = fc.oneof(
  fc.integer({ min: 3, max: 60 }),
  fc.integer({ min: 3, max: 9000 }),
  fc.integer({ min: 1390, max: 1410 }),
);

/** Pictures as encoders make them: parameter sets before the slices of a keyframe, slices alone in others. */
const pictures = (keyHeads: readonly number[][], keySlice: number[], slice: number[]) => {
  const keyframe = fc
    .tuple(
      fc.array(length, { minLength: keyHeads.length, maxLength: keyHeads.length }),
      fc.array(length, { minLength: 1, maxLength: 4 }),
    )
    .map(([heads, slices]) => [
      ...heads.map((bytes, i) => unit(keyHeads[i]!, bytes)),
      ...slices.map((bytes) => unit(keySlice, bytes)),
    ]);
  const other = fc
    .array(length, { minLength: 1, maxLength: 4 })
    .map((slices) => slices.map((bytes) => unit(slice, bytes)));
  return fc.array(fc.oneof(keyframe, other), { minLength: 1, maxLength: 6 });
};

type MakeDepacketizer = (onPicture: (picture: CodedPicture) => void) => Depacketizer;

const CODECS: readonly [string, (limit: number) => Packetizer, MakeDepacketizer, ReturnType<typeof pictures>][] = [
  [
    'H.264',
    h264Packetizer,
    (onPicture) => new H264Depacketizer(onPicture),
    pictures([[0x67], [0x68], [0x06, 5]], [0x65], [0x41]),
  ],
  [
    'H.265',
    h265Packetizer,
    (onPicture) => new H265Depacketizer(onPicture),
    pictures(
      [
        [0x40, 1],
        [0x42, 1],
        [0x44, 1],
      ],
      [19 << 1, 1],
      [1 << 1, 1],
    ),
  ],
];

describe.each(CODECS)('%s pictures', (_name, makePacketizer, makeDepacketizer, anyPictures) => {
  it('come out of the depacketiser as they went into the packetiser, whatever their units and the packet size', () => {
    fc.assert(
      fc.property(anyPictures, fc.integer({ min: 60, max: 1460 }), (sent, limit) => {
        const packetize = makePacketizer(limit);
        const received: CodedPicture[] = [];
        const depacketizer = makeDepacketizer((picture) => received.push(picture));
        const packet = makeRtpPacket();
        let sequence = 65_500;
        sent.forEach((nals, i) => {
          const batch = packetize(nals, {
            payloadType: 96,
            ssrc: 1,
            timestamp: i * 3600,
            sequence: sequence % 65_536,
          })!;
          sequence += batch.packets;
          for (let p = 0; p < batch.packets; p++) depacketizer.push(parseRtp(batch.packet(p), packet)!, 0);
        });
        expect(received.map((picture) => picture.data.toString('hex'))).toEqual(
          sent.map((nals) => joinAnnexB(nals).toString('hex')),
        );
        expect(received.map((picture) => picture.rtpTimestamp)).toEqual(sent.map((_, i) => i * 3600));
        expect(depacketizer.counters).toMatchObject({ malformed: 0, corruptPictures: 0 });
      }),
    );
  });
});
