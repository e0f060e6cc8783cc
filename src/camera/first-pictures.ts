import { AV_FRAME_FLAG_INTERLACED, type AVPixelFormat } from 'node-av/constants';
import { avGetPixFmtName, type Frame } from 'node-av/lib';
import { VeilgateError } from '../errors.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { isFullRange } from './decode/canvas.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import { openSource } from './ingest/open-source.js';
import type { SourceTrack } from './ingest/source.js';
import type { SourceConfig } from './messages.js';

/** What a source's pictures are, seen by decoding the first few. */
export interface PictureFacts {
  readonly codec: string;
  /** As displayed: rotation applied. */
  readonly width: number;
  readonly height: number;
  /** FFmpeg's name: `yuv420p`. */
  readonly pixelFormat: string;
  readonly fullRange: boolean;
  readonly interlaced: boolean;
  /** A pixel's width and height, 1:1 where the source does not say. */
  readonly pixelAspectRatio: readonly [width: number, height: number];
  /** Frames a second: measured where enough came, else as the source says; null where neither is known. */
  readonly fps: number | null;
}

export interface FirstPicturesOptions {
  /** For everything, ms. */
  readonly timeoutMs: number;
  /** So many frames are enough to know the frame rate. */
  readonly frames: number;
}

/** Half a second of a usual camera; the first keyframe may be a few seconds away. */
const DEFAULTS: FirstPicturesOptions = { timeoutMs: 6000, frames: 13 };

/**
 * Opens a source as the gateway would, decodes its first pictures, and leaves.
 *
 * @throws SourceError where it cannot be had, AvError where it cannot be decoded, VeilgateError `no-picture` where the time is up
 */
export async function watchFirstPictures(
  config: SourceConfig,
  options: Partial<FirstPicturesOptions> = {},
): Promise<PictureFacts> {
  const { timeoutMs, frames } = { ...DEFAULTS, ...options };
  using watcher = new PictureWatcher();
  let source: ReturnType<typeof openSource> | null = null;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // A source that ends, or takes its time, has shown what it has.
      const finish = (error: VeilgateError): void => (watcher.count > 0 ? resolve() : reject(error));
      const attempt = (step: () => void): void => {
        try {
          step();
          if (watcher.count >= frames) resolve();
        } catch (error) {
          reject(error);
        }
      };
      timer = setTimeout(
        () => finish(new VeilgateError('no-picture', `no picture could be decoded within ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      source = openSource(config, {
        track: (track) => attempt(() => watcher.begin(track)),
        picture: (picture) => attempt(() => watcher.decode(picture)),
        frame: (frame, pts) => attempt(() => watcher.see(frame, pts)),
        end: (error) => finish(error ?? new VeilgateError('no-picture', 'the source ended before a picture came')),
      });
      source.start();
    });
  } finally {
    clearTimeout(timer);
    await (source as ReturnType<typeof openSource> | null)?.close();
  }
  return watcher.facts();
}

class PictureWatcher implements Disposable {
  readonly #orienter = new Orienter();
  #track: SourceTrack | null = null;
  #decoder: Decoder | null = null;
  #begun = false;
  #look: Omit<PictureFacts, 'codec' | 'fps'> | null = null;
  readonly #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  begin(track: SourceTrack): void {
    this.#track = track;
    this.#decoder?.[Symbol.dispose]();
    this.#decoder = track.decoder && new Decoder(track.decoder);
    this.#begun = false;
  }

  decode(picture: Parameters<Decoder['decode']>[0]): void {
    if (picture.keyframe) this.#begun = true;
    if (this.#begun) this.#decoder?.decode(picture, (frame, pts) => this.see(frame, pts));
  }

  see(raw: Frame, pts: number): void {
    const pixelFormat = avGetPixFmtName(raw.format as AVPixelFormat) ?? String(raw.format);
    const interlaced = (raw.flags & AV_FRAME_FLAG_INTERLACED) !== 0;
    const fullRange = isFullRange(raw);
    const frame = this.#orienter.upright(raw);
    const { num, den } = frame.sampleAspectRatio;
    const pixelAspectRatio = num > 0 && den > 0 ? ([num, den] as const) : ([1, 1] as const);
    this.#look = { width: frame.width, height: frame.height, pixelFormat, fullRange, interlaced, pixelAspectRatio };
    this.#times.push(pts);
  }

  facts(): PictureFacts {
    return { codec: this.#track!.codec, ...this.#look!, fps: this.#measuredFps() ?? this.#track!.fps };
  }

  #measuredFps(): number | null {
    const span = (this.#times.at(-1) ?? 0) - (this.#times[0] ?? 0);
    return this.#times.length > 2 && span > 0 ? ((this.#times.length - 1) * CLOCK_HZ) / span : null;
  }

  [Symbol.dispose](): void {
    this.#decoder?.[Symbol.dispose]();
    this.#orienter[Symbol.dispose]();
  }
}
