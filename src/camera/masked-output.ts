import type { Frame } from 'node-av/lib';
import { MaskError } from '../masking/mask-error.js';
import type { MaskedFrame } from '../masking/masked-frame.js';
import type { Blindness } from './blindness.js';
import type { Canvas } from './decode/canvas.js';
import type { EncodedPicture } from './encode/encoder.js';
import type { EncodeStage } from './encode-stage.js';
import type { FrameTimes, HeldFrames } from './held-frames.js';
import type { MaskStage, RawPicture } from './mask-stage.js';
import type { WorkerConfig } from './messages.js';
import type { PictureRequests } from './picture-requests.js';
import type { PipelineEvents } from './pipeline-events.js';
import type { StateKeeper } from './state-keeper.js';

/** A failed self-test is over when masking has passed for so long, ms. */
const SELF_TEST_PROOF_MS = 5000;

/** What masked frames go through, and what they decide. */
export interface OutputContext {
  readonly state: StateKeeper;
  readonly held: HeldFrames;
  readonly mask: MaskStage;
  readonly blindness: Blindness;
  readonly encode: EncodeStage;
  readonly requests: PictureRequests;
  readonly events: PipelineEvents;
  /** Pictures wait: the next one may be left out, so that delay does not pile up. */
  isBehind(): boolean;
}

/** Frames that may be shown in, packets out: masks each one that somebody needs, and says which zones the packets were masked with. */
export class MaskedOutput {
  readonly #config: Pick<WorkerConfig, 'epoch' | 'output'>;
  readonly #context: OutputContext;
  #wanted: boolean;
  #flowing = true;
  #skipped = false;
  #appliedRevision: number;
  #maskedOnce = false;
  #maskedShare = 0;
  #selfTestFailedAt = 0;
  #times: FrameTimes & { maskMs: number; encodeStart: number; width: number; height: number } = {
    pts: 0,
    receivedAt: 0n,
    decodeMs: 0,
    maskMs: 0,
    encodeStart: 0,
    width: 0,
    height: 0,
  };
  #count = { masked: 0, skipped: 0 };

  constructor(config: Pick<WorkerConfig, 'epoch' | 'output' | 'wanted' | 'zones'>, context: OutputContext) {
    this.#config = config;
    this.#context = context;
    this.#wanted = config.wanted || !config.output.onDemand;
    this.#appliedRevision = config.zones.revision;
  }

  /** Whether the next frame would go to a viewer. */
  get isShowing(): boolean {
    return this.#wanted && this.#context.state.state.state === 'masked';
  }

  /** Frames that were masked, each of them self-tested, and those left out to catch up; ever. */
  get counters(): Readonly<{ masked: number; skipped: number }> {
    return this.#count;
  }

  /** Of the picture's area, 0..1; 0 before the first masked frame. */
  get maskedShare(): number {
    return this.#maskedShare;
  }

  demand(wanted: boolean): void {
    this.#wanted = wanted || !this.#config.output.onDemand;
    if (!this.#wanted) this.#context.encode.sleep();
    if (!this.isShowing) this.answerZones();
  }

  /** Control keeps up again. */
  resume(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    this.#context.encode.forceKeyframe();
  }

  /** The next frame is masked with other zones. */
  zonesChanged(): void {
    this.#maskedOnce = false;
    this.#context.encode.forceKeyframe();
    // Where no frame is being shown there is none to wait for: whatever comes next is masked with the new set.
    if (!this.isShowing) this.answerZones();
  }

  /** Says, once, that nothing masked with older zones will be sent any more. */
  answerZones(): void {
    const { revision } = this.#context.mask.zones;
    if (this.#appliedRevision === revision) return;
    this.#appliedRevision = revision;
    this.#context.events.zonesApplied(revision);
  }

  /** Puts a frame on the canvas. null: it cannot be masked, and that was told. */
  load(frame: Frame): RawPicture | null {
    try {
      return this.#context.mask.load(frame);
    } catch (error) {
      this.#maskFailed(error);
      return null;
    }
  }

  /** @param raw the frame on the canvas, where it was loaded just before */
  show(frame: Frame, times: FrameTimes, raw: RawPicture | null): void {
    const { state, mask, requests, encode, blindness } = this.#context;
    const testing = state.has('self-test-failed');
    // Also while nobody watches: what was withheld is masked once before it is said to be.
    const isOpen = state.condition.kind === 'masking' && this.#maskedOnce;
    // And where people are masked: that they cannot be seen must show in the state before somebody watches.
    const isDue = this.#wanted || !isOpen || testing || requests.wantsSnapshot || mask.people.isNeeded;
    if (!isDue) return;
    const started = performance.now();
    let masked: MaskedFrame<Canvas>;
    try {
      masked = raw ? mask.mask(raw, times.pts) : mask.apply(frame, times.pts);
    } catch (error) {
      this.#maskFailed(error);
      return;
    }
    this.#count.masked++;
    this.#maskedOnce = true;
    this.#maskedShare = masked.plan.maskedShare;
    blindness.masked(masked.plan.maskedShare);
    if (testing && performance.now() - this.#selfTestFailedAt >= SELF_TEST_PROOF_MS) {
      state.release('self-test-failed');
      encode.sleep();
    }
    if (!state.isSettledMasking || testing) state.be({ kind: 'masking' }, null);
    if (state.state.state !== 'masked') return;
    requests.takeSnapshots(masked);
    if (!this.#wanted || !this.#flowing || this.#skipToCatchUp()) return;
    this.#times = {
      ...times,
      maskMs: performance.now() - started + (raw?.ms ?? 0),
      encodeStart: performance.now(),
      width: masked.picture.width,
      height: masked.picture.height,
    };
    encode.encode(masked, frame, times.pts);
  }

  /** Hands on what the encoder made of the frame at hand. */
  send(picture: EncodedPicture): void {
    const { receivedAt, decodeMs, maskMs, encodeStart, width, height } = this.#times;
    this.#flowing = this.#context.events.packet({
      type: 'packet',
      epoch: this.#config.epoch,
      revision: this.#context.mask.zones.revision,
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
    this.answerZones();
  }

  /** What was masked, or what the encoder made of it, does not hold the mask: withheld until it has held for some time. */
  selfTestFailed(detail: string): void {
    const { state, held, events } = this.#context;
    this.#selfTestFailedAt = performance.now();
    state.hold('self-test-failed');
    held.clear();
    events.log('error', 'the mask failed its self-test', { detail });
    state.settle(detail);
  }

  #maskFailed(error: unknown): void {
    const { state, events } = this.#context;
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof MaskError && error.code === 'mask-self-test') return this.selfTestFailed(detail);
    state.hold('config-invalid');
    events.log('error', 'a frame could not be masked', { detail });
    state.settle(detail);
  }

  /** Every other picture at most, so that a worker that is behind still moves. */
  #skipToCatchUp(): boolean {
    this.#skipped = !this.#skipped && this.#context.isBehind();
    if (this.#skipped) this.#count.skipped++;
    return this.#skipped;
  }
}
