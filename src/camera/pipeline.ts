import type { Frame } from 'node-av/lib';
import { IDENTITY } from '../guard/similarity.js';
import { MaskError } from '../masking/mask-error.js';
import type { MaskedFrame } from '../masking/masked-frame.js';
import { PresetWatch } from '../onvif/preset-watch.js';
import type { SeenPerson } from '../vision/link/messages.js';
import type { VisionLink } from '../vision/link/ticket.js';
import { sameShape } from '../zones/geometry.js';
import type { Size } from '../zones/zone.js';
import type { Canvas } from './decode/canvas.js';
import { Orienter } from './decode/orienter.js';
import { DecodeStage } from './decode-stage.js';
import type { EncodedPicture } from './encode/encoder.js';
import { encodeJpeg } from './encode/jpeg.js';
import { EncodeStage } from './encode-stage.js';
import { type FrameTimes, HeldFrames } from './held-frames.js';
import { ReconnectingSource } from './ingest/reconnecting-source.js';
import { SourceError, type SourcePicture, type SourceTrack } from './ingest/source.js';
import { digestLines } from './log-digest.js';
import { MaskStage, type RawPicture } from './mask-stage.js';
import type { LogLevel, MaskedPacket, SourceInfo, WorkerConfig, WorkerCounters, ZonesInForce } from './messages.js';
import { PictureQueue } from './picture-queue.js';
import type { StreamState, WithheldReason } from './state.js';
import { StateKeeper } from './state-keeper.js';
import { ViewWatch } from './view-watch.js';
import { VisionTap } from './vision-tap.js';

/** What a pipeline tells its worker. */
export interface PipelineEvents {
  /** Returns false when control does not keep up: nothing more is sent until it does. */
  packet(packet: MaskedPacket): boolean;
  state(state: StreamState, detail: string | null): void;
  source(info: SourceInfo): void;
  zonesApplied(revision: number): void;
  viewLearned(view: string): void;
  viewDrifted(detail: string): void;
  viewUnlearnable(why: 'uniform' | 'unsteady'): void;
  snapshot(request: number, jpeg: Buffer | null): void;
  log(level: LogLevel, message: string, fields: Record<string, unknown>): void;
}

/** Assumed until the source's rhythm is known. */
const DEFAULT_FPS = 25;

/** A failed self-test is over when masking has passed for so long, ms. */
const SELF_TEST_PROOF_MS = 5000;

/** So many pictures waiting: the next one is decoded but not encoded, so that delay does not pile up. */
const BEHIND = 3;

/** What the guard cannot do, and the cure. */
const UNLEARNABLE = {
  uniform:
    'the view is too uniform to be known again: where a person accepted it, any change of the whole picture withholds',
  unsteady: 'the view does not stand still: whether the camera is moved is not noticed until it does',
};

/** Nobody can see anything of a picture of which so much is masked. */
const WHOLE = 0.999;

