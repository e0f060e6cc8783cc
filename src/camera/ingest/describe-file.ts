import { AVMEDIA_TYPE_VIDEO, type AVMediaType } from 'node-av/constants';
import { avGetCodecName, avGetMediaTypeString, type Stream } from 'node-av/lib';
import { FileReader } from './file-reader.js';

/** What a file holds, as its header says. */
export interface FileProfile {
  /** FFmpeg's name of the container: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  readonly durationMs: number | null;
  readonly streams: readonly FileStream[];
}

export interface FileStream {
  /** `video`, `audio`, `data`, `subtitle`. */
  readonly type: string;
  /** FFmpeg's name: `h264`. */
  readonly codec: string;
  /** bits/s. */
  readonly bitrate: number | null;
  /** Coded size and rate, of video. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** The one that the gateway would take. */
  readonly isTaken: boolean;
}

/** Asks a file what it holds. @throws SourceError where it cannot be read, or holds no video */
export async function describeFile(path: string): Promise<FileProfile> {
  await using reader = await FileReader.open(path);
  const { format, stream, track } = reader;
  return {
    container: format.iformat?.name ?? 'unknown',
    durationMs: track.durationMs,
    streams: format.streams.map((each) => describeStream(each, each.index === stream.index)),
  };
}

function describeStream({ codecpar }: Stream, isTaken: boolean): FileStream {
  const { codecType, codecId, bitRate, width, height } = codecpar;
  return {
    type: avGetMediaTypeString(codecType as AVMediaType) ?? 'unknown',
    codec: avGetCodecName(codecId) ?? String(codecId),
    bitrate: bitRate > 0n ? Number(bitRate) : null,
    size: codecType === AVMEDIA_TYPE_VIDEO ? { width, height } : null,
    isTaken,
  };
}
