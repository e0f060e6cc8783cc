import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { Frame } from 'node-av/lib';
import { VeilgateError } from '../errors.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import type { ZoneSet } from '../zones/zone.js';
import { RisingClock } from './clock.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import type { OutputFormat } from './encode/encoder.js';
import { EncodeStage } from './encode-stage.js';
import { FileSource } from './ingest/file-source.js';
import type { SourcePicture, SourceTrack } from './ingest/source.js';
import { MaskStage } from './mask-stage.js';
import { Mp4Writer } from './mux.js';

/** Assumed of a file that does not say. */
const DEFAULT_FPS = 25;

export interface MaskFileJob {
  readonly input: string;
  /** An MP4 file. Written beside it under another name, and renamed when it is complete: overwritten if it is there. */
  readonly output: string;
  readonly zones: ZoneSet;
  readonly codec: VideoCodec;
  /** bits/s; null follows the input's own. */
  readonly bitrate: number | null;
  /** Try the machine's hardware codecs first. */
  readonly hardware: boolean;
  /** After each frame. `total` is the input's length as its header has it, null where it has none. */
  readonly onProgress?: (progress: { frames: number; doneMs: number; totalMs: number | null }) => void;
  readonly signal?: AbortSignal;
}

export interface MaskedFileSummary {
  /** Masked, each with its self-test passed, and written. */
  readonly frames: number;
  /** Pictures at the very beginning that nothing could decode: they need one before them. */
  readonly undecodable: number;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** Share of the picture that is masked, 0 to 1. */
  readonly maskedShare: number;
  /** How often the output was decoded again and compared with the mask. */
  readonly decodeBacks: number;
  readonly encoder: string;
  /** The input had sound, which is never taken along. */
  readonly hadAudio: boolean;
}

/**
 * Masks one file from its beginning to its end, through the stages of a live camera: every frame decoded, turned upright, masked,
 * self-tested and encoded; none dropped, none doubled, each at its own time. The output holds video alone, and nothing of the
 * input's metadata.
 *
 * @throws VeilgateError: SourceError (the input cannot be read, or not to its end), MaskError, AvError, `mask-undecodable`,
 * `mask-decode-back` and `mask-size-change`. There is no output then, and what was there before stays.
 */
