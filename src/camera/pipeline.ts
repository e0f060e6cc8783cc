import type { Frame } from 'node-av/lib';
import type { VisionLink } from '../vision/link/ticket.js';
import { Admission } from './admission.js';
import { BitrateWindow } from './bitrate-window.js';
import { Blindness } from './blindness.js';
import { CommissionView } from './commission/commission-view.js';
import { type CommissionGrant, NEVER_RAW } from './commission/grant.js';
import { Orienter } from './decode/orienter.js';
import { DecodeStage } from './decode-stage.js';
import { EncodeStage } from './encode-stage.js';
import { type FrameTimes, HeldFrames } from './held-frames.js';
import { ReconnectingSource } from './ingest/reconnecting-source.js';
import { SourceError, type SourcePicture, type SourceTrack } from './ingest/source.js';
import { digestLines } from './log-digest.js';
import { MaskStage } from './mask-stage.js';
import { MaskedOutput } from './masked-output.js';
import type { CoarseOver, WorkerConfig, WorkerCounters, ZonesInForce } from './messages.js';
import { PictureQueue } from './picture-queue.js';
import { PictureRequests } from './picture-requests.js';
import type { PipelineEvents } from './pipeline-events.js';
import { SourceFacts } from './source-facts.js';
import type { StreamState, WithheldReason } from './state.js';
import { StateKeeper } from './state-keeper.js';
import { VisionTap } from './vision-tap.js';

/** Assumed until the source's rhythm is known. */
const DEFAULT_FPS = 25;

/** So many pictures waiting: the next one is decoded but not encoded, so that delay does not pile up. */
const BEHIND = 3;

/** One camera, from its source to masked packets. Everything runs on one thread, one frame a turn; it ends with its process. */
export class CameraPipeline {
  readonly #lookAhead: number;
  readonly #events: PipelineEvents;
  readonly #state: StateKeeper;
  readonly #source: ReconnectingSource;
  readonly #facts: SourceFacts;
  readonly #queue: PictureQueue;
  readonly #decode: DecodeStage;
  readonly #orienter = new Orienter();
  readonly #tap: VisionTap;
  readonly #admission: Admission;
  readonly #held: HeldFrames;
  readonly #mask: MaskStage;
  readonly #blindness: Blindness;
  readonly #requests: PictureRequests;
  readonly #commission: CommissionView;
  readonly #output: MaskedOutput;
  readonly #encode: EncodeStage;
  readonly #bitrate = new BitrateWindow(performance.now());
  /** One frame after the other may be dropped for the same cause. */
  readonly #tellDropped: (cause: string) => void;
  #count = { received: 0, decoded: 0, refused: 0, bytesIn: 0 };

