import type { VideoCodec } from '../published-stream.js';
import { forEachNalUnit, h264NalType, h265NalType, isH264ParameterSet, isH265ParameterSet } from './annexb.js';

/** The parameter sets at the head of a keyframe (Annex B), copied out, in their order, without start codes. */
export function parameterSetsOf(keyframe: Buffer, codec: VideoCodec): Buffer[] {
  const sets: Buffer[] = [];
  forEachNalUnit(keyframe, (start, end) => {
    const byte = keyframe[start]!;
    const isSet = codec === 'h264' ? isH264ParameterSet(h264NalType(byte)) : isH265ParameterSet(h265NalType(byte));
    if (isSet) sets.push(Buffer.from(keyframe.subarray(start, end)));
  });
  return sets;
}
