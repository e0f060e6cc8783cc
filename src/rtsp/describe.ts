import type { RtspConnection } from './client-connection.js';
import { RtspClientError } from './client-error.js';
import { requestOffer, type SourceOffer } from './client-offer.js';
import type { TlsOptions } from './client-socket.js';
import { type ClientTimeouts, DEFAULT_TIMEOUTS } from './client-timeouts.js';
import { selectVideo, type VideoTrack } from './client-track.js';
import { parseSourceUrl } from './client-url.js';

/** What an RTSP source offers, before anything is set up. */
export interface SourceProfile {
  /** Without credentials, after redirects. */
  readonly url: string;
  /** The software, in the source's own words. */
  readonly server: string | null;
  /** Methods that the source says it knows. */
  readonly methods: readonly string[];
  readonly authentication: 'none' | 'Basic' | 'Digest MD5' | 'Digest SHA-256';
  /** The session's name from the SDP. */
  readonly name: string;
  readonly medias: readonly OfferedMedia[];
  /** What would be pulled; null: nothing can be. */
  readonly video: VideoTrack | null;
  /** Why there is no video, in words. */
  readonly problem: string | null;
}

export interface OfferedMedia {
  /** `video`, `audio`, `application`. */
  readonly type: string;
  /** `H264`, `PCMA`, `vnd.onvif.metadata`; in the source's order. */
  readonly encodings: readonly string[];
  /** `RTP/AVP`. */
  readonly profile: string;
  /** Frames a second, where it is said. */
  readonly framerate: number | null;
  readonly control: string | null;
}

export interface ProbeOptions {
  readonly tls?: TlsOptions;
  readonly timeouts?: Partial<ClientTimeouts>;
}

/**
 * Asks an RTSP source what it offers and leaves.
 *
 * ```ts
 * const profile = await probeRtsp('rtsp://user:password@10.0.0.5/stream1');
 * profile.medias; // [{ type: 'video', encodings: ['H264'], ... }]
 * ```
 * @throws RtspClientError where the source cannot be asked.
 */
export const probeRtsp = async (url: string, options: ProbeOptions = {}): Promise<SourceProfile> => {
  const address = parseSourceUrl(url);
  if (!address) throw new RtspClientError('source-unsupported', 'the source is no rtsp:// or rtsps:// URL');
  let connection: RtspConnection | null = null;
  try {
    const offer = await requestOffer({
      address,
      tls: options.tls ?? { rejectUnauthorized: true },
      timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
      onConnection: (made) => {
        connection = made;
      },
      onInterleaved: () => undefined,
      // The request that waits is rejected with the same error.
      onFailure: () => undefined,
    });
    return profileOf(offer);
  } finally {
    (connection as RtspConnection | null)?.close();
  }
};

const profileOf = ({ connection, address, baseUrl, description, methods, server }: SourceOffer): SourceProfile => {
  const video = selectVideo(description, baseUrl);
  return {
    url: address.url,
    server,
    methods: [...methods],
    authentication: authenticationOf(connection),
    name: description.name,
    medias: description.medias.map((media) => ({
      type: media.type,
      encodings: media.payloadTypes.map((type) => media.rtpMaps.get(type)?.encoding ?? `payload type ${type}`),
      profile: media.profile,
      framerate: media.framerate,
      control: media.control,
    })),
    video: typeof video === 'string' ? null : video.track,
    problem: typeof video === 'string' ? `the source ${video}` : null,
  };
};

const authenticationOf = ({ authenticator: { challenge } }: RtspConnection): SourceProfile['authentication'] => {
  if (!challenge) return 'none';
  return challenge.scheme === 'basic' ? 'Basic' : `Digest ${challenge.algorithm}`;
};
