import type {
  FromWorker,
  GuardSettings,
  MaskedPacket,
  SourceInfo,
  WorkerConfig,
  WorkerCounters,
  ZonesInForce,
} from '../camera/messages.js';
import {
  deriveState,
  type SourceCondition,
  type StreamState,
  sameState,
  stateLabel,
  type WithheldReason,
} from '../camera/state.js';
import type { Logger } from '../rtsp/logger.js';
import type { EvidencePicture } from '../rules/finding.js';
import type { VisionLink } from '../vision/link/ticket.js';
import type { ViewStanding } from '../zones/view-store.js';
import type { Size } from '../zones/zone.js';
import { CameraMeter } from './camera-meter.js';
import type { CameraMetrics } from './camera-metrics.js';
import { Fence } from './fence.js';
import type { LatencySummary } from './latency-window.js';
import { MaskedStream } from './masked-stream.js';
import { HEALTHY_MS, restartDelay } from './restart-delay.js';
import { FIRST_SLATE_SIZE } from './slate.js';
import type { SlateShelf } from './slate-shelf.js';
import { Timeline } from './timeline.js';
import { WorkerProcess } from './worker-process.js';

/** A zone change is answered after this long, ms, even if no packet came: the fence holds back whatever is older. */
const APPLY_TIMEOUT_MS = 1500;

/** A snapshot waits for the next frame this long, ms. */
const SNAPSHOT_TIMEOUT_MS = 1500;

/** A picture of what was found is asked for so often, each time for as long as a snapshot. */
const EVIDENCE_ATTEMPTS = 10;

/** What stands in for a picture that may be shown but is not there yet. */
const FIRST_SLATE = 'starting:waiting-for-keyframe';

/** What a worker must be told to run this camera; control adds what changes. */
export type CameraSetup = Pick<WorkerConfig, 'camera' | 'source' | 'output' | 'lookAhead' | 'ptz'> & {
  readonly guardMode: GuardSettings['mode'];
};

/** The accepted view, and whether the first stable one may be taken where there is none. */
export type KnownView = Omit<GuardSettings, 'mode'>;

export interface CameraStatus {
  readonly id: string;
  readonly state: StreamState['state'];
  readonly reason: StreamState['reason'];
  /** The failure in words, or null. */
  readonly detail: string | null;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Pictures handed on in the last second. */
  readonly fps: number;
  readonly latency: LatencySummary | null;
  /** 0..1 */
  readonly maskedArea: number;
  readonly clients: number;
  readonly zoneRevision: number;
  readonly source: SourceInfo | null;
  readonly workerPid: number | null;
  /** The last time that viewers had no picture any more; null: not since the first one. */
  readonly interruption: Interruption | null;
  readonly viewStanding: ViewStanding;
}

/** A time without a picture, after there was one. However short, people see afterwards that it was. */
export interface Interruption {
  /** What began it. */
  readonly reason: NonNullable<StreamState['reason']>;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601; null: it goes on. */
  readonly until: string | null;
}

export interface CameraEvents {
  /** The first size of a picture that came with these zones, or another one of it. */
  size(size: Size): void;
  /** The worker took a view for the accepted one. */
  view(view: string): void;
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
  readonly #holds = new Set<WithheldReason>();
  readonly #meter: CameraMeter;
  #zones: ZonesInForce;
  #view: KnownView;
  #viewStanding: ViewStanding;
  #vision: VisionLink | null = null;
  #worker: WorkerProcess | null = null;
  #workerStartedAt = 0;
  #failures = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #closed = false;
  /** What the worker says of itself; what control says of a worker that cannot. */
  #workerState: StreamState = { state: 'starting', reason: 'worker-starting' };
  #detail: string | null = null;
  #state: StreamState = { state: 'starting', reason: 'worker-starting' };
  #since = new Date();
  #interruption: Interruption | null = null;
  #source: SourceInfo | null = null;
  #size: Size = FIRST_SLATE_SIZE;
  #maskedShare = 0;
  /** Of the last picture that was handed on. */
  #passedRevision = 0;
  #applied: { revision: number; resolve: () => void }[] = [];
  #snapshots = new Map<number, (jpeg: Buffer | null) => void>();
  #nextSnapshot = 1;

