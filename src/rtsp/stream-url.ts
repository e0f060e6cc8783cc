import { TRACK_CONTROL } from './stream-sdp.js';

/** What a request's URL points at. */
export interface StreamUrl {
  /** A camera's id; empty for the server as a whole. */
  readonly streamId: string;
  /** Whether the URL is the stream (an aggregate in RTSP's words), its track, or a track that does not exist. */
  readonly part: 'stream' | 'track' | 'unknown-track';
}

const URL_PATH = /^rtsps?:\/\/[^/?#]*([^?#]*)/i;
/** The track's suffix also behind a query: some clients append it to whatever URL they were given. */
const TRACK_SUFFIX = /\/(trackID=[^/?&]*)\/?$/i;

/**
 * Reads `rtsp://host:8554/lobby`, with or without a trailing slash, a query or a track (`/trackID=0`).
 * @returns null where it is no RTSP URL
 */
export const parseStreamUrl = (url: string): StreamUrl | null => {
  const track = TRACK_SUFFIX.exec(url);
  const path = URL_PATH.exec(track ? url.slice(0, track.index) : url)?.[1];
  if (path === undefined) return null;
  const streamId = decode(path.replace(/^\/+|\/+$/g, ''));
  if (streamId === null) return null;
  if (!track) return { streamId, part: 'stream' };
  return { streamId, part: track[1]!.toLowerCase() === TRACK_CONTROL.toLowerCase() ? 'track' : 'unknown-track' };
};

const decode = (path: string): string | null => {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
};

/** The URL without query and trailing slash: what Content-Base and RTP-Info are built on. */
export const baseUrl = (url: string): string => url.replace(/[?#].*$/s, '').replace(/\/+$/, '');
