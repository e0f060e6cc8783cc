import { forEachNalUnit, H264_NAL, H265_NAL, h264NalType, h265NalType } from '../rtsp/payload/annexb.js';
import { parameterSetsOf } from '../rtsp/payload/parameter-sets.js';
import { type AccessUnit, CLOCK_HZ, type VideoCodec } from '../rtsp/published-stream.js';
import { codecConfig } from './codec-config.js';
import { initSegment, segmentHead } from './segments.js';

/** How long the first picture is said to last, in ticks: one at 25 a second. */
const FIRST_DURATION = CLOCK_HZ / 25;

/** What a player must know before the pictures that follow. */
export interface LiveTrack {
  /** For `MediaSource.isTypeSupported`. */
  readonly mime: string;
  readonly init: Buffer;
}

/** A picture as a segment, in two parts, of which the second is shared by all who watch. */
export interface LiveSegment {
  readonly head: Buffer;
  readonly sample: Buffer;
}

/** Size of the pictures that follow a keyframe; the last described one. */
export type SizeOf = () => { readonly width: number; readonly height: number };

/**
 * Turns one viewer's access units into segments of fragmented MP4. A picture is said to last as long as the time since the one before
 * it, and to begin when that one ended: the track has neither holes nor overlaps, whatever slates, stalls and left-out
 * stretches do, and no picture has to wait until its own duration is known.
 */
export class Fragmenter {
  readonly #codec: VideoCodec;
  readonly #sizeOf: SizeOf;
  #parameterSets = Buffer.alloc(0);
  #sequence = 0;
  #end = 0;
  #last: number | null = null;

  constructor(codec: VideoCodec, sizeOf: SizeOf) {
    this.#codec = codec;
    this.#sizeOf = sizeOf;
  }

  /** What is to be told before this unit; null where it goes on as before. */
  trackOf(unit: AccessUnit): LiveTrack | null {
    if (!unit.keyframe) return null;
    const sets = parameterSetsOf(unit.data, this.#codec);
    const joined = Buffer.concat(sets);
    if (joined.equals(this.#parameterSets)) return null;
    const config = codecConfig(this.#codec, sets);
    if (!config) return null;
    this.#parameterSets = joined;
    const { width, height } = this.#sizeOf();
    return { mime: `video/mp4; codecs="${config.codecs}"`, init: initSegment(config, width, height) };
  }

  segment(unit: AccessUnit): LiveSegment {
    const sample = sampleOf(unit, this.#codec);
    const duration = this.#last === null ? FIRST_DURATION : unit.timestamp - this.#last;
    const head = segmentHead(++this.#sequence, this.#end, duration, unit.keyframe, sample.length);
    this.#last = unit.timestamp;
    this.#end += duration;
    return { head, sample };
  }
}

/** Made once a unit, whoever watches. */
const samples = new WeakMap<AccessUnit, Buffer>();

/** The unit's slices, each behind its length; parameter sets are told apart. */
const sampleOf = (unit: AccessUnit, codec: VideoCodec): Buffer => {
  const known = samples.get(unit);
  if (known) return known;
  const { data } = unit;
  let length = 0;
  forEachNalUnit(data, (start, end) => {
    if (isSlice(data[start]!, codec)) length += 4 + end - start;
  });
  const sample = Buffer.allocUnsafe(length);
  let at = 0;
  forEachNalUnit(data, (start, end) => {
    if (!isSlice(data[start]!, codec)) return;
    sample.writeUInt32BE(end - start, at);
    data.copy(sample, at + 4, start, end);
    at += 4 + end - start;
  });
  samples.set(unit, sample);
  return sample;
};

const isSlice = (byte: number, codec: VideoCodec): boolean => {
  if (codec === 'h265') return h265NalType(byte) <= H265_NAL.lastSlice;
  const type = h264NalType(byte);
  return type >= H264_NAL.slice && type <= H264_NAL.idr;
};
