import type { Frame } from 'node-av/lib';
import { MaskError } from '../masking/mask-error.js';
import type { MaskedFrame } from '../masking/masked-frame.js';
import { sameShape } from '../zones/geometry.js';
import type { Size } from '../zones/zone.js';
import type { Canvas } from './decode/canvas.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import type { EncodedPicture } from './encode/encoder.js';
import { encodeJpeg } from './encode/jpeg.js';
import { EncodeStage } from './encode-stage.js';
import { type FrameTimes, HeldFrames } from './held-frames.js';
import { ReconnectingSource } from './ingest/reconnecting-source.js';
import { SourceError, type SourcePicture, type SourceTrack } from './ingest/source.js';
import { digestLines } from './log-digest.js';
import { MaskStage } from './mask-stage.js';
import type { LogLevel, MaskedPacket, SourceInfo, WorkerConfig, WorkerCounters, ZonesInForce } from './messages.js';
import { PictureQueue } from './picture-queue.js';
import { deriveState, type SourceCondition, type StreamState, sameState, type WithheldReason } from './state.js';
import { ViewWatch } from './view-watch.js';

/** What a pipeline tells its worker. */
export interface PipelineEvents {
  /** Returns false when control does not keep up: nothing more is sent until it does. */
  packet(packet: MaskedPacket): boolean;
  state(state: StreamState, detail: string | null): void;
  source(info: SourceInfo): void;
  zonesApplied(revision: number): void;
  viewLearned(view: string): void;
  snapshot(request: number, jpeg: Buffer | null): void;
  log(level: LogLevel, message: string, fields: Record<string, unknown>): void;
}

/** Assumed until the source's rhythm is known. */
const DEFAULT_FPS = 25;

/** A failed self-test is over when masking has passed for so long, ms. */
const SELF_TEST_PROOF_MS = 5000;

/** So many pictures waiting: the next one is decoded but not encoded, so that delay does not pile up. */
const BEHIND = 3;

/** Decoders hold at most 16 pictures back (H.264, A.3.1): after so many without a frame the source makes no sense. */
const MOST_UNDECODED = 100;

/** Damaged pictures are left out; without a sound one for so long, ms, the slate comes up. Viewers are promised one second. */
const DAMAGE_PATIENCE_MS = 700;

/** What the guard cannot do, and the cure. */
const UNLEARNABLE = {
  uniform: 'the view is too uniform to be known again: whether the camera is moved is not noticed',
  unsteady: 'the view does not stand still: whether the camera is moved is not noticed until it does',
};

/** The source's bit rate is measured over this long, ms. */
const BITRATE_WINDOW_MS = 5000;