  constructor(setup: CameraSetup, zones: ZonesInForce, view: KnownView, events: CameraEvents, context: CameraContext) {
    this.id = setup.camera;
    this.#setup = setup;
    this.#zones = zones;
    this.#view = view;
    this.#viewStanding = view.view !== null ? 'accepted' : view.mayLearn ? 'learning' : 'unaccepted';
    this.#events = events;
    this.#context = context;
    this.#meter = new CameraMeter(this.id, context.metrics);
    this.#fence.require(zones.revision);
    this.stream = new MaskedStream(this.id, setup.output.codec, new Timeline(() => performance.now()), {
      demand: (wanted) => this.#worker?.send({ type: 'demand', wanted }),
      keyframe: () => this.#worker?.send({ type: 'keyframe' }),
    });
    context.metrics.zoneRevision.set({ camera: this.id }, zones.revision);
  }

  /** Starts the worker. @param holds that are known from the start, so that not one picture precedes them */
  start(holds: Iterable<WithheldReason>): void {
    for (const hold of holds) this.#holds.add(hold);
    this.#meter.countState(null, this.#state);
    this.#settle(null);
    this.#showSlate();
    this.#launch();
  }

  /** Another source, or other output: a new worker, the same stream. The codec stays. */
  reconfigure(setup: CameraSetup): void {
    this.#setup = setup;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#worker?.kill();
    this.#workerState = { state: 'starting', reason: 'worker-starting' };
    this.#settle(null);
    this.#settleWaiters();
    this.#launch();
  }

  close(): void {
    this.#closed = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#fence.nextEpoch();
    this.#worker?.kill();
    this.#worker = null;
    this.#settleWaiters();
    this.stream.close();
    this.#context.metrics.remove(this.id);
  }

  get state(): StreamState {
    return this.#state;
  }

  get zones(): ZonesInForce {
    return this.#zones;
  }

  get status(): CameraStatus {
    return {
      id: this.id,
      state: this.#state.state,
      reason: this.#state.reason,
      detail: this.#detail,
      since: this.#since.toISOString(),
      fps: this.#meter.fps,
      latency: this.#meter.latency,
      maskedArea: this.#maskedShare,
      clients: this.stream.viewers,
      viewStanding: this.#viewStanding,
      zoneRevision: this.#zones.revision,
      source: this.#source,
      workerPid: this.#worker?.pid ?? null,
      interruption: this.#interruption,
    };
  }