/** A late answer is no reason for the slate, which needs a keyframe to go; ms. */
const BLIND_PATIENCE_MS = 1000;

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
  readonly #tap: VisionTap;
  readonly #encode: EncodeStage;
  readonly #decode: DecodeStage;
  readonly #orienter = new Orienter();
  /** null: it is not turned. */
  readonly #preset: PresetWatch | null;
  readonly #state: StateKeeper;
  /** The guard's own hold. */
  #viewReason: WithheldReason | null = null;
  #selfTestFailedAt = 0;
  /** `performance.now()` when it was last known where people are; null: it is known. */
  #blindSince: number | null = null;
  #wanted: boolean;
  #maskedOnce = false;
  #maskedShare = 0;
  #appliedRevision: number;
  #snapshots: number[] = [];
  /** The last request; whoever asked before has given up. */
  #evidence: number | null = null;
  #flowing = true;
  #skipped = false;
  #info: SourceInfo | null = null;
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
  #count = { received: 0, decoded: 0, masked: 0, dropped: 0, selfTests: 0, bytesIn: 0 };
  #window = { since: performance.now(), bytes: 0 };

  constructor(config: WorkerConfig, events: PipelineEvents) {
    this.#config = config;
    this.#events = events;
    this.#state = new StateKeeper(config.holds, (state, detail, isNew) => this.#stateChanged(state, detail, isNew));
    this.#tellDropped = digestLines((digest) => events.log('error', 'frames were dropped', { ...digest }));
    this.#wanted = config.wanted || !config.output.onDemand;
    this.#appliedRevision = config.zones.revision;
    this.#mask = new MaskStage(config.zones);
    this.#view = new ViewWatch(config.guard, config.zones.zones, {
      learned: (view) => events.viewLearned(view),
      drifted: (drift, detail) => {
        this.#mask.follow(drift);
        events.log('info', 'zones follow the view', { detail });
        events.viewDrifted(detail);
      },
      unlearnable: (why) => {
        events.log('warn', UNLEARNABLE[why], { why });
        events.viewUnlearnable(why);
      },
      unreadable: (message) => events.log('error', message, {}),
    });
    const tellUnseen = digestLines((digest) => events.log('warn', 'frames were not looked at', { ...digest }));
    this.#tap = new VisionTap(config.camera, {
      people: (pts, people, validMs) => this.#sawPeople(pts, people, validMs),
      lost: () => this.#lostSight(),
      failed: tellUnseen,
    });
    this.#tap.use(config.vision);
    this.#preset = config.ptz && new PresetWatch(config.ptz, (why) => this.#standsElsewhere(why));
    // Until the camera has said where it looks.
    if (this.#preset) this.#state.hold('off-preset');
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
    this.#decode = new DecodeStage(config.output.hardware, {
      frame: (frame, times) => this.#showFrame(frame, times),
      damaged: () => this.#giveUpDamaged(),
      undecodable: () =>
        this.#source.restart(new SourceError('source-stalled', 'pictures come in, but none of them can be decoded')),
    });
    this.#queue = new PictureQueue((picture) => this.#decode.decode(picture, this.#isWithheld));
    this.#source = new ReconnectingSource(config.source, {
      // Between attempts a lost camera stays what it is: lost.
      connecting: () =>
        this.#state.condition.kind === 'offline' || this.#state.be({ kind: 'starting', reason: 'connecting' }, null),
      lost: (error) => this.#lost(error),
      track: (track) => this.#begin(track),
      picture: (picture) => this.#receive(picture),
      frame: (frame, pts, receivedAt) => this.#showFrame(frame, { pts, receivedAt, decodeMs: 0 }),
    });
  }

  start(): void {
    this.#preset?.start();
    this.#state.settle();
    this.#events.state(this.#state.state, null);
    this.#source.start();
  }

  async close(): Promise<void> {
    this.#preset?.close();
    await this.#source.close();
    this.#held.clear();
    this.#encode[Symbol.dispose]();
    this.#mask[Symbol.dispose]();
    this.#view[Symbol.dispose]();
    this.#decode[Symbol.dispose]();
    this.#tap[Symbol.dispose]();
    this.#orienter[Symbol.dispose]();
  }

  get counters(): WorkerCounters {
    return {
      ...this.#count,
      dropped: this.#count.dropped + this.#queue.dropped + this.#decode.heldBack,
      decodeErrors: this.#decode.errors,
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
    this.#blindSince = null;
    this.#state.release('analysis-stale');
    this.#state.release('config-invalid');
    this.#encode.forceKeyframe();
    // Where no frame is being shown there is none to wait for: whatever comes next is masked with the new set.
    if (!this.#showing) this.#zonesApplied();
    this.#state.settle();
  }

  hold(reasons: readonly WithheldReason[]): void {
    this.#state.give(reasons);
  }

  demand(wanted: boolean): void {
    this.#wanted = wanted || !this.#config.output.onDemand;
    if (!this.#wanted) this.#encode.sleep();
    if (!this.#showing) this.#zonesApplied();
  }

  /** The present view becomes the accepted one. */
  learnView(): void {
    this.#view.relearn();
    this.#mask.follow(IDENTITY);
    if (this.#viewReason) this.#state.release(this.#viewReason);
    this.#viewReason = null;
    this.#state.settle(null);
  }

  useVision(link: VisionLink | null): void {
    this.#tap.use(link);
  }

  forceKeyframe(): void {
    this.#encode.forceKeyframe();
  }

  snapshot(request: number): void {
    if (this.#state.state.state === 'masked') this.#snapshots.push(request);
    else this.#events.snapshot(request, null);
  }

  /** Asks for the next picture coarsened as a whole, whatever the state. */
  evidence(request: number): void {
    this.#evidence = request;
  }

  /** Control keeps up again. */
  resume(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    this.#encode.forceKeyframe();
  }

  get #showing(): boolean {
    return this.#wanted && this.#state.state.state === 'masked';
  }

  get #isWithheld(): boolean {
    return this.#state.state.state === 'withheld';
  }

  #begin(track: SourceTrack): void {
    this.#drop();
    this.#view.restart();
    this.#tap.viewChanged();
    try {
      this.#decode.open(track);
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
      decoder: this.#decode.name,
    };
    this.#state.be({ kind: 'starting', reason: 'waiting-for-keyframe' }, null);
  }

  #lost(error: SourceError): void {
    this.#drop();
    this.#state.be({ kind: 'offline', reason: error.code }, error.message);
  }

  /** Forgets every frame on the way: it belongs to a picture that ended. */
  #drop(): void {
    this.#queue.clear();
    this.#held.clear();
    this.#mask.people.clear();
    this.#decode.drop();
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

  /** Damaged pictures are left out; after some time without a sound one nothing that is shown is of now. */
  #giveUpDamaged(): void {
    if (this.#state.condition.kind === 'masking')
      this.#state.be({ kind: 'starting', reason: 'waiting-for-keyframe' }, 'pictures of the camera arrive damaged');
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
    // Also what is withheld is looked at: it may be the reason, or the way back.
    this.#tap.offer(frame, times.pts);
    this.#takeEvidence(frame);
    // Elsewhere than at its preset a camera shows another view: neither is that news, nor may it be learned.
    if (!this.#checkShape(width, height) || this.#state.has('off-preset')) return;
    // What is shown at once is copied once: the guard looks at what is about to be masked.
    const isShared = this.#showing && this.#config.lookAhead === 0;
    const raw = isShared ? this.#load(frame) : null;
    if ((isShared && !raw) || !this.#checkView(frame, raw)) return;
    this.#held.pass(frame, times, (due, dueTimes) => this.#maskFrame(due, dueTimes, raw));
  }

  /** Zones drawn on another shape of picture would lie elsewhere: withheld until the shape is back, or accepted. */
  #checkShape(width: number, height: number): boolean {
    const shape = this.#mask.zones.shape ?? this.#firstSize;
    this.#firstSize = shape ?? { width, height };
    const fits = shape === null || sameShape(shape, { width, height });
    if (fits === this.#state.has('geometry-changed')) {
      if (fits) this.#state.release('geometry-changed');
      else {
        this.#state.hold('geometry-changed');
        this.#held.clear();
      }
      const accepted = shape ? `${shape.width}x${shape.height}` : 'none';
      this.#state.settle(fits ? null : `the source sends ${width}x${height}, the zones were accepted on ${accepted}`);
    }
    return fits;
  }

  /** @param why it may not be shown; null: it stands at its preset */
  #standsElsewhere(why: string | null): void {
    this.#events.log(why ? 'warn' : 'info', why ? 'not known to be at its preset' : 'at its preset', { detail: why });
    if (why === null) this.#state.release('off-preset');
    else this.#state.hold('off-preset');
    // What was half learned may be of another position.
    this.#view.restart();
    this.#held.clear();
    this.#state.settle(why);
  }

  /** Before anything is shown of a frame: held ones are withheld with it. A frame that cannot be looked at is not shown. */
  #checkView(frame: Frame, raw: RawPicture | null): boolean {
    const { reason, detail } = this.#view.look(frame, raw?.luma ?? null);
    if (reason === this.#viewReason) return reason === null;
    if (this.#viewReason) this.#state.release(this.#viewReason);
    if (reason) {
      this.#state.hold(reason);
      this.#held.clear();
    }
    this.#events.log(reason ? 'warn' : 'info', reason ? 'the view is not the accepted one' : 'the view is back', {
      detail,
    });
    this.#viewReason = reason;
    this.#tap.viewChanged();
    this.#state.settle(reason ? detail : null);
    return reason === null;
  }

  /** null: the frame cannot be masked, and that was told. */
  #load(frame: Frame): RawPicture | null {
    try {
      return this.#mask.load(frame);
    } catch (error) {
      this.#maskFailed(error);
      return null;
    }
  }

  /** @param raw the frame on the canvas, where it was loaded just before */
  #maskFrame(frame: Frame, times: FrameTimes, raw: RawPicture | null): void {
    const testing = this.#state.has('self-test-failed');
    // Also while nobody watches: what was withheld is masked once before it is said to be.
    const isOpen = this.#state.condition.kind === 'masking' && this.#maskedOnce;
    // And where people are masked: that they cannot be seen must show in the state before somebody watches.
    const isDue = this.#wanted || !isOpen || testing || this.#snapshots.length > 0 || this.#mask.people.isNeeded;
    if (!isDue) return;
    const started = performance.now();
    let masked: MaskedFrame<Canvas>;
    try {
      masked = raw ? this.#mask.mask(raw, times.pts) : this.#mask.apply(frame, times.pts);
    } catch (error) {
      this.#maskFailed(error);
      return;
    }
    this.#count.masked++;
    this.#count.selfTests++;
    this.#maskedOnce = true;
    this.#maskedShare = masked.plan.maskedShare;
    this.#heedBlindness(masked.plan.maskedShare);
    if (testing && performance.now() - this.#selfTestFailedAt >= SELF_TEST_PROOF_MS) {
      this.#state.release('self-test-failed');
      this.#encode.sleep();
    }
    if (!this.#state.isSettledMasking || testing) this.#state.be({ kind: 'masking' }, null);
    if (this.#state.state.state !== 'masked') return;
    this.#takeSnapshots(masked);
    if (!this.#wanted || !this.#flowing || this.#skipToCatchUp()) return;
    this.#times = {
      ...times,
      maskMs: performance.now() - started + (raw?.ms ?? 0),
      encodeStart: performance.now(),
      width: masked.picture.width,
      height: masked.picture.height,
    };
    this.#encode.encode(masked, frame, times.pts);
  }

  /** What was masked as a whole for want of knowing better, and hides the whole picture, is withheld: the slate says why. */
  #heedBlindness(share: number): void {
    if (!this.#mask.isBlind) {
      this.#blindSince = null;
      return;
    }
    this.#blindSince ??= performance.now();
    if (share < WHOLE || this.#state.has('analysis-stale')) return;
    if (!this.#mask.people.isEmpty && performance.now() - this.#blindSince < BLIND_PATIENCE_MS) return;
    this.#state.hold('analysis-stale');
    this.#held.clear();
    this.#state.settle('where people are is not known, and they are to be masked');
  }

  #sawPeople(pts: number, people: readonly SeenPerson[], validMs: number): void {
    this.#mask.people.add(pts, people, validMs);
    if (!this.#state.has('analysis-stale')) return;
    this.#blindSince = null;
    this.#state.release('analysis-stale');
    this.#state.settle(null);
  }

  #lostSight(): void {
    this.#mask.people.clear();
    if (this.#mask.people.isNeeded)
      this.#events.log('warn', 'people cannot be seen: what masks them is masked as a whole', {});
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

  /** Before anything is known of the frame: nothing of it can be told from what is sent. */
  #takeEvidence(frame: Frame): void {
    const request = this.#evidence;
    if (request === null) return;
    this.#evidence = null;
    this.#events.snapshot(request, encodeJpeg(this.#mask.applyWhole(frame)));
  }

  #maskFailed(error: unknown): void {
    const detail = messageOf(error);
    if (error instanceof MaskError && error.code === 'mask-self-test') return this.#selfTestFailed(detail);
    this.#state.hold('config-invalid');
    this.#events.log('error', 'a frame could not be masked', { detail });
    this.#state.settle(detail);
  }

  #selfTestFailed(detail: string): void {
    this.#selfTestFailedAt = performance.now();
    this.#state.hold('self-test-failed');
    this.#held.clear();
    this.#events.log('error', 'the mask failed its self-test', { detail });
    this.#state.settle(detail);
  }

  #tellSource(part: Partial<SourceInfo>): void {
    if (!this.#info) return;
    this.#info = { ...this.#info, ...part };
    if (this.#info.width > 0) this.#events.source(this.#info);
  }

  #stateChanged(state: StreamState, detail: string | null, isNew: boolean): void {
    if (isNew) {
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
