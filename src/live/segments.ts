/**
 * Fragmented MP4 (ISO/IEC 14496-12, 8.8) as Media Source Extensions take it: one segment that describes the one video track, then
 * one segment a picture, so that no picture waits for the next one.
 */
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { box, fullBox, u8, u16, u32 } from './box.js';
import type { CodecConfig } from './codec-config.js';

const TRACK = 1;

/** Rotation and scale: none. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** 72 dpi, as 16.16. */
const RESOLUTION = 0x480000;

/** sample_depends_on = 2 (no other), sample_is_non_sync_sample = 0. */
const SYNC_SAMPLE = 0x0200_0000;
/** sample_depends_on = 1, sample_is_non_sync_sample = 1. */
const OTHER_SAMPLE = 0x0101_0000;

/** The first segment of a stream of this codec and size. */
export const initSegment = (config: CodecConfig, width: number, height: number): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('iso5'), u32(0), Buffer.from('iso5iso6mp41')),
    box('moov', movieHeader(), track(config, width, height), box('mvex', trackDefaults())),
  ]);

/**
 * The head of a picture's segment; its sample follows it directly.
 *
 * @param time of decoding and showing, in ticks of 90 kHz
 * @param duration in ticks
 * @param length of the sample, bytes
 */
export const segmentHead = (
  sequence: number,
  time: number,
  duration: number,
  keyframe: boolean,
  length: number,
): Buffer => {
  const flags = keyframe ? SYNC_SAMPLE : OTHER_SAMPLE;
  const head = Buffer.alloc(SEGMENT_HEAD.length);
  SEGMENT_HEAD.copy(head);
  head.writeUInt32BE(sequence >>> 0, AT.sequence);
  head.writeBigUInt64BE(BigInt(time), AT.time);
  head.writeUInt32BE(duration, AT.duration);
  head.writeUInt32BE(length, AT.length);
  head.writeUInt32BE(flags, AT.flags);
  head.writeUInt32BE(length + 8, AT.dataLength);
  return head;
};

const movieHeader = (): Buffer =>
  fullBox('mvhd', 0, 0, u32(0, 0, CLOCK_HZ, 0, 0x10000), u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2));

const trackDefaults = (): Buffer => fullBox('trex', 0, 0, u32(TRACK, 1, 0, 0, 0));

const track = (config: CodecConfig, width: number, height: number): Buffer => {
  const shown = u32(width * 0x10000, height * 0x10000);
  const header = fullBox('tkhd', 0, 3, u32(0, 0, TRACK, 0, 0, 0, 0), u16(0, 0, 0, 0), MATRIX, shown);
  const mediaHeader = fullBox('mdhd', 0, 0, u32(0, 0, CLOCK_HZ, 0), u16(0x55c4, 0)); // language: undetermined
  const handler = fullBox('hdlr', 0, 0, u32(0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('video\0'));
  const here = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const samples = box(
    'stbl',
    sampleDescription(config, width, height),
    ...['stts', 'stsc', 'stco'].map(emptyTable),
    sizes,
  );
  const information = box('minf', fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)), here, samples);
  return box('trak', header, box('mdia', mediaHeader, handler, information));
};

const emptyTable = (type: string): Buffer => fullBox(type, 0, 0, u32(0));

const sizes = fullBox('stsz', 0, 0, u32(0, 0));

const sampleDescription = ({ entry, box: config }: CodecConfig, width: number, height: number): Buffer => {
  const fields = [u32(0), u16(0, 1), u32(0, 0, 0, 0), u16(width, height), u32(RESOLUTION, RESOLUTION, 0), u16(1)];
  return fullBox('stsd', 0, 0, u32(1), box(entry, ...fields, Buffer.alloc(32), u8(0, 0x18, 0xff, 0xff), config));
};

/** Everything of a segment but its sample, with zeros where values go: built once. */
const SEGMENT_HEAD = ((): Buffer => {
  // tfhd: default-base-is-moof. trun: data offset, then duration, size and flags of each sample.
  const fragment = (offset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(0)),
      box(
        'traf',
        fullBox('tfhd', 0, 0x20000, u32(TRACK)),
        fullBox('tfdt', 1, 0, u32(0, 0)),
        fullBox('trun', 0, 0x701, u32(1, offset, 0, 0, 0)),
      ),
    );
  const { length } = fragment(0);
  return Buffer.concat([fragment(length + 8), box('mdat')]);
})();

/** Where the values are in it. */
const AT = ((): Readonly<Record<'sequence' | 'time' | 'duration' | 'length' | 'flags' | 'dataLength', number>> => {
  const trun = SEGMENT_HEAD.indexOf('trun') + 4;
  return {
    sequence: SEGMENT_HEAD.indexOf('mfhd') + 8,
    time: SEGMENT_HEAD.indexOf('tfdt') + 8,
    duration: trun + 12,
    length: trun + 16,
    flags: trun + 20,
    dataLength: SEGMENT_HEAD.indexOf('mdat') - 4,
  };
})();