  constructor(config: WorkerConfig, events: PipelineEvents) {
    this.#lookAhead = config.lookAhead;
    this.#events = events;
    this.#state = new StateKeeper(config.holds, (state, detail, isNew) => this.#stateChanged(state, detail, isNew));
    this.#tellDropped = digestLines((digest) => events.log('error', 'frames were dropped', { ...digest }));
    const state = this.#state;
    const mask = new MaskStage(config.zones);
    const held = new HeldFrames(config.lookAhead);
    this.#mask = mask;
    this.#held = held;
    this.#facts = new SourceFacts((info) => events.source(info));
    this.#blindness = new Blindness(mask, state, held, events);
    this.#requests = new PictureRequests(mask, (request, jpeg) => events.snapshot(request, jpeg));
    this.#commission = new CommissionView(config.commissioning, {
      picture: (request, picture) => events.commissioned(request, picture),
      refused: (why) => events.log('warn', 'no raw picture was made', { why }),
    });
    const tellUnseen = digestLines((digest) => events.log('warn', 'frames were not looked at', { ...digest }));
    this.#tap = new VisionTap(config.camera, {
      people: (pts, people, validMs) => this.#blindness.sawPeople(pts, people, validMs),
      lost: () => this.#blindness.lostSight(),
      failed: tellUnseen,
    });
    this.#tap.use(config.vision);
    this.#admission = new Admission(config, { state, held, mask, events, viewChanged: () => this.#tap.viewChanged() });
    this.#encode = new EncodeStage(
      config.output,
      {
        picture: (picture) => this.#output.send(picture),
        fault: (fault) =>
          this.#output.selfTestFailed(`the encoder's output does not hold the mask: ${JSON.stringify(fault)}`),
        opened: (encoder) => this.#facts.usesEncoder(encoder),
      },
      DEFAULT_FPS,
    );
    this.#output = new MaskedOutput(config, {
      state,
      held,
      mask,
      events,
      blindness: this.#blindness,
      requests: this.#requests,
      encode: this.#encode,
      isBehind: () => this.#queue.length >= BEHIND,
    });
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
        state.condition.kind === 'offline' || state.be({ kind: 'starting', reason: 'connecting' }, null),
      lost: (error) => this.#lost(error),
      track: (track) => this.#begin(track),
      picture: (picture) => this.#receive(picture),
      frame: (frame, pts, receivedAt) => this.#showFrame(frame, { pts, receivedAt, decodeMs: 0 }),
    });
  }

  start(): void {
    this.#admission.start();
    this.#state.settle();
    this.#events.state(this.#state.state, null);
    this.#source.start();
  }

  get counters(): WorkerCounters {
    const { received, decoded, refused, bytesIn } = this.#count;
    const { masked, skipped } = this.#output.counters;
    return {
      received,
      decoded,
      masked,
      selfTests: masked,
      bytesIn,
      dropped: refused + skipped + this.#queue.dropped + this.#decode.heldBack,
      decodeErrors: this.#decode.errors,
      encoded: this.#encode.encoded,
      decodeBacks: this.#encode.decodeBacks,
    };
  }

  /** Of the picture's area, 0..1; 0 before the first masked frame. */
  get maskedShare(): number {
    return this.#output.maskedShare;
  }

  useZones(zones: ZonesInForce): void {
    this.#mask.use(zones);
    this.#admission.useZones(zones.zones);
    this.#blindness.forget();
    this.#state.release('config-invalid');
    this.#output.zonesChanged();
    this.#state.settle();
  }

  hold(reasons: readonly WithheldReason[]): void {
    this.#state.give(reasons);
  }

  demand(wanted: boolean): void {
    this.#output.demand(wanted);
  }

  /** The present view becomes the accepted one. */
  learnView(): void {
    this.#admission.learnView();
  }

  useVision(link: VisionLink | null): void {
    this.#tap.use(link);
  }

  forceKeyframe(): void {
    this.#encode.forceKeyframe();
  }

  snapshot(request: number): void {
    if (this.#state.state.state === 'masked') this.#requests.snapshot(request);
    else this.#events.snapshot(request, null);
  }

  /** Asks for the next picture coarsened as a whole, whatever the state. */
  coarse(request: number, over: CoarseOver): void {
    this.#requests.coarse(request, over);
  }

  /** The next frame as it is, where that may be: for the commissioning view. */
  commission(grant: CommissionGrant): void {
    this.#commission.use(grant);
  }

  /** Control keeps up again. */
  resume(): void {
    this.#output.resume();
  }

  get #isWithheld(): boolean {
    return this.#state.state.state === 'withheld';
  }

  #begin(track: SourceTrack): void {
    this.#drop();
    this.#admission.restart();
    this.#tap.viewChanged();
    try {
      this.#decode.open(track);
    } catch (error) {
      this.#source.restart(new SourceError('source-unsupported', messageOf(error), { cause: error }));
      return;
    }
    if (track.fps) this.#encode.fps = track.fps;
    this.#facts.begin(track, this.#decode.name);
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
    const bitrate = this.#bitrate.add(picture.data.length, performance.now());
    if (bitrate !== null) this.#encode.followBitrate(bitrate);
    this.#queue.push(picture);
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
      this.#count.refused++;
      this.#tellDropped(messageOf(error));
    }
  }

  #admit(frame: Frame, times: FrameTimes): void {
    const { width, height } = frame;
    this.#facts.sawSize(width, height);
    // Also what is withheld is looked at: it may be the reason, or the way back.
    this.#tap.offer(frame, times.pts);
    this.#requests.takeCoarse(frame);
    this.#commission.offer(frame, this.#state.hasAny(NEVER_RAW));
    if (!this.#admission.mayBeView({ width, height })) return;
    // What is shown at once is copied once: the guard looks at what is about to be masked.
    const isShared = this.#output.isShowing && this.#lookAhead === 0;
    const raw = isShared ? this.#output.load(frame) : null;
    if ((isShared && !raw) || !this.#admission.checkView(frame, raw)) return;
    this.#held.pass(frame, times, (due, dueTimes) => this.#output.show(due, dueTimes, raw));
  }

  #stateChanged(state: StreamState, detail: string | null, isNew: boolean): void {
    if (isNew) {
      if (state.state !== 'masked') {
        this.#held.clear();
        this.#requests.refuseSnapshots();
        this.#output.answerZones();
      }
      this.#encode.forceKeyframe();
    }
    this.#events.state(state, detail);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
