import type { KeyframeFeedback } from './client-keyframes.js';
import type { JpegDimensions } from './payload/jpeg-depacketizer.js';
import { resolveControl, type SdpMedia, type SessionDescription } from './wire/sdp.js';

/** What a camera's video is before the first picture. */
export interface VideoTrack {
  readonly codec: 'h264' | 'h265' | 'mjpeg';
  /** From the SDP, without start codes; empty where they come with the stream only. */
  readonly parameterSets: readonly Buffer[];
  /** Frames a second, where the SDP says so. */
  readonly framerate?: number;
  /** The source offers sound as well (which is never set up). */
  readonly offeredAudio: boolean;
  /** Ticks a second of the RTP timestamps. */
  readonly clockRate: number;
}

/** The one media that is set up. */
export interface SelectedVideo {
  readonly track: VideoTrack;
  readonly payloadType: number;
  /** Absolute; for SETUP. */
  readonly controlUrl: string;
  /** MJPEG: the size, where the SDP tells it. */
  readonly dimensions: JpegDimensions | null;
  /** How it can be asked for a keyframe; null where it offers no way, or its pictures are all keyframes. */
  readonly feedback: KeyframeFeedback | null;
  /** `RTP/AVPF`, where it is offered by that name (RFC 4585, 4.1). */
  readonly isAvpf: boolean;
}

const CODECS: Readonly<Record<string, VideoTrack['codec']>> = {
  H264: 'h264',
  H265: 'h265',
  HEVC: 'h265',
  JPEG: 'mjpeg',
};

/** No parameter set is larger; what is, is not one. */
const MAX_PARAMETER_SET_BYTES = 8 * 1024;

/**
 * The first video media that can be decoded; or, in words, why there is none.
 * @param baseUrl that relative control attributes are appended to.
 */
export const selectVideo = (description: SessionDescription, baseUrl: string): SelectedVideo | string => {
  const refusals: string[] = [];
  for (const media of description.medias) {
    if (media.type !== 'video') continue;
    const selected = selectPayload(media, description, baseUrl);
    if (typeof selected !== 'string') return selected;
    refusals.push(selected);
  }
  return refusals[0] ?? 'offers no video';
};

const selectPayload = (media: SdpMedia, description: SessionDescription, baseUrl: string): SelectedVideo | string => {
  if (media.direction === 'inactive') return 'offers video that is inactive';
  if (!/^RTP\/AVPF?(\/|$)/i.test(media.profile))
    return `offers video as ${media.profile}, and only RTP/AVP is supported`;
  for (const payloadType of media.payloadTypes) {
    const map = media.rtpMaps.get(payloadType);
    const codec = CODECS[map?.encoding.toUpperCase() ?? ''];
    if (!map || !codec) continue;
    const fmtp = media.fmtp.get(payloadType) ?? new Map<string, string>();
    if (isInterleavedMode(codec, fmtp)) return 'offers video in an interleaved packetisation that no camera needs';
    const track: VideoTrack = {
      codec,
      parameterSets: readParameterSets(codec, fmtp),
      offeredAudio: description.medias.some(({ type }) => type === 'audio'),
      clockRate: map.clockRate,
      ...(media.framerate === null ? {} : { framerate: media.framerate }),
    };
    const controlUrl = resolveControl(resolveControl(baseUrl, description.control), media.control);
    const feedback = codec === 'mjpeg' ? null : readFeedback(media, payloadType);
    const isAvpf = /^RTP\/AVPF/i.test(media.profile);
    return { track, payloadType, controlUrl, dimensions: readDimensions(media), feedback, isAvpf };
  }
  const offered = media.payloadTypes.map((type) => media.rtpMaps.get(type)?.encoding ?? `payload type ${type}`);
  const words = offered.join(', ').replace(/[^\x20-\x7e]/g, '?');
  return `offers video as ${words.slice(0, 80) || 'nothing'}; H.264, H.265 and MJPEG are supported`;
};

/** RFC 6184, 6.2.3 and RFC 7798, 7.1: units out of decoding order. */
const isInterleavedMode = (codec: VideoTrack['codec'], fmtp: ReadonlyMap<string, string>): boolean =>
  (codec === 'h264' && fmtp.get('packetization-mode') === '2') ||
  (codec === 'h265' && Number(fmtp.get('sprop-max-don-diff') ?? 0) > 0);

const readParameterSets = (codec: VideoTrack['codec'], fmtp: ReadonlyMap<string, string>): Buffer[] => {
  const names = { h264: ['sprop-parameter-sets'], h265: ['sprop-vps', 'sprop-sps', 'sprop-pps'], mjpeg: [] }[codec];
  return names
    .flatMap((name) => (fmtp.get(name) ?? '').split(','))
    .map((text) => withoutStartCode(Buffer.from(text.trim(), 'base64')))
    .filter((set) => set.length > 1 && set.length <= MAX_PARAMETER_SET_BYTES);
};

/** `a=rtcp-fb:* nack pli` or `a=rtcp-fb:96 ccm fir` (RFC 4585, 4.2; RFC 5104, 7.1). */
const readFeedback = ({ attributes }: SdpMedia, payloadType: number): KeyframeFeedback | null => {
  const offered = attributes
    .filter(([name]) => name === 'rtcp-fb')
    .map(([, value]) => (value ?? '').toLowerCase().split(/\s+/))
    .filter(([type]) => type === '*' || type === String(payloadType))
    .map(([, kind, what]) => `${kind} ${what}`);
  if (offered.includes('nack pli')) return 'pli';
  return offered.includes('ccm fir') ? 'fir' : null;
};

/** Some cameras put the start code into the SDP. */
const withoutStartCode = (set: Buffer): Buffer => {
  const code = set.indexOf(Buffer.from([0, 0, 1]));
  return code === 0 || (code === 1 && set[0] === 0) ? set.subarray(code + 3) : set;
};

/** `a=x-dimensions:1920,1080` (as live555 and GStreamer write it) or `a=framesize:26 1920-1080` (RFC 6064, 7). */
const readDimensions = (media: SdpMedia): JpegDimensions | null => {
  for (const [name, value] of media.attributes) {
    const match =
      name === 'x-dimensions'
        ? /^(\d{1,5})\s*,\s*(\d{1,5})/.exec(value ?? '')
        : /^\d+\s+(\d{1,5})-(\d{1,5})/.exec(value ?? '');
    if (match && (name === 'x-dimensions' || name === 'framesize')) {
      return { width: Number(match[1]), height: Number(match[2]) };
    }
  }
  return null;
};
