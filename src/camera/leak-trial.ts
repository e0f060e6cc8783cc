import type { Frame } from 'node-av/lib';
import { VeilgateError } from '../errors.js';
import type { Picture } from '../masking/picture.js';
import type { ZoneSet } from '../zones/zone.js';
import { ClipCanvas, type ClipPicture, ClipRgb } from './clip.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import { encodeJpeg } from './encode/jpeg.js';
import { EncodeStage } from './encode-stage.js';
import { openSource } from './ingest/open-source.js';
import type { SourcePicture, SourceTrack } from './ingest/source.js';
import { MaskStage } from './mask-stage.js';
import type { GuardSettings, OutputConfig, SourceConfig } from './messages.js';
import { ViewWatch } from './view-watch.js';

/** Assumed of a source that does not say. */
const DEFAULT_FPS = 25;

/** Without a picture for so long, ms, a trial is given up. */
const PATIENCE_MS = 15_000;

export interface LeakTrialJob {
  readonly source: SourceConfig;
  readonly output: OutputConfig;
  readonly zones: ZoneSet;
  readonly guard: GuardSettings;
  /** Ends after so many milliseconds of pictures. */
  readonly forMs: number;
  /** A frame as it came and as a client decodes it. Both are valid until it returns; nothing of them may be kept. */
  onPair(source: Picture, output: Picture, fullRange: boolean): void;
  /** Once, the first frame that was masked, in colour: for reading signs. */
  onFirst(picture: ClipPicture): void;
}

export interface LeakTrialResult {
  /** Masked, each with its self-test passed. */
  readonly frames: number;
  /** Decoded again and given to `onPair`. */
  readonly compared: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
  readonly fps: number | null;
  readonly offersAudio: boolean;
  readonly encoder: string;
  readonly decodeBacks: number;
  readonly maskedShare: number;
  /** From the last byte of a picture to its packet, ms, of each frame. */
  readonly latencies: readonly number[];
  /** A masked picture of the trial. */
  readonly jpeg: Buffer | null;
  /** The view that the guard learned, as text; null: none yet. */
  readonly view: string | null;
}

/**
 * The stages of a live camera on its own source for a few seconds, with each coded picture decoded again as a client would and laid beside the
 * frame that it came from. Raw frames stay in this process and are gone with it, nothing of them is written.
 *
 * @throws SourceError, MaskError, AvError, and VeilgateError `trial-no-picture`, `mask-decode-back`
 */
export async function runLeakTrial(job: LeakTrialJob): Promise<LeakTrialResult> {
  using trial = new LeakTrial(job);
  return await trial.run();
}

class LeakTrial implements Disposable {
  readonly #job: LeakTrialJob;
  readonly #orienter = new Orienter();
  readonly #mask: MaskStage;
  readonly #watch: ViewWatch;
  readonly #witness: Decoder;
  readonly #rawCanvas = new ClipCanvas();
  readonly #outCanvas = new ClipCanvas();
  readonly #waiting: Frame[] = [];
  readonly #latencies: number[] = [];
  #track: SourceTrack | null = null;
  #decoder: Decoder | null = null;
  #encode: EncodeStage | null = null;
  #encoder = '';
  #size = { width: 0, height: 0 };
  #begun = false;
  #frames = 0;
  #compared = 0;
  #maskedShare = 0;
  #jpeg: Buffer | null = null;
  #view: string | null = null;
  #receivedAt = 0n;

