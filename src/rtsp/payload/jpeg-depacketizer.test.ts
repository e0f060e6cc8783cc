import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formatRtp, parseRtp } from '../wire/rtp.js';
import type { CodedPicture } from './coded-picture.js';
import { JpegDepacketizer, type JpegDimensions } from './jpeg-depacketizer.js';
import { quantisersOfQuality } from './jpeg-tables.js';

const WIDTH = 64;
const HEIGHT = 48;

const depacketize = (dimensions: JpegDimensions | null = null) => {
  const pictures: CodedPicture[] = [];
  const depacketizer = new JpegDepacketizer((picture) => pictures.push(picture), dimensions);
  return {
    pictures,
    counters: depacketizer.counters,
    push(payload: Buffer, timestamp: number, marker: boolean, lost = 0): void {
      const header = { payloadType: 26, marker, sequenceNumber: 0, timestamp, ssrc: 1 };
      depacketizer.push(parseRtp(formatRtp(header, payload))!, lost);
    },
  };
};

interface PayloadFields {
  readonly offset?: number;
  readonly type?: number;
  readonly q?: number;
  readonly width?: number;
  readonly height?: number;
  readonly restartInterval?: number;
  /** In-band tables, first packet only. */
  readonly tables?: Buffer;
  readonly precisions?: number;
}

/** A payload as RFC 2435, 3.1 draws it. */
const payload = (data: Buffer, fields: PayloadFields = {}): Buffer => {
  const {
    offset = 0,
    type = 1,
    q = 50,
    width = WIDTH,
    height = HEIGHT,
    restartInterval,
    tables,
    precisions = 0,
  } = fields;
  const main = Buffer.from([0, offset >> 16, (offset >> 8) & 0xff, offset & 0xff, type, q, width >> 3, height >> 3]);
  const restart = restartInterval === undefined ? [] : [restartInterval >> 8, restartInterval & 0xff, 0xff, 0xff];
  const quantisers = tables ? [0, precisions, tables.length >> 8, tables.length & 0xff, ...tables] : [];
  return Buffer.concat([main, Buffer.from(restart), Buffer.from(quantisers), data]);
};

/** The contents of the segments with the marker. */
const segments = (jpeg: Buffer, marker: number): Buffer[] => {
  const found: Buffer[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xd9; ) {
    const length = jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] === marker) found.push(jpeg.subarray(at + 4, at + 2 + length));
    if (jpeg[at + 1] === 0xda) break;
    at += 2 + length;
  }
  return found;
};

/** A picture with structure everywhere, as libjpeg writes it: 4:2:0, annex K's Huffman tables. */
const encode = async (quality: number) => {
  const pixels = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * i) % 251));
  const options = { quality, optimiseCoding: false, chromaSubsampling: '4:2:0' };
  const file = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg(options)
    .toBuffer();
  const scan = file.indexOf(Buffer.from([0xff, 0xda]));
  return {
    file,
    data: file.subarray(scan + 2 + file.readUInt16BE(scan + 2), -2),
    tables: Buffer.concat(segments(file, 0xdb).map((segment) => segment.subarray(1))),
  };
};

const pixelsOf = (jpeg: Buffer): Promise<Buffer> => sharp(jpeg).raw().toBuffer();

const split = (data: Buffer, size: number, fields: PayloadFields): Buffer[] =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, i) => {
    const { tables, ...others } = fields;
    const first = i === 0 && tables ? { tables } : {};
    return payload(data.subarray(i * size, (i + 1) * size), { ...others, ...first, offset: i * size });
  });