export async function maskFile(job: MaskFileJob): Promise<MaskedFileSummary> {
  const part = `${job.output}.${randomBytes(4).toString('hex')}.part`;
  try {
    const summary = await maskInto(part, job);
    await rename(part, job.output);
    return summary;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function maskInto(part: string, job: MaskFileJob): Promise<MaskedFileSummary> {
  await using run = new MaskRun(part, job);
  await playThrough(job, run);
  return await run.finish();
}

/** Plays the input into `run`. Rejects with the first thing that goes wrong anywhere. */
async function playThrough({ input, signal }: MaskFileJob, run: MaskRun): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  let isOver = false;
  const fail = (error: unknown): void => {
    isOver = true;
    reject(error);
  };
  const attempt = (step: () => void): void => {
    if (isOver) return;
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };
  const source = new FileSource(
    { path: input, loop: false, pace: 'asap', whole: true },
    {
      track: (track) => attempt(() => run.begin(track)),
      picture: (picture) => attempt(() => run.take(picture)),
      frame: () => undefined,
      end: (error) => (error ? fail(error) : resolve()),
    },
  );
  const abort = (): void => fail(new VeilgateError('interrupted', 'Interrupted; nothing was written.'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) abort();
    else source.start();
    await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    await source.close();
  }
}

/** The stages of one file's way. */
class MaskRun implements AsyncDisposable {
  readonly #part: string;
  readonly #job: MaskFileJob;
  readonly #orienter = new Orienter();
  readonly #mask: MaskStage;
  #track: SourceTrack | null = null;
  #decoder: Decoder | null = null;
  #encode: EncodeStage | null = null;
  #writer: Mp4Writer | null = null;
  #format: OutputFormat | null = null;
  #encoder = '';
  #frameTicks = Math.round(CLOCK_HZ / DEFAULT_FPS);
  #begun = false;
  #frames = 0;
  #written = 0;
  #undecodable = 0;
  #lastPts = 0;
  #maskedShare = 0;

  constructor(part: string, job: MaskFileJob) {
    this.#part = part;
    this.#job = job;
    this.#mask = new MaskStage({ revision: 1, zones: job.zones, shape: null });
  }

  begin(track: SourceTrack): void {
    const { codec, bitrate, hardware } = this.#job;
    this.#track = track;
    this.#decoder = new Decoder(track.decoder!, hardware);
    const fps = track.fps ?? DEFAULT_FPS;
    this.#frameTicks = Math.round(CLOCK_HZ / fps);
    this.#encode = new EncodeStage(
      { codec, bitrate, onDemand: false, hardware },
      {
        picture: (picture) => {
          this.#writer!.write(picture);
          this.#written++;
          this.#lastPts = picture.pts;
        },
        fault: () => {
          throw new VeilgateError(
            'mask-decode-back',
            `What was encoded at ${this.#at()} does not show the mask when it is decoded again; nothing was written. Please report it.`,
          );
        },
        opened: (encoder, format) => this.#open(encoder, format),
      },
      fps,
      new RisingClock(fps, Number.POSITIVE_INFINITY),
    );
    if (track.bitrate !== null) this.#encode.followBitrate(track.bitrate);
  }

  take(picture: SourcePicture): void {
    if (picture.keyframe) this.#begun = true;
    if (!this.#begun) {
      this.#undecodable++;
      return;
    }
    this.#decoder!.decode(picture, this.#maskFrame);
    this.#assertDecoded();
  }

  /** At the input's end: what is still inside the codecs, and the file's index. */
  async finish(): Promise<MaskedFileSummary> {
    this.#decoder!.flush(this.#maskFrame);
    this.#assertDecoded();
    this.#encode!.flush();
    if (!this.#writer || !this.#format)
      throw new VeilgateError('mask-undecodable', `${this.#job.input} holds no picture that can be decoded.`);
    if (this.#written !== this.#frames)
      throw new VeilgateError('mask-incomplete', `Of ${this.#frames} frames ${this.#written} were encoded.`);
    await this.#writer.finish();
    return {
      frames: this.#frames,
      undecodable: this.#undecodable,
      width: this.#format.width,
      height: this.#format.height,
      durationMs: this.#doneMs(),
      maskedShare: this.#maskedShare,
      decodeBacks: this.#encode!.decodeBacks,
      encoder: this.#encoder,
      hadAudio: this.#track!.offersAudio,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#decoder?.[Symbol.dispose]();
    this.#orienter[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#encode?.[Symbol.dispose]();
    await this.#writer?.[Symbol.asyncDispose]();
  }

  readonly #maskFrame = (raw: Frame, pts: number): void => {
    const frame = this.#orienter.upright(raw);
    const masked = this.#mask.apply(frame, pts);
    this.#frames++;
    this.#maskedShare = masked.plan.maskedShare;
    this.#encode!.encode(masked, frame, pts);
    this.#job.onProgress?.({
      frames: this.#frames,
      doneMs: this.#doneMs(),
      totalMs: this.#track!.durationMs,
    });
  };

  #open(encoder: string, format: OutputFormat): void {
    if (this.#format)
      throw new VeilgateError(
        'mask-size-change',
        `The picture changes at ${this.#at()} from ${describe(this.#format)} to ${describe(format)}, and one MP4 track holds one kind: cut the input there and mask the parts.`,
      );
    this.#format = format;
    this.#encoder = encoder;
    this.#writer = new Mp4Writer(this.#part, this.#job.codec, format, this.#frameTicks);
  }

  #assertDecoded(): void {
    if (this.#decoder!.errors === 0) return;
    throw new VeilgateError(
      'mask-undecodable',
      `${this.#job.input} is damaged or cut short: the picture at about ${this.#at()} cannot be decoded. Repair or cut the input.`,
    );
  }

  #doneMs(): number {
    return ((this.#lastPts + this.#frameTicks) * 1000) / CLOCK_HZ;
  }

  #at(): string {
    return `${(this.#lastPts / CLOCK_HZ).toFixed(1)} s`;
  }
}

const describe = ({ width, height, fullRange, sampleAspectRatio: { num, den } }: OutputFormat): string =>
  `${width}x${height} (pixels ${num}:${den}, ${fullRange ? 'full' : 'studio'} range)`;

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve = (): void => undefined;
  let reject = (_error: unknown): void => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
