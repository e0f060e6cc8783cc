import { NEVER_RAW } from '../camera/commission/grant.js';
import type { RawJpeg } from '../camera/commission/raw-jpeg.js';
import type {
  CoarseOver,
  FromWorker,
  MaskedPacket,
  SourceInfo,
  WorkerCounters,
  ZonesInForce,
} from '../camera/messages.js';
import type { StreamState, WithheldReason } from '../camera/state.js';
import { UniformView } from '../guard/uniform-view.js';
import type { Logger } from '../rtsp/logger.js';
import type { EvidencePicture } from '../rules/finding.js';
import type { VisionLink } from '../vision/link/ticket.js';
import type { ViewStanding } from '../zones/view-store.js';
import type { Size } from '../zones/zone.js';
import { CameraMeter } from './camera-meter.js';
import type { CameraMetrics } from './camera-metrics.js';
import type { CameraSetup, KnownView } from './camera-setup.js';
import type { CameraStatus } from './camera-status.js';
import { RawPictures } from './commission/raw-pictures.js';
import { Fence } from './fence.js';
import { MaskedStream } from './masked-stream.js';
import type { MinutePoint } from './minute-history.js';
import type { SlateShelf } from './slate-shelf.js';
import { StreamDisplay } from './stream-display.js';
import { Timeline } from './timeline.js';
import { ViewerState } from './viewer-state.js';
import { WorkerAnswers } from './worker-answers.js';
import { WorkerKeeper } from './worker-keeper.js';

/** A picture of what was found is asked for so often, each time for as long as a snapshot. */
const EVIDENCE_ATTEMPTS = 10;

/** @param view the text of an accepted one */
const standingOf = (view: string): ViewStanding => (UniformView.parse(view) ? 'uniform' : 'accepted');

export interface CameraEvents {
  /** The first size of a picture that came with these zones, or another one of it. */
  size(size: Size): void;
  /** The worker took a view for the accepted one. */
  view(view: string): void;
  /** Nothing can be learned of the view that is to be guarded. */
  unlearnable(why: 'uniform' | 'unsteady'): void;
  /** The zones follow a small drift of the view. */
  drift(detail: string): void;
  /** What the source turned out to be. */
  source(info: SourceInfo): void;
  transition(from: StreamState, to: StreamState, detail: string | null): void;
}

export interface CameraContext {
  readonly shelf: SlateShelf;
  readonly metrics: CameraMetrics;
  readonly logger: Logger;
}

/**
 * Keeps one camera's worker equal to what it should be: running, with the zones in force and the holds that are known, and its
 * stream showing pictures only while the state allows. The last word on what viewers get is here.
 */