describe('a JPEG picture', () => {
  it.each([10, 50, 75, 99])('of quality %i decodes to the same pixels as the file it was taken from', async (q) => {
    const { file, data } = await encode(q);
    const { push, pictures } = depacketize();
    const packets = split(data, 200, { q });
    for (const [i, packet] of packets.entries()) push(packet, 9000, i === packets.length - 1);
    expect(pictures).toHaveLength(1);
    expect(pictures[0]).toMatchObject({ keyframe: true, corrupt: false, rtpTimestamp: 9000 });
    expect(await pixelsOf(pictures[0]!.data)).toEqual(await pixelsOf(file));
  });

  it('with tables of its own decodes likewise, also where later pictures do not repeat them', async () => {
    const { file, data, tables } = await encode(83);
    const { push, pictures } = depacketize();
    push(payload(data, { q: 200, tables }), 0, true);
    push(payload(data, { q: 200, tables: Buffer.alloc(0) }), 1, true);
    for (const picture of pictures) expect(await pixelsOf(picture.data)).toEqual(await pixelsOf(file));
    expect(pictures).toHaveLength(2);
  });

  it('needs tables with every picture where Q is 255, and those of a Q once', () => {
    const { push, pictures, counters } = depacketize();
    push(payload(Buffer.from([1]), { q: 255, tables: Buffer.alloc(128, 1) }), 0, true);
    push(payload(Buffer.from([1]), { q: 255, tables: Buffer.alloc(0) }), 1, true);
    push(payload(Buffer.from([1]), { q: 201, tables: Buffer.alloc(0) }), 2, true);
    expect(pictures).toHaveLength(1);
    expect(counters).toMatchObject({ malformed: 2, corruptPictures: 2 });
  });

  it('takes changed tables of the same Q', () => {
    const { push, pictures } = depacketize();
    for (const value of [1, 2])
      push(payload(Buffer.from([1]), { q: 200, tables: Buffer.alloc(128, value) }), value, true);
    expect(pictures.map(({ data }) => segments(data, 0xdb)[0]![1])).toEqual([1, 2]);
  });

  it('carries 16-bit tables and one table for all', () => {
    const { push, pictures } = depacketize();
    push(payload(Buffer.from([1]), { q: 255, precisions: 1, tables: Buffer.alloc(192, 3) }), 0, true);
    push(payload(Buffer.from([1]), { q: 255, tables: Buffer.alloc(64, 4) }), 1, true);
    expect(segments(pictures[0]!.data, 0xdb).map((table) => [table[0], table.length])).toEqual([
      [0x10, 129],
      [0x01, 65],
    ]);
    const [frame] = segments(pictures[1]!.data, 0xc0);
    expect([frame![8], frame![11], frame![14]]).toEqual([0, 0, 0]);
  });

  it.each([
    [0, 0x21, undefined],
    [1, 0x22, undefined],
    [64, 0x21, 7],
    [65, 0x22, 300],
  ])('of type %i has the sampling %i and the restart interval %s', (type, sampling, restartInterval) => {
    const { push, pictures } = depacketize();
    push(payload(Buffer.from([1, 2]), { type, ...(restartInterval ? { restartInterval } : {}) }), 0, true);
    const { data } = pictures[0]!;
    expect(segments(data, 0xc0)[0]![7]).toBe(sampling);
    expect(segments(data, 0xdd).map((segment) => segment.readUInt16BE(0))).toEqual(
      restartInterval ? [restartInterval] : [],
    );
  });

  it('of more than 2040 pixels a side takes its size from the SDP, or is refused', () => {
    const told = depacketize({ width: 3840, height: 2160 });
    told.push(payload(Buffer.from([1]), { width: 0, height: 0 }), 0, true);
    const [frame] = segments(told.pictures[0]!.data, 0xc0);
    expect([frame!.readUInt16BE(3), frame!.readUInt16BE(1)]).toEqual([3840, 2160]);
    const untold = depacketize();
    untold.push(payload(Buffer.from([1]), { width: 0, height: 0 }), 0, true);
    expect(untold.pictures).toEqual([]);
    expect(untold.counters.malformed).toBe(1);
  });

  it('gets its end-of-image marker once', () => {
    const { push, pictures } = depacketize();
    push(payload(Buffer.from([1, 2])), 0, true);
    push(payload(Buffer.from([1, 2, 0xff, 0xd9])), 1, true);
    for (const { data } of pictures) expect(data.subarray(-4)).toEqual(Buffer.from([1, 2, 0xff, 0xd9]));
  });

  it('ends at a hole, and is corrupt', () => {
    const { push, pictures, counters } = depacketize();
    push(payload(Buffer.from([1, 2])), 0, false);
    push(payload(Buffer.from([5, 6]), { offset: 4 }), 0, false, 1);
    push(payload(Buffer.from([7, 8]), { offset: 6 }), 0, true);
    expect(pictures[0]!.data.subarray(-4)).toEqual(Buffer.from([1, 2, 0xff, 0xd9]));
    expect(pictures[0]!.corrupt).toBe(true);
    expect(counters).toMatchObject({ pictures: 1, corruptPictures: 1, lost: 1 });
  });

  it('without its beginning is left out, and the next one is whole', () => {
    const { push, pictures, counters } = depacketize();
    push(payload(Buffer.from([5, 6]), { offset: 2 }), 0, true, 1);
    push(payload(Buffer.from([1, 2])), 1, true);
    expect(pictures.map(({ corrupt, rtpTimestamp }) => [corrupt, rtpTimestamp])).toEqual([[false, 1]]);
    expect(counters.corruptPictures).toBe(1);
  });

  it('without its end is corrupt; without markers it ends with the timestamp', () => {
    const { push, pictures } = depacketize();
    push(payload(Buffer.from([1, 2])), 0, false);
    push(payload(Buffer.from([1, 2])), 1, false, 1);
    push(payload(Buffer.from([1, 2])), 2, false);
    expect(pictures.map(({ corrupt, rtpTimestamp }) => [corrupt, rtpTimestamp])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  it('never crashes on any payload', () => {
    const header = fc.tuple(
      fc.constant(0),
      fc.constant(0),
      fc.constant(0),
      fc.constantFrom(0, 0, 4),
      fc.constantFrom(0, 1, 2, 63, 64, 65, 66, 255),
      fc.constantFrom(0, 1, 99, 100, 127, 128, 254, 255),
      fc.constantFrom(0, 8),
      fc.constantFrom(0, 8),
    );
    const packet = fc.record({
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 12 }),
        fc.tuple(header, fc.uint8Array({ maxLength: 200 })).map(([a, b]) => Uint8Array.from([...a, ...b])),
      ),
      timestamp: fc.integer({ min: 0, max: 2 }),
      marker: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 20 }), (packets) => {
        const { push, pictures, counters } = depacketize();
        for (const { bytes, timestamp, marker } of packets) push(Buffer.from(bytes), timestamp, marker);
        expect(counters.packets).toBe(packets.length);
        for (const { data } of pictures) expect(data.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
      }),
      { numRuns: 500 },
    );
  });
});

it('scales the tables as libjpeg does, at every quality', async () => {
  for (const quality of [1, 10, 25, 49, 50, 51, 75, 90, 99]) {
    expect(quantisersOfQuality(quality), `quality ${quality}`).toEqual((await encode(quality)).tables);
  }
});