  /** Puts a zone set in force. Resolves once nothing masked with an older set can reach a viewer any more. */
  async useZones(zones: ZonesInForce): Promise<void> {
    this.#zones = zones;
    this.#context.metrics.zoneRevision.set({ camera: this.id }, zones.revision);
    const worker = this.#worker;
    if (worker) {
      const applied = new Promise<void>((resolve) => this.#applied.push({ revision: zones.revision, resolve }));
      worker.send({ type: 'zones', zones });
      await Promise.race([applied, expire(APPLY_TIMEOUT_MS)]);
    }
    this.#require(zones.revision);
  }

  /** The present view is the accepted one, on a person's word: the one before is forgotten. */
  learnView(): void {
    this.#view = { view: null, mayLearn: true };
    this.#viewStanding = 'learning';
    this.#worker?.send({ type: 'learn-view' });
  }

  /** How its worker reaches the vision process from now on. */
  useVision(link: VisionLink | null): void {
    this.#vision = link;
    this.#worker?.send({ type: 'vision', link });
  }

  /** Begins or ends a reason to withhold that control knows of. */
  hold(reason: WithheldReason, held: boolean): void {
    if (held) this.#holds.add(reason);
    else this.#holds.delete(reason);
    // The slate first: what the worker still sends must find the door closed.
    this.#settle(this.#detail);
    this.#worker?.send({ type: 'hold', reasons: [...this.#holds] });
  }

  /** A masked picture as JPEG, or the slate where there is none. */
  async snapshot(): Promise<Buffer> {
    const picture = await this.maskedPicture();
    if (picture) return picture;
    const { shelf } = this.#context;
    const { codec } = this.#setup.output;
    await shelf.prepare(FIRST_SLATE_SIZE, codec);
    const label = this.#state.state === 'masked' ? FIRST_SLATE : stateLabel(this.#state);
    return shelf.find(label, this.#size, codec)!.jpeg;
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
      const coarse = await this.#askPicture('evidence');
      if (coarse) return { jpeg: coarse, masked: 'whole' };
    }
    return null;
  }

  /** The picture that viewers have now, as JPEG; null where they have none. */
  async maskedPicture(): Promise<Buffer | null> {
    if (this.#state.state !== 'masked' || !this.#worker) return null;
    const { epoch } = this.#fence;
    const jpeg = await this.#askPicture('snapshot');
    // Withheld or replaced meanwhile: the picture is of a moment that may not be shown any more.
    return this.#state.state === 'masked' && epoch === this.#fence.epoch ? jpeg : null;
  }

  async #askPicture(type: 'snapshot' | 'evidence'): Promise<Buffer | null> {
    if (!this.#worker) return expire(SNAPSHOT_TIMEOUT_MS);
    const request = this.#nextSnapshot++;
    const answer = new Promise<Buffer | null>((resolve) => this.#snapshots.set(request, resolve));
    this.#worker.send({ type, request });
    const jpeg = await Promise.race([answer, expire(SNAPSHOT_TIMEOUT_MS)]);
    this.#snapshots.delete(request);
    return jpeg;
  }

  #launch(): void {
    this.#restartTimer = null;
    const epoch = this.#fence.nextEpoch();
    this.stream.newSource();
    this.#meter.newWorker();
    this.#workerStartedAt = performance.now();
    this.#worker = new WorkerProcess(
      {
        message: (message) => this.#heard(message, epoch),
        ended: (how, detail) => this.#ended(how, detail),
      },
      this.#context.logger,
    );
  }

  #ended(how: 'crashed' | 'hung', detail: string): void {
    const { metrics, logger } = this.#context;
    this.#worker = null;
    // Retired at once: packets that are still on the way are of the past.
    this.#fence.nextEpoch();
    metrics.workerRestarts.inc({ camera: this.id, how });
    logger.warn({ camera: this.id, how, detail }, 'worker ended');
    this.#workerState = { state: 'starting', reason: how === 'hung' ? 'worker-hung' : 'worker-crashed' };
    this.#settle(detail);
    this.#settleWaiters();
    if (this.#closed) return;
    this.#failures = performance.now() - this.#workerStartedAt > HEALTHY_MS ? 1 : this.#failures + 1;
    this.#restartTimer = setTimeout(() => this.#launch(), restartDelay(this.#failures));
  }

  #heard(message: FromWorker, epoch: number): void {
    if (epoch !== this.#fence.epoch) return;
    switch (message.type) {
      case 'hello':
        return this.#configure(epoch);
      case 'alive':
        this.#maskedShare = message.maskedShare;
        return this.#countWork(message.counters);
      case 'state':
        this.#workerState = message.state;
        return this.#settle(message.detail);
      case 'source':
        return this.#learnSource(message.info);
      case 'view':
        this.#view = { view: message.view, mayLearn: false };
        this.#viewStanding = 'accepted';
        return this.#events.view(message.view);
      case 'view-drifted':
        return this.#events.drift(message.detail);
      case 'view-unlearnable':
        this.#viewStanding = message.why;
        return;
      case 'zones-applied':
        return this.#answerApplied(message.revision);
      case 'snapshot':
        this.#snapshots.get(message.request)?.(message.jpeg && Buffer.from(message.jpeg));
        return;
      case 'log':
        return this.#log(message);
      case 'packet':
        return this.#pass(message);
    }
  }

  #configure(epoch: number): void {
    this.#worker?.send({
      type: 'configure',
      config: {
        camera: this.#setup.camera,
        source: this.#setup.source,
        output: this.#setup.output,
        lookAhead: this.#setup.lookAhead,
        ptz: this.#setup.ptz,
        guard: { mode: this.#setup.guardMode, ...this.#view },
        epoch,
        zones: this.#zones,
        holds: [...this.#holds],
        wanted: this.stream.wanted,
        vision: this.#vision,
      },
    });
  }

  #pass(packet: MaskedPacket): void {
    if (!this.#fence.passes(packet)) return this.#meter.countFenced();
    this.#size = packet;
    this.#passedRevision = packet.revision;
    const data = Buffer.from(packet.data.buffer, packet.data.byteOffset, packet.data.byteLength);
    const { keyframe, pts, width, height } = packet;
    if (this.stream.publish({ data, keyframe, pts, width, height })) this.#meter.countPicture(packet);
  }

