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

/** Whether a keyframe's parameter sets stand in its sample too, for a reader that takes the track's description once only. */
export type ParameterSets = 'apart' | 'inside';

/**
 * Turns one viewer's access units into segments of fragmented MP4. A picture is said to last as long as the time since the one before
 * it, and to begin when that one ended: the track has neither holes nor overlaps, whatever slates, stalls and left-out
 * stretches do, and no picture has to wait until its own duration is known.
 */
export class Fragmenter {
  readonly #codec: VideoCodec;
  readonly #sizeOf: SizeOf;
  readonly #parameterSetsGo: ParameterSets;
  #parameterSets = Buffer.alloc(0);
  #sequence = 0;
  #end = 0;
  #last: number | null = null;

  constructor(codec: VideoCodec, sizeOf: SizeOf, parameterSetsGo: ParameterSets = 'apart') {
    this.#codec = codec;
    this.#sizeOf = sizeOf;
    this.#parameterSetsGo = parameterSetsGo;
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
    const sample = this.#parameterSetsGo === 'apart' ? slicesOf(unit, this.#codec) : withLengths(unit.data, () => true);
    const duration = this.#last === null ? FIRST_DURATION : unit.timestamp - this.#last;
    const head = segmentHead(++this.#sequence, this.#end, duration, unit.keyframe, sample.length);
    this.#last = unit.timestamp;
    this.#end += duration;
    return { head, sample };
  }
}

/** Made once a unit, whoever watches. */
const samples = new WeakMap<AccessUnit, Buffer>();

/** The unit's slices; parameter sets are told apart. */
const slicesOf = (unit: AccessUnit, codec: VideoCodec): Buffer => {
  const known = samples.get(unit);
  if (known) return known;
  const sample = withLengths(unit.data, (header) => isSlice(header, codec));
  samples.set(unit, sample);
  return sample;
};

/** The NAL units whose first byte is wanted, each behind its length. */
const withLengths = (data: Buffer, isWanted: (header: number) => boolean): Buffer => {
  let length = 0;
  forEachNalUnit(data, (start, end) => {
    if (isWanted(data[start]!)) length += 4 + end - start;
  });
  const sample = Buffer.allocUnsafe(length);
  let at = 0;
  forEachNalUnit(data, (start, end) => {
    if (!isWanted(data[start]!)) return;
    sample.writeUInt32BE(end - start, at);
    data.copy(sample, at + 4, start, end);
    at += 4 + end - start;
  });
  return sample;
};

const isSlice = (byte: number, codec: VideoCodec): boolean => {
  if (codec === 'h265') return h265NalType(byte) <= H265_NAL.lastSlice;
  const type = h264NalType(byte);
  return type >= H264_NAL.slice && type <= H264_NAL.idr;
};