  constructor(job: LeakTrialJob) {
    this.#job = job;
    this.#mask = new MaskStage({ revision: 1, zones: job.zones, shape: null });
    this.#witness = new Decoder({ kind: 'codec', codec: job.output.codec });
    this.#watch = new ViewWatch(job.guard, job.zones, {
      learned: (view) => {
        this.#view = view;
      },
      drifted: () => undefined,
      unlearnable: () => undefined,
      unreadable: () => undefined,
    });
  }

  async run(): Promise<LeakTrialResult> {
    let firstAt: number | null = null;
    let source: ReturnType<typeof openSource> | null = null;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new VeilgateError('trial-no-picture', 'The camera sent no picture that can be decoded.')),
          PATIENCE_MS + this.#job.forMs,
        );
        const done = (error?: unknown): void => {
          clearTimeout(timer);
          if (error) reject(error as Error);
          else resolve();
        };
        const attempt = (step: () => void): void => {
          try {
            step();
            if (this.#frames > 0) firstAt ??= performance.now();
            if (firstAt !== null && performance.now() - firstAt >= this.#job.forMs) done();
          } catch (error) {
            done(error);
          }
        };
        source = openSource(this.#job.source, {
          track: (track) => attempt(() => this.#begin(track)),
          picture: (picture) => attempt(() => this.#take(picture)),
          frame: (frame, pts, receivedAt) => attempt(() => this.#show(frame, pts, receivedAt)),
          end: (error) =>
            done(
              error ??
                (this.#frames === 0
                  ? new VeilgateError('trial-no-picture', 'The source ended before its first picture.')
                  : undefined),
            ),
        });
        source.start();
      });
    } finally {
      await (source as ReturnType<typeof openSource> | null)?.close();
    }
    this.#encode?.flush();
    this.#witness.flush(this.#compare);
    return this.#result();
  }

  #begin(track: SourceTrack): void {
    this.#track = track;
    this.#decoder?.[Symbol.dispose]();
    this.#decoder = track.decoder ? new Decoder(track.decoder) : null;
    this.#encode ??= new EncodeStage(
      { ...this.#job.output, onDemand: false },
      {
        picture: ({ data, keyframe, pts }) => {
          this.#latencies.push(Number(process.hrtime.bigint() - this.#receivedAt) / 1e6);
          this.#witness.decode({ data, keyframe, pts }, this.#compare);
        },
        fault: () => {
          throw new VeilgateError(
            'mask-decode-back',
            'What was encoded does not show the mask when it is decoded again.',
          );
        },
        opened: (name) => {
          this.#encoder = name;
        },
      },
      track.fps ?? DEFAULT_FPS,
    );
  }

  #take(picture: SourcePicture): void {
    this.#begun ||= picture.keyframe;
    if (!this.#begun) return;
    this.#decoder!.decode(picture, (frame, pts) => this.#show(frame, pts, picture.receivedAt));
  }

  #show(raw: Frame, pts: number, receivedAt: bigint): void {
    const frame = this.#orienter.upright(raw);
    this.#receivedAt = receivedAt;
    this.#watch.look(frame);
    if (this.#frames === 0) {
      using rgb = new ClipRgb();
      this.#job.onFirst(rgb.convert(frame));
    }
    this.#waiting.push(frame.clone()!);
    const masked = this.#mask.apply(frame, pts);
    this.#frames++;
    this.#size = { width: masked.picture.width, height: masked.picture.height };
    this.#maskedShare = masked.plan.maskedShare;
    this.#jpeg ??= encodeJpeg(masked);
    this.#encode!.encode(masked, frame, pts);
  }

  readonly #compare = (decoded: Frame): void => {
    const raw = this.#waiting.shift();
    if (!raw) return;
    try {
      const source = this.#rawCanvas.load(raw);
      const output = this.#outCanvas.load(decoded);
      this.#compared++;
      this.#job.onPair(source, output, output.fullRange);
    } finally {
      raw.free();
    }
  };

  #result(): LeakTrialResult {
    const { codec, fps, offersAudio } = this.#track!;
    return {
      ...{ frames: this.#frames, compared: this.#compared, ...this.#size, codec, fps, offersAudio },
      ...{ encoder: this.#encoder, decodeBacks: this.#encode!.decodeBacks, maskedShare: this.#maskedShare },
      ...{ latencies: this.#latencies, jpeg: this.#jpeg, view: this.#view },
    };
  }

  [Symbol.dispose](): void {
    for (const frame of this.#waiting) frame.free();
    this.#decoder?.[Symbol.dispose]();
    this.#witness[Symbol.dispose]();
    this.#orienter[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
    this.#encode?.[Symbol.dispose]();
    this.#rawCanvas[Symbol.dispose]();
    this.#outCanvas[Symbol.dispose]();
  }
}
