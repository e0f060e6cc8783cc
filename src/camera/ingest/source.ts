import type { Frame } from 'node-av/lib';
import { VeilgateError } from '../../errors.js';
import type { CodedPicture, DecoderSetup } from '../decode/decoder.js';
import type { OfflineReason } from '../state.js';

/** The one video track of a source. A new one announces a new decoder. */
export interface SourceTrack {
  readonly codec: string;
  /** null: the source gives frames that need no decoding. */
  readonly decoder: DecoderSetup | null;
  readonly fps: number | null;
  /** Of the video, bits/s, where a file says so. */
  readonly bitrate: number | null;
  /** Of a file, where it says so. */
  readonly durationMs: number | null;
  /** An audio track was offered; it is never set up. */
  readonly offersAudio: boolean;
}

/** One coded picture: Annex B for H.26x over RTSP, whatever the demuxer gives for files. `data` is valid until the call returns; times may jump. */
export interface SourcePicture extends CodedPicture {
  /** `process.hrtime.bigint()` when its last byte came in. */
  readonly receivedAt: bigint;
}

/** Where a source delivers. Every call comes on the event loop, after `start()` and not after `close()`. */
export interface SourceEvents {
  track(track: SourceTrack): void;
  picture(picture: SourcePicture): void;
  /** For sources without a codec. The frame is the source's: valid until the call returns. */
  frame(frame: Frame, pts: number, receivedAt: bigint): void;
  /** Last call. null: came to its end. */
  end(error: SourceError | null): void;
}

export interface Source {
  start(): void;
  /** Ends it; resolves when every native resource is released. `end` is not called. */
  close(): Promise<void>;
}

/** A source could not be had, or was lost. `code` says what viewers are told. Messages are free of credentials. */
export class SourceError extends VeilgateError {
  constructor(
    override readonly code: OfflineReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