export class CameraControl {
  readonly id: string;
  readonly stream: MaskedStream;
  #setup: CameraSetup;
  readonly #events: CameraEvents;
  readonly #context: CameraContext;
  readonly #fence = new Fence();
  readonly #workers: WorkerKeeper;
  readonly #answers = new WorkerAnswers();
  readonly #rawPictures = new RawPictures();
  readonly #state: ViewerState;
  readonly #display: StreamDisplay;
  readonly #meter: CameraMeter;
  #zones: ZonesInForce;
  #view: KnownView;
  #viewStanding: ViewStanding;
  #vision: VisionLink | null = null;
  #source: SourceInfo | null = null;
  #maskedShare = 0;
  /** Of the last picture that was handed on. */
  #passedRevision = 0;
  /** Of before it was withheld the last time, nothing waits for a viewer any more. */
  #drained: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(setup: CameraSetup, zones: ZonesInForce, view: KnownView, events: CameraEvents, context: CameraContext) {
    const { shelf, metrics, logger } = context;
    this.id = setup.camera;
    this.#setup = setup;
    this.#zones = zones;
    this.#view = view;
    this.#viewStanding = view.view !== null ? standingOf(view.view) : view.mayLearn ? 'learning' : 'unaccepted';
    this.#events = events;
    this.#context = context;
    this.#meter = new CameraMeter(this.id, metrics);
    this.#fence.require(zones.revision);
    this.#workers = new WorkerKeeper(
      this.#fence,
      {
        began: () => {
          this.stream.newSource();
          this.#meter.newWorker();
        },
        message: (message) => this.#heard(message),
        ended: (how, detail) => {
          metrics.workerRestarts.inc({ camera: this.id, how });
          logger.warn({ camera: this.id, how, detail }, 'worker ended');
          const reason = how === 'hung' ? 'worker-hung' : 'worker-crashed';
          this.#state.workerIs({ state: 'starting', reason }, detail);
          this.#answers.settle();
          this.#rawPictures.settle();
        },
      },
      logger,
    );
    const { codec } = setup.output;
    this.stream = new MaskedStream(this.id, codec, new Timeline(() => performance.now()), {
      demand: (wanted) => this.#workers.send({ type: 'demand', wanted }),
      keyframe: () => this.#workers.send({ type: 'keyframe' }),
    });
    this.#display = new StreamDisplay(this.stream, codec, shelf, logger);
    this.#state = new ViewerState((before, state, detail) => {
      this.#meter.countState(before, state);
      this.#display.show(state);
      // What waits for slow viewers may be what it is withheld for.
      if (state.state === 'withheld') this.#drained = this.stream.drained();
      events.transition(before, state, detail);
    });
    metrics.zoneRevision.set({ camera: this.id }, zones.revision);
  }

  /** Starts the worker. @param holds that are known from the start, so that not one picture precedes them */
  start(holds: Iterable<WithheldReason>): void {
    this.#meter.countState(null, this.state);
    this.#state.hold(holds, true);
    this.#display.show(this.state);
    this.#workers.start();
  }

  /** Another source, or other output: a new worker, the same stream. The codec stays. */
  reconfigure(setup: CameraSetup): void {
    this.#setup = setup;
    this.#workers.stop();
    this.#state.workerIs({ state: 'starting', reason: 'worker-starting' }, null);
    this.#answers.settle();
    this.#rawPictures.settle();
    this.#workers.start();
  }

  close(): void {
    this.#closed = true;
    this.#workers.stop();
    this.#answers.settle();
    this.#rawPictures.settle();
    this.#display.close();
    this.stream.close();
    this.#context.metrics.remove(this.id);
  }

  get state(): StreamState {
    return this.#state.state;
  }

  get zones(): ZonesInForce {
    return this.#zones;
  }

  /** Of the last day, by the minute. */
  history(): readonly MinutePoint[] {
    return this.#meter.history.points();
  }

  get status(): CameraStatus {
    const { state, detail, since, interruption } = this.#state.standing;
    return {
      id: this.id,
      state: state.state,
      reason: state.reason,
      detail,
      since: since.toISOString(),
      fps: this.#meter.fps,
      latency: this.#meter.latency,
      maskedArea: this.#maskedShare,
      clients: this.stream.viewers,
      viewStanding: this.#viewStanding,
      zoneRevision: this.#zones.revision,
      source: this.#source,
      workerPid: this.#workers.pid,
      interruption,
    };
  }

  /** Puts a zone set in force. Resolves once nothing masked with an older set can reach a viewer any more. */
  async useZones(zones: ZonesInForce): Promise<void> {
    this.#zones = zones;
    this.#context.metrics.zoneRevision.set({ camera: this.id }, zones.revision);
    if (this.#workers.isRunning) {
      this.#workers.send({ type: 'zones', zones });
      await this.#answers.zones(zones.revision);
    }
    this.#require(zones.revision);
    await this.stream.drained();
  }

  /** The present view is the accepted one, on a person's word: the one before is forgotten. */
  learnView(): void {
    this.#view = { view: null, mayLearn: true };
    this.#viewStanding = 'learning';
    this.#workers.send({ type: 'learn-view' });
  }

  /** How its worker reaches the vision process from now on. */
  useVision(link: VisionLink | null): void {
    this.#vision = link;
    this.#workers.send({ type: 'vision', link });
  }

  /** Begins or ends a reason to withhold that control knows of. Resolves once no picture of before it was withheld can reach a viewer. */
  hold(reason: WithheldReason, held: boolean): Promise<void> {
    // The slate first: what the worker still sends must find the door closed.
    this.#state.hold([reason], held);
    this.#workers.send({ type: 'hold', reasons: this.#state.holds });
    return this.#drained;
  }

  /** A masked picture as JPEG, or the slate where there is none. */
  async snapshot(): Promise<Buffer> {
    return (await this.maskedPicture()) ?? this.#display.slate();
  }

  /**
   * A picture to keep of what was found: as viewers see it, or coarsened as a whole where it is withheld or `whole` asks for it. null
   * where no picture comes.
   */
  async evidence(whole: boolean): Promise<EvidencePicture | null> {
    const jpeg = whole ? null : await this.maskedPicture();
    if (jpeg) return { jpeg, masked: 'zones' };
    // A worker that starts, or a camera that is slow to come, gets some time: what was found is kept meanwhile.
    for (let attempt = 0; attempt < EVIDENCE_ATTEMPTS && !this.#closed; attempt++) {
      const coarse = await this.#askCoarse('zones');
      if (coarse) return { jpeg: coarse, masked: 'whole' };
    }
    return null;
  }

  /** The next picture coarsened as a whole, without its zones, whatever the state; null where none comes. To draw zones on. */
  coarsePicture(): Promise<Buffer | null> {
    return this.#askCoarse('bare');
  }

  /** The next frame as it is, for the commissioning view alone; null where none comes, or none may. @param until `machineClock` */
  async rawPicture(until: number): Promise<RawJpeg | null> {
    if (!this.#workers.isRunning || this.holdsAny(NEVER_RAW)) return null;
    const { epoch } = this.#fence;
    const picture = await this.#rawPictures.ask(until, (grant) => this.#workers.send({ type: 'commission', grant }));
    return epoch === this.#fence.epoch && !this.holdsAny(NEVER_RAW) ? picture : null;
  }

  /** Whether control holds the stream back for one of these. */
  holdsAny(reasons: readonly WithheldReason[]): boolean {
    return reasons.some((reason) => this.#state.holds.includes(reason));
  }

  /** The picture that viewers have now, as JPEG; null where they have none. */
  async maskedPicture(): Promise<Buffer | null> {
    if (this.state.state !== 'masked' || !this.#workers.isRunning) return null;
    const { epoch } = this.#fence;
    const jpeg = await this.#answers.picture((request) => this.#workers.send({ type: 'snapshot', request }));
    // Withheld or replaced meanwhile: the picture is of a moment that may not be shown any more.
    return this.state.state === 'masked' && epoch === this.#fence.epoch ? jpeg : null;
  }

  #askCoarse(over: CoarseOver): Promise<Buffer | null> {
    return this.#answers.picture((request) => this.#workers.send({ type: 'coarse', request, over }));
  }

  #heard(message: FromWorker): void {
    switch (message.type) {
      case 'hello':
        return this.#configure();
      case 'alive':
        this.#maskedShare = message.maskedShare;
        return this.#countWork(message.counters);
      case 'state':
        return this.#state.workerIs(message.state, message.detail);
      case 'source':
        return this.#learnSource(message.info);
      case 'view':
        this.#view = { view: message.view, mayLearn: false };
        this.#viewStanding = standingOf(message.view);
        return this.#events.view(message.view);
      case 'view-drifted':
        return this.#events.drift(message.detail);
      case 'view-unlearnable':
        this.#viewStanding = message.why;
        return this.#events.unlearnable(message.why);
      case 'zones-applied':
        this.#require(message.revision);
        return this.#answers.zonesApplied(message.revision);
      case 'snapshot':
        return this.#answers.pictureCame(message.request, message.jpeg);
      case 'commissioned':
        return this.#rawPictures.heard(message.request, message.picture);
      case 'log':
        return this.#log(message);
      case 'packet':
        return this.#pass(message);
    }
  }

  #configure(): void {
    const { guardMode, ...setup } = this.#setup;
    this.#workers.send({
      type: 'configure',
      config: {
        ...setup,
        guard: { mode: guardMode, ...this.#view },
        epoch: this.#fence.epoch,
        zones: this.#zones,
        holds: this.#state.holds,
        wanted: this.stream.wanted,
        vision: this.#vision,
      },
    });
  }

  #pass(packet: MaskedPacket): void {
    if (!this.#fence.passes(packet)) return this.#meter.countFenced();
    this.#display.size = packet;
    this.#passedRevision = packet.revision;
    const data = Buffer.from(packet.data.buffer, packet.data.byteOffset, packet.data.byteLength);
    const { keyframe, pts, width, height } = packet;
    if (this.stream.publish({ data, keyframe, pts, width, height })) this.#meter.countPicture(packet);
  }

  #learnSource(info: SourceInfo): void {
    this.#source = info;
    this.stream.frameRate = info.fps;
    const size = { width: info.width, height: info.height };
    this.#display.expect(size);
    this.#events.size(size);
    this.#events.source(info);
  }

  #countWork(counters: WorkerCounters): void {
    const { metrics } = this.#context;
    this.#meter.countWork(counters);
    this.#meter.countTime(this.state);
    metrics.clients.set({ camera: this.id }, this.stream.viewers);
    metrics.maskedShare.set({ camera: this.id }, this.#maskedShare);
  }

  /** From now on nothing masked with older zones gets out: not from the worker, nor of what is kept for late joiners. */
  #require(revision: number): void {
    this.#fence.require(revision);
    if (this.#passedRevision < revision) this.stream.forgetPictures();
  }

  #log({ level, message, fields }: Extract<FromWorker, { type: 'log' }>): void {
    const { logger } = this.#context;
    logger[level === 'error' ? 'warn' : level]({ camera: this.id, ...fields }, message);
  }
}
