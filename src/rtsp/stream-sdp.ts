import { H264_NAL, H265_NAL, h264NalType, h265NalType } from './payload/annexb.js';
import { CLOCK_HZ, type StreamDescription } from './published-stream.js';
import { PAYLOAD_TYPE } from './rtp-track.js';
import { formatSdp, type SdpAttribute } from './wire/sdp.js';

/** What can be played, as RTSP and SDP write it (RFC 2326, 3.6): live pictures and nothing else. */
export const PLAYABLE_RANGE = 'npt=now-';
/** The `a=control` of the only track there is, relative to the stream's URL. */
export const TRACK_CONTROL = 'trackID=0';

/**
 * The session description of a stream (RFC 8866): one video track with its parameter sets (RFC 6184, 8.2.1; RFC 7798, 7.1), for
 * DESCRIBE as for ANNOUNCE.
 * @param name what players show; the stream's id
 */
export const streamSdp = (name: string, description: StreamDescription): string => {
  const attributes: SdpAttribute[] = [];
  if (description.frameRate !== undefined) attributes.push(['framerate', String(description.frameRate)]);
  attributes.push(['control', TRACK_CONTROL]);
  return formatSdp({
    sessionId: 0,
    name,
    address: '0.0.0.0',
    attributes: [
      ['control', '*'],
      ['range', PLAYABLE_RANGE],
    ],
    medias: [
      {
        type: 'video',
        port: 0,
        payloadType: PAYLOAD_TYPE,
        rtpMap: { encoding: description.codec === 'h264' ? 'H264' : 'H265', clockRate: CLOCK_HZ },
        fmtp: description.codec === 'h264' ? h264Parameters(description) : h265Parameters(description),
        attributes,
      },
    ],
  });
};

const h264Parameters = ({ parameterSets }: StreamDescription): ReadonlyMap<string, string> => {
  const parameters = new Map([['packetization-mode', '1']]);
  const sps = parameterSets.find((set) => h264NalType(set[0]!) === H264_NAL.sps);
  // profile_idc, the constraint flags and level_idc follow the NAL unit header (H.264, 7.3.2.1.1).
  if (sps && sps.length >= 4) parameters.set('profile-level-id', sps.toString('hex', 1, 4).toUpperCase());
  if (parameterSets.length > 0) parameters.set('sprop-parameter-sets', base64List(parameterSets));
  return parameters;
};

const h265Parameters = ({ parameterSets }: StreamDescription): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>();
  for (const [name, type] of [
    ['sprop-vps', H265_NAL.vps],
    ['sprop-sps', H265_NAL.sps],
    ['sprop-pps', H265_NAL.pps],
  ] as const) {
    const sets = parameterSets.filter((set) => h265NalType(set[0]!) === type);
    if (sets.length > 0) parameters.set(name, base64List(sets));
  }
  return parameters;
};

const base64List = (sets: readonly Buffer[]): string => sets.map((set) => set.toString('base64')).join(',');
