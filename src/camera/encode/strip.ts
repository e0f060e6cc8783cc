import {
  forEachNalUnit,
  H264_NAL,
  H265_NAL,
  h264NalType,
  h265NalType,
  isH264ParameterSet,
  isH265ParameterSet,
  START_CODE,
} from '../../rtsp/payload/annexb.js';
import type { VideoCodec } from '../../rtsp/published-stream.js';

/** What may leave: slices and parameter sets. Whatever else a codec has, or will have, could carry anything. */
const mayLeave: Record<VideoCodec, (firstByte: number) => boolean> = {
  h264: (byte) => {
    const type = h264NalType(byte);
    return (type >= H264_NAL.slice && type <= H264_NAL.idr) || isH264ParameterSet(type);
  },
  h265: (byte) => {
    const type = h265NalType(byte);
    return type <= H265_NAL.lastSlice || isH265ParameterSet(type);
  },
};

/**
 * A copy of a coded picture with nothing in it but parameter sets and slices, so that nothing rides along: whatever an
 * encoder writes into SEI stays here. Annex B in, Annex B with 4-byte start codes out; one copy.
 */
export function stripExtras(data: Buffer, codec: VideoCodec): Buffer {
  const stays = mayLeave[codec];
  let length = 0;
  forEachNalUnit(data, (start, end) => {
    if (stays(data[start]!)) length += START_CODE.length + end - start;
  });
  const out = Buffer.allocUnsafeSlow(length);
  let at = 0;
  forEachNalUnit(data, (start, end) => {
    if (!stays(data[start]!)) return;
    at += START_CODE.copy(out, at);
    at += data.copy(out, at, start, end);
  });
  return out;
}