  #learnSource(info: SourceInfo): void {
    this.#source = info;
    this.stream.frameRate = info.fps;
    const size = { width: info.width, height: info.height };
    this.#size = size;
    this.#context.shelf.prepare(size, this.#setup.output.codec).then(
      () => this.#slatesPainted(),
      (error: unknown) =>
        this.#context.logger.warn({ camera: this.id, error: String(error) }, 'slates were not painted'),
    );
    this.#events.size(size);
    this.#events.source(info);
  }

  #countWork(counters: WorkerCounters): void {
    const { metrics } = this.#context;
    this.#meter.countWork(counters);
    this.#meter.countTime(this.#state);
    metrics.clients.set({ camera: this.id }, this.stream.viewers);
    metrics.maskedShare.set({ camera: this.id }, this.#maskedShare);
  }

  /** Works out what viewers get, shows it, and tells of a change. */
  #settle(detail: string | null): void {
    const state = deriveState(conditionOf(this.#workerState), this.#allHolds());
    this.#detail = detail;
    if (sameState(state, this.#state)) return;
    const before = this.#state;
    this.#state = state;
    this.#meter.countState(before, state);
    this.#since = new Date();
    this.#interruption = interruptedBy(this.#interruption, before, state, this.#since.toISOString());
    if (state.state === 'masked') this.stream.showPictures();
    else this.#showSlate();
    this.#events.transition(before, state, detail);
  }

  #allHolds(): ReadonlySet<WithheldReason> {
    if (this.#workerState.state !== 'withheld') return this.#holds;
    return new Set([...this.#holds, this.#workerState.reason]);
  }

  #showSlate(): void {
    const { codec } = this.#setup.output;
    const slate = this.#context.shelf.find(stateLabel(this.#state), this.#size, codec);
    if (slate) return this.stream.showSlate(slate);
    // Not painted yet: no picture may stand in for it.
    this.stream.hidePictures();
    void this.#context.shelf.prepare(FIRST_SLATE_SIZE, codec).then(
      () => this.#slatesPainted(),
      () => undefined,
    );
  }

  /**
   * Puts up the slate that was waited for. Also where the state needs none any more but nothing was ever shown: no picture comes before
   * a client has asked for it, and no client can ask before it was told what the stream is.
   */
  #slatesPainted(): void {
    if (this.#closed) return;
    if (this.#state.state !== 'masked') return this.#showSlate();
    const slate = this.#context.shelf.find(FIRST_SLATE, this.#size, this.#setup.output.codec);
    if (this.stream.described || !slate) return;
    this.stream.showSlate(slate);
    this.stream.showPictures();
  }

  /** From now on nothing masked with older zones gets out: not from the worker, nor of what is kept for late joiners. */
  #require(revision: number): void {
    this.#fence.require(revision);
    if (this.#passedRevision < revision) this.stream.forgetPictures();
  }

  #answerApplied(revision: number): void {
    this.#require(revision);
    const ready = this.#applied.filter((waiter) => waiter.revision <= revision);
    this.#applied = this.#applied.filter((waiter) => waiter.revision > revision);
    for (const { resolve } of ready) resolve();
  }

  /** Nobody will answer any more. */
  #settleWaiters(): void {
    for (const { resolve } of this.#applied.splice(0)) resolve();
    for (const answer of this.#snapshots.values()) answer(null);
    this.#snapshots.clear();
  }

  #log({ level, message, fields }: Extract<FromWorker, { type: 'log' }>): void {
    const { logger } = this.#context;
    logger[level === 'error' ? 'warn' : level]({ camera: this.id, ...fields }, message);
  }
}

/** One goes from the loss of the picture to the next picture, whatever states are between. */
const interruptedBy = (
  last: Interruption | null,
  before: StreamState,
  state: StreamState,
  at: string,
): Interruption | null => {
  if (state.state === 'masked') return last && { ...last, until: last.until ?? at };
  return before.state === 'masked' ? { reason: state.reason, since: at, until: null } : last;
};

const conditionOf = (state: StreamState): SourceCondition => {
  switch (state.state) {
    case 'masked':
      return { kind: 'masking' };
    case 'offline':
      return { kind: 'offline', reason: state.reason };
    case 'starting':
      return { kind: 'starting', reason: state.reason };
    // Which source is behind a withheld stream is not known, and does not matter: its hold decides.
    case 'withheld':
      return { kind: 'starting', reason: 'waiting-for-keyframe' };
  }
};

const expire = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(resolve, ms, null).unref());