/** One camera, from its source to masked packets. Everything runs on one thread, one frame a turn. */
export class CameraPipeline {
  readonly #config: WorkerConfig;
  readonly #events: PipelineEvents;
  readonly #source: ReconnectingSource;
  readonly #queue: PictureQueue;
  readonly #held: HeldFrames;
  /** One frame after the other may be dropped for the same cause. */
  readonly #tellDropped: (cause: string) => void;
  readonly #mask: MaskStage;
  readonly #view: ViewWatch;
  readonly #encode: EncodeStage;
  #decoder: Decoder | null = null;
  readonly #orienter = new Orienter();
  #needKeyframe = true;
  #condition: SourceCondition = { kind: 'starting', reason: 'connecting' };
  #state: StreamState = { state: 'starting', reason: 'connecting' };
  #detail: string | null = null;
  #controlHolds: readonly WithheldReason[];
  readonly #ownHolds = new Set<WithheldReason>();
  /** The guard's own hold. */
  #viewReason: WithheldReason | null = null;
  #selfTestFailedAt = 0;
  #wanted: boolean;
  #maskedOnce = false;
  #maskedShare = 0;
  #appliedRevision: number;
  #snapshots: number[] = [];
  #flowing = true;
  #skipped = false;
  #info: SourceInfo | null = null;
  /** The source's clock at each picture that is inside the decoder, for latency. */
  readonly #receivedAt = new Map<number, bigint>();
  #times: FrameTimes & { maskMs: number; encodeStart: number; width: number; height: number } = {
    pts: 0,
    receivedAt: 0n,
    decodeMs: 0,
    maskMs: 0,
    encodeStart: 0,
    width: 0,
    height: 0,
  };
  /** Stands for the accepted shape until control has one. */
  #firstSize: Size | null = null;
  /** Pictures that went into the decoder since a frame came out. */
  #undecoded = 0;
  /** `performance.now()` of the damage that no sound keyframe has followed yet. */
  #damagedSince: number | null = null;
  #count = { received: 0, decoded: 0, masked: 0, dropped: 0, decodeErrors: 0, selfTests: 0, bytesIn: 0 };
  #window = { since: performance.now(), bytes: 0 };

  constructor(config: WorkerConfig, events: PipelineEvents) {
    this.#config = config;
    this.#events = events;
    this.#controlHolds = config.holds;
    this.#tellDropped = digestLines((digest) => events.log('error', 'frames were dropped', { ...digest }));
    this.#wanted = config.wanted || !config.output.onDemand;
    this.#appliedRevision = config.zones.revision;
    this.#mask = new MaskStage(config.zones);
    this.#view = new ViewWatch(config.guard, config.zones.zones, {
      learned: (view) => events.viewLearned(view),
      unlearnable: (why) => events.log('warn', UNLEARNABLE[why], { why }),
      unreadable: (message) => events.log('error', message, {}),
    });
    this.#held = new HeldFrames(config.lookAhead);
    this.#encode = new EncodeStage(
      config.output,
      {
        picture: (picture) => this.#send(picture),
        fault: (fault) => this.#selfTestFailed(`the encoder's output does not hold the mask: ${JSON.stringify(fault)}`),
        opened: (encoder) => this.#tellSource({ encoder }),
      },
      DEFAULT_FPS,
    );
    this.#queue = new PictureQueue((picture) => this.#decodePicture(picture));
    this.#source = new ReconnectingSource(config.source, {
      // Between attempts a lost camera stays what it is: lost.
      connecting: () =>
        this.#condition.kind === 'offline' || this.#be({ kind: 'starting', reason: 'connecting' }, null),
      lost: (error) => this.#lost(error),
      track: (track) => this.#begin(track),
      picture: (picture) => this.#receive(picture),
      frame: (frame, pts, receivedAt) => this.#showFrame(frame, { pts, receivedAt, decodeMs: 0 }),
    });
  }

  start(): void {
    this.#events.state(this.#state, null);
    this.#source.start();
  }

  async close(): Promise<void> {
    await this.#source.close();
    this.#held.clear();
    this.#encode[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#view[Symbol.dispose]();
    this.#decoder?.[Symbol.dispose]();
    this.#orienter[Symbol.dispose]();
  }

  get counters(): WorkerCounters {
    return {
      ...this.#count,
      dropped: this.#count.dropped + this.#queue.dropped + (this.#decoder?.heldBack ?? 0),
      decodeErrors: this.#count.decodeErrors + (this.#decoder?.errors ?? 0),
      encoded: this.#encode.encoded,
      decodeBacks: this.#encode.decodeBacks,
    };
  }

  /** Of the picture's area, 0..1; 0 before the first masked frame. */
  get maskedShare(): number {
    return this.#maskedShare;
  }

  useZones(zones: ZonesInForce): void {
    this.#mask.use(zones);
    this.#view.useZones(zones.zones);
    this.#firstSize = null;
    this.#maskedOnce = false;
    this.#ownHolds.delete('config-invalid');
    this.#encode.forceKeyframe();
    // Where no frame is being shown there is none to wait for: whatever comes next is masked with the new set.
    if (!this.#showing) this.#zonesApplied();
    this.#settle();
  }

  hold(reasons: readonly WithheldReason[]): void {
    this.#controlHolds = reasons;
    this.#settle();
  }

  demand(wanted: boolean): void {
    this.#wanted = wanted || !this.#config.output.onDemand;
    if (!this.#wanted) this.#encode.sleep();
    if (!this.#showing) this.#zonesApplied();
  }

  /** The present view becomes the accepted one. */
  learnView(): void {
    this.#view.relearn();
    if (this.#viewReason) this.#ownHolds.delete(this.#viewReason);
    this.#viewReason = null;
    this.#settle(null);
  }

  forceKeyframe(): void {
    this.#encode.forceKeyframe();
  }

  snapshot(request: number): void {
    if (this.#state.state === 'masked') this.#snapshots.push(request);
    else this.#events.snapshot(request, null);
  }

  /** Control keeps up again. */
  resume(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    this.#encode.forceKeyframe();
  }

  get #showing(): boolean {
    return this.#wanted && this.#state.state === 'masked';
  }

  #begin(track: SourceTrack): void {
    this.#drop();
    this.#retireDecoder();
    this.#view.restart();
    try {
      if (track.decoder) this.#decoder = new Decoder(track.decoder, this.#config.output.hardware);
    } catch (error) {
      this.#source.restart(new SourceError('source-unsupported', messageOf(error), { cause: error }));
      return;
    }
    if (track.fps) this.#encode.fps = track.fps;
    this.#info = {
      codec: track.codec,
      width: 0,
      height: 0,
      fps: track.fps,
      offersAudio: track.offersAudio,
      encoder: this.#info?.encoder ?? '',
      decoder: this.#decoder?.name ?? 'none',
    };
    this.#be({ kind: 'starting', reason: 'waiting-for-keyframe' }, null);
  }

  #retireDecoder(): void {
    if (!this.#decoder) return;
    this.#count.decodeErrors += this.#decoder.errors;
    this.#count.dropped += this.#decoder.heldBack;
    this.#decoder[Symbol.dispose]();
    this.#decoder = null;
  }

  #lost(error: SourceError): void {
    this.#drop();
    this.#be({ kind: 'offline', reason: error.code }, error.message);
  }

  /** Forgets every frame on the way: it belongs to a picture that ended. */
  #drop(): void {
    this.#queue.clear();
    this.#held.clear();
    this.#receivedAt.clear();
    this.#needKeyframe = true;
    this.#encode.forceKeyframe();
  }

  #receive(picture: SourcePicture): void {
    this.#count.received++;
    this.#count.bytesIn += picture.data.length;
    this.#measureBitrate(picture);
    this.#queue.push(picture);
  }

  #measureBitrate(picture: SourcePicture): void {
    const window = this.#window;
    window.bytes += picture.data.length;
    const now = performance.now();
    if (now - window.since < BITRATE_WINDOW_MS) return;
    if (window.bytes > 0) this.#encode.followBitrate((window.bytes * 8000) / (now - window.since));
    this.#window = { since: now, bytes: 0 };
  }

  #decodePicture(picture: SourcePicture): void {
    const decoder = this.#decoder;
    if (!decoder) return;
    if (picture.keyframe) this.#needKeyframe = false;
    // Withheld: keyframes suffice to know whether the picture may come back.
    else if (this.#needKeyframe || this.#state.state === 'withheld') {
      this.#needKeyframe = true;
      return;
    }
    if (this.#receivedAt.size > 64) this.#receivedAt.clear();
    if (picture.pts !== null) this.#receivedAt.set(picture.pts, picture.receivedAt);
    const started = performance.now();
    this.#undecoded++;
    decoder.decode(picture, (frame, pts) => {
      const receivedAt = this.#receivedAt.get(pts) ?? picture.receivedAt;
      this.#receivedAt.delete(pts);
      this.#undecoded = 0;
      this.#showFrame(frame, { pts, receivedAt, decodeMs: performance.now() - started });
    });
    this.#heedDamage(decoder.isDamaged);
    if (this.#undecoded > MOST_UNDECODED) {
      this.#undecoded = 0;
      this.#source.restart(new SourceError('source-stalled', 'pictures come in, but none of them can be decoded'));
    }
  }

  #heedDamage(isDamaged: boolean): void {
    if (!isDamaged) {
      this.#damagedSince = null;
      return;
    }
    this.#damagedSince ??= performance.now();
    if (this.#condition.kind === 'masking' && performance.now() - this.#damagedSince > DAMAGE_PATIENCE_MS)
      this.#be({ kind: 'starting', reason: 'waiting-for-keyframe' }, 'pictures of the camera arrive damaged');
  }

  #showFrame(raw: Frame, times: FrameTimes): void {
    this.#count.decoded++;
    try {
      this.#admit(this.#orienter.upright(raw), times);
    } catch (error) {
      // Lost, not shown: whatever the engine refused was on its way to be masked or encoded.
      this.#encode.sleep();
      this.#count.dropped++;
      this.#tellDropped(messageOf(error));
    }
  }

  #admit(frame: Frame, times: FrameTimes): void {
    const { width, height } = frame;
    if (this.#info && (this.#info.width !== width || this.#info.height !== height)) this.#tellSource({ width, height });
    if (!this.#checkShape(width, height) || !this.#checkView(frame)) return;
    this.#held.pass(frame, times, (due, dueTimes) => this.#maskFrame(due, dueTimes));
  }

  /** Zones drawn on another shape of picture would lie elsewhere: withheld until the shape is back, or accepted. */
  #checkShape(width: number, height: number): boolean {
    const shape = this.#mask.zones.shape ?? this.#firstSize;
    this.#firstSize = shape ?? { width, height };
    const fits = shape === null || sameShape(shape, { width, height });
    if (fits === this.#ownHolds.has('geometry-changed')) {
      if (fits) this.#ownHolds.delete('geometry-changed');
      else {
        this.#ownHolds.add('geometry-changed');
        this.#held.clear();
      }
      const accepted = shape ? `${shape.width}x${shape.height}` : 'none';
      this.#settle(fits ? null : `the source sends ${width}x${height}, the zones were accepted on ${accepted}`);
    }
    return fits;
  }

  /** Before anything is shown of a frame: held ones are withheld with it. A frame that cannot be looked at is not shown. */
  #checkView(frame: Frame): boolean {
    const { reason, detail } = this.#view.look(frame);
    if (reason === this.#viewReason) return reason === null;
    if (this.#viewReason) this.#ownHolds.delete(this.#viewReason);
    if (reason) {
      this.#ownHolds.add(reason);
      this.#held.clear();
    }
    this.#events.log(reason ? 'warn' : 'info', reason ? 'the view is not the accepted one' : 'the view is back', {
      detail,
    });
    this.#viewReason = reason;
    this.#settle(reason ? detail : null);
    return reason === null;
  }

  #maskFrame(frame: Frame, times: FrameTimes): void {
    const testing = this.#ownHolds.has('self-test-failed');
    // Also while nobody watches: what was withheld is masked once before it is said to be.
    const isOpen = this.#condition.kind === 'masking' && this.#maskedOnce;
    const due = this.#wanted || !isOpen || testing || this.#snapshots.length > 0;
    if (!due) return;
    const started = performance.now();
    let masked: MaskedFrame<Canvas>;
    try {
      masked = this.#mask.apply(frame);
    } catch (error) {
      this.#maskFailed(error);
      return;
    }
    this.#count.masked++;
    this.#count.selfTests++;
    this.#maskedOnce = true;
    this.#maskedShare = masked.plan.maskedShare;
    if (testing && performance.now() - this.#selfTestFailedAt >= SELF_TEST_PROOF_MS) {
      this.#ownHolds.delete('self-test-failed');
      this.#encode.sleep();
    }
    if (this.#condition.kind !== 'masking' || this.#detail !== null || testing) this.#be({ kind: 'masking' }, null);
    if (this.#state.state !== 'masked') return;
    this.#takeSnapshots(masked);
    if (!this.#wanted || !this.#flowing || this.#skipToCatchUp()) return;
    this.#times = {
      ...times,
      maskMs: performance.now() - started,
      encodeStart: performance.now(),
      width: masked.picture.width,
      height: masked.picture.height,
    };
    this.#encode.encode(masked, frame, times.pts);
  }

  /** Every other picture at most, so that a worker that is behind still moves. */
  #skipToCatchUp(): boolean {
    this.#skipped = !this.#skipped && this.#queue.length >= BEHIND;
    if (this.#skipped) this.#count.dropped++;
    return this.#skipped;
  }

  #send(picture: EncodedPicture): void {
    const { receivedAt, decodeMs, maskMs, encodeStart, width, height } = this.#times;
    this.#flowing = this.#events.packet({
      type: 'packet',
      epoch: this.#config.epoch,
      revision: this.#mask.zones.revision,
      data: picture.data,
      keyframe: picture.keyframe,
      pts: picture.pts,
      width,
      height,
      receivedAt,
      decodeMs,
      maskMs,
      encodeMs: performance.now() - encodeStart,
    });
    if (this.#appliedRevision !== this.#mask.zones.revision) this.#zonesApplied();
  }

  #zonesApplied(): void {
    if (this.#appliedRevision === this.#mask.zones.revision) return;
    this.#appliedRevision = this.#mask.zones.revision;
    this.#events.zonesApplied(this.#appliedRevision);
  }

  #takeSnapshots(masked: MaskedFrame<Canvas>): void {
    if (this.#snapshots.length === 0) return;
    const jpeg = encodeJpeg(masked);
    for (const request of this.#snapshots.splice(0)) this.#events.snapshot(request, jpeg);
  }

  #maskFailed(error: unknown): void {
    const detail = messageOf(error);
    if (error instanceof MaskError && error.code === 'mask-self-test') return this.#selfTestFailed(detail);
    this.#ownHolds.add('config-invalid');
    this.#events.log('error', 'a frame could not be masked', { detail });
    this.#settle(detail);
  }

  #selfTestFailed(detail: string): void {
    this.#selfTestFailedAt = performance.now();
    this.#ownHolds.add('self-test-failed');
    this.#held.clear();
    this.#events.log('error', 'the mask failed its self-test', { detail });
    this.#settle(detail);
  }

  #tellSource(part: Partial<SourceInfo>): void {
    if (!this.#info) return;
    this.#info = { ...this.#info, ...part };
    if (this.#info.width > 0) this.#events.source(this.#info);
  }

  #be(condition: SourceCondition, detail: string | null): void {
    this.#condition = condition;
    this.#settle(detail);
  }

  /** Works the state out anew, and tells it where it changed. */
  #settle(detail: string | null = this.#detail): void {
    const holds = new Set<WithheldReason>([...this.#controlHolds, ...this.#ownHolds]);
    // Withheld streams decode keyframes alone, so what follows a release begins with one.
    if (this.#state.state === 'withheld' && holds.size === 0 && this.#condition.kind === 'masking')
      this.#condition = { kind: 'starting', reason: 'waiting-for-keyframe' };
    const state = deriveState(this.#condition, holds);
    if (sameState(state, this.#state) && detail === this.#detail) return;
    const changed = !sameState(state, this.#state);
    this.#state = state;
    this.#detail = detail;
    if (changed) {
      if (state.state !== 'masked') {
        this.#held.clear();
        for (const request of this.#snapshots.splice(0)) this.#events.snapshot(request, null);
        this.#zonesApplied();
      }
      this.#encode.forceKeyframe();
    }
    this.#events.state(state, detail);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
