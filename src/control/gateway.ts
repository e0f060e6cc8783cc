import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { RawJpeg } from '../camera/commission/raw-jpeg.js';
import type { ZonesInForce } from '../camera/messages.js';
import { type StreamState, stateLabel } from '../camera/state.js';
import type { CameraConfig, Site, UnitType, VisionConfig } from '../config/site.js';
import type { Journal } from '../record/journal.js';
import { type Attestation, attestedEvent, SignAttestations } from '../record/sign-attestations.js';
import type { Logger } from '../rtsp/logger.js';
import type { PublishedStream, StreamCatalogue } from '../rtsp/published-stream.js';
import { RtspPublisher } from '../rtsp/publisher.js';
import type { EvidencePicture, Finding, FindingSink } from '../rules/finding.js';
import type { VisionReport } from '../vision/messages.js';
import { FileViewStore } from '../zones/file-view-store.js';
import { FileZoneStore } from '../zones/file-zone-store.js';
import type { WantedZones, ZoneRevision } from '../zones/revision.js';
import type { Size } from '../zones/zone.js';
import { CameraControl } from './camera-control.js';
import { CameraMetrics } from './camera-metrics.js';
import { cameraSetup, type KnownView, needsNewStream, needsNewWorker } from './camera-setup.js';
import type { CommissionSource } from './commission/commission-desk.js';
import { evidenceFor, findInConfig, findInSource, findInTransition, findInView } from './find.js';
import { type CameraView, type GatewayApi, GatewayError } from './gateway-api.js';
import type { MinutePoint } from './minute-history.js';
import { PlaceKeeper } from './place-keeper.js';
import { PlaceLatches, type Release } from './place-latch.js';
import { SIGN_REVIEW_MS, SignKeeper } from './sign-keeper.js';
import { FIRST_SLATE_SIZE } from './slate.js';
import { SlateShelf } from './slate-shelf.js';
import { Turns } from './turns.js';
import { ViewKeeper } from './view-keeper.js';
import { VisionControl, type VisionStatus } from './vision-control.js';
import { visionFinding } from './vision-findings.js';
import { watchedCamera } from './watched-camera.js';
import { ZoneKeeper, zonesInForce } from './zone-keeper.js';

interface RunningCamera {
  config: CameraConfig;
  readonly control: CameraControl;
  readonly publishers: RtspPublisher[];
}

export interface GatewayOptions {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly journal: Journal;
  /** Where what is noticed goes. */
  readonly findings: FindingSink;
  /** A stream went to another state. */
  onTransition?(camera: string, state: StreamState): void;
  /** A stream was replaced or removed: its clients must be sent away. */
  onStreamEnd(id: string): void;
}

/** All cameras of a site: keeps what runs equal to what the site file and the zone store say. */
export class Gateway implements GatewayApi, CommissionSource {
  readonly catalogue: StreamCatalogue = {
    get: (id): PublishedStream | undefined => this.#cameras.get(id)?.control.stream,
  };
  /** Where whatever notices something reports it. */
  readonly findings: FindingSink;
  readonly #options: GatewayOptions;
  readonly #metrics: CameraMetrics;
  readonly #shelf: SlateShelf;
  readonly #cameras = new Map<string, RunningCamera>();
  readonly #zones: ZoneKeeper;
  readonly #views: ViewKeeper;
  readonly #places: PlaceKeeper;
  readonly #vision: VisionControl;
  readonly #signs: SignKeeper;
  readonly #attestations: SignAttestations;
  readonly #signReview: NodeJS.Timeout;
  #visionConfig: VisionConfig;
  readonly #turns = new Turns();

  constructor(site: Site, options: GatewayOptions) {
    this.#options = options;
    this.findings = options.findings;
    this.#metrics = new CameraMetrics(options.registry);
    this.#shelf = new SlateShelf(site.server.language, options.logger);
    this.#views = new ViewKeeper(new FileViewStore(site.storage.dir), options);
    this.#places = new PlaceKeeper(new PlaceLatches(site.storage.dir, () => new Date()), options);
    this.#visionConfig = site.vision;
    this.#vision = new VisionControl(
      {
        links: () => {
          for (const [id, { control }] of this.#cameras) control.useVision(this.#vision.linkFor(id));
        },
        report: (report) => this.#heedVision(report),
      },
      options.logger,
      options.registry,
    );
    this.#attestations = new SignAttestations(site.storage.dir);
    this.#signs = new SignKeeper(options.findings, Date.now, options.logger);
    this.#signReview = setInterval(() => this.#signs.review(), SIGN_REVIEW_MS).unref();
    this.#zones = new ZoneKeeper(
      new FileZoneStore(join(site.storage.dir)),
      options.journal,
      options.logger,
      () => new Date(),
    );
  }

  /** Paints what every stream can be described by, so that it can be asked for from the first moment. Never rejects. */
  async prepare(site: Site): Promise<void> {
    const codecs = new Set(site.cameras.map(({ output }) => output.codec));
    const painted = await Promise.allSettled([...codecs].map((codec) => this.#shelf.prepare(FIRST_SLATE_SIZE, codec)));
    for (const result of painted)
      if (result.status === 'rejected') this.#options.logger.warn({ error: String(result.reason) }, 'no slates');
  }

  /** Makes what runs equal to a site file that was just read: the first time, starts everything. */
  apply(site: Site): Promise<void> {
    return this.#turns.take(async () => {
      const wanted = new Map(site.cameras.map((camera) => [camera.id, camera]));
      for (const [id, running] of [...this.#cameras]) {
        const config = wanted.get(id);
        if (!config || needsNewStream(running.config, config)) await this.#remove(id, running);
      }
      for (const config of wanted.values()) await this.#heed(config);
      this.#signs.review();
      this.#visionConfig = site.vision;
      this.#watchCameras();
    });
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      for (const [id, running] of [...this.#cameras]) await this.#remove(id, running);
    });
    clearInterval(this.#signReview);
    this.#vision.close();
    this.#shelf.close();
  }

  cameras(): CameraView[] {
    return [...this.#cameras.values()].map((camera) => this.#view(camera));
  }

  /** Of the process that looks at the pictures. */
  get vision(): VisionStatus {
    return this.#vision.status;
  }

  camera(id: string): CameraView {
    return this.#view(this.#find(id));
  }

  acceptZones(id: string, wanted: WantedZones, by: string): Promise<ZoneRevision> {
    return this.#turns.take(() => this.#accept(this.#find(id), wanted, by, 'api', 'same'));
  }

  acceptFile(id: string, by: string): Promise<ZoneRevision> {
    return this.#turns.take(async () => {
      const camera = this.#find(id);
      const { zones, unmasked } = camera.config;
      const { source } = camera.control.status;
      const shape = source ? { width: source.width, height: source.height } : 'next';
      const revision = await this.#accept(camera, { zones, unmasked }, by, 'cli', shape);
      await this.#views.giveUp(id, by);
      camera.control.learnView();
      return revision;
    });
  }

  zoneHistory(id: string): Promise<readonly ZoneRevision[]> {
    this.#find(id);
    return this.#zones.history(id);
  }

  history(id: string): readonly MinutePoint[] {
    return this.#find(id).control.history();
  }

  snapshot(id: string): Promise<Buffer> {
    return this.#find(id).control.snapshot();
  }

  usualView(id: string): Promise<Buffer | null> {
    return this.#turns.take(async () => {
      const { config, control } = this.#find(id);
      if ((await this.#places.isClosed(config)) || control.state.reason === 'operator') return null;
      return this.#views.picture(control);
    });
  }

  async #checkDrawable(id: string): Promise<void> {
    const { config, control } = this.#find(id);
    if ((await this.#places.isClosed(config)) || control.holdsAny(['prohibited-place']))
      throw new GatewayError('place-prohibited', `Nobody is shown the place of camera "${id}" (Regulation, Art. 15).`);
    if (control.holdsAny(['operator']))
      throw new GatewayError(
        'withheld-by-operator',
        `An operator withholds camera "${id}": nobody is shown its picture.`,
      );
  }

  async coarsePicture(id: string): Promise<Buffer | null> {
    await this.#checkDrawable(id);
    return this.#find(id).control.coarsePicture();
  }

  async checkCommission(id: string): Promise<void> {
    await this.#checkDrawable(id);
    if (!this.#find(id).config.commissioning)
      throw new GatewayError(
        'commissioning-off',
        'The site file does not allow raw pictures ("commissioning: false").',
      );
  }

  rawPicture(id: string, until: number): Promise<RawJpeg | null> {
    return this.#find(id).control.rawPicture(until);
  }

  attestSign(id: string, attestation: Attestation, by: string): Promise<void> {
    return this.#turns.take(async () => {
      this.#find(id);
      if (!(await this.#attestations.holds(attestation.photo)))
        throw new GatewayError(
          'photo-missing',
          `The photo ${attestation.photo} is not in the storage folder. Run "veilgate sign attest ${id}" where the gateway runs.`,
        );
      await this.#options.journal.record(attestedEvent(id, attestation, by));
      await this.#attestations.add(id, attestation);
      this.#signs.attest(id, attestation);
    });
  }

  async withhold(id: string, withheld: boolean, by: string): Promise<void> {
    const { control } = this.#find(id);
    const { journal, logger } = this.#options;
    logger.info({ camera: id, withheld, by }, 'withheld by an operator');
    // Withholding never waits for the disk; letting go does.
    if (!withheld)
      await journal.record({ kind: 'release', actor: by, camera: id, data: { reason: 'operator', approvedBy: null } });
    await control.hold('operator', withheld);
  }

  releasePlace(id: string, release: Release): Promise<void> {
    return this.#turns.take(async () => {
      const { config, control } = this.#find(id);
      await this.#places.release(config, release);
      await control.hold('prohibited-place', false);
    });
  }

  async checkReleasable(id: string): Promise<void> {
    await this.#places.checkReleasable(this.#find(id).config);
  }

  /** What the vision process noticed. Withholding waits for nothing. */
  #heedVision(report: VisionReport): void {
    const camera = this.#cameras.get(report.camera);
    if (!camera) return;
    const { logger, findings } = this.#options;
    if (report.type === 'people-count')
      return this.#metrics.people.set({ camera: report.camera, zone: report.zone }, report.people);
    if (report.type === 'sign') return this.#lookedForSign(report);
    logger.info({ ...report }, 'seen');
    const finding = visionFinding(report, Date.now());
    if (report.type === 'place') this.#judgePlace(camera, report);
    if (finding) findings.accept(finding);
  }

  #judgePlace(
    { control }: RunningCamera,
    { camera, verdict, isDeclared, evidence }: Extract<VisionReport, { type: 'place' }>,
  ): void {
    if (verdict !== 'prohibited' || isDeclared) return;
    const held = control.state.state === 'withheld' && control.state.reason === 'prohibited-place';
    if (this.#places.isReleased(camera) || held) return;
    void control.hold('prohibited-place', true);
    void this.#turns.take(() => this.#places.close(camera, evidence));
  }

  /** A picture of what was found that may be kept, or null where none may or none comes. */
  async evidence(finding: Finding): Promise<EvidencePicture | null> {
    const camera = this.#cameras.get(finding.camera);
    if (!camera) return null;
    const kind = evidenceFor(finding, camera.config.place);
    if (kind === 'none') return null;
    return camera.control.evidence(kind === 'whole' || (await this.#places.isLatched(finding.camera)));
  }

  /** Who answers for a camera; the rules ask. */
  unitOf(id: string): UnitType {
    return this.#cameras.get(id)?.config.responsibleUnit.type ?? 'other';
  }

  async #accept(
    { config, control }: RunningCamera,
    wanted: WantedZones,
    by: string,
    source: ZoneRevision['source'],
    shape: Size | 'same' | 'next',
  ): Promise<ZoneRevision> {
    const revision = await this.#zones.accept(config.id, wanted, by, source, shape);
    await control.useZones(zonesInForce(revision));
    await control.hold('config-invalid', false);
    this.#metrics.zonesPending.set({ camera: config.id }, 0);
    this.#watchCameras();
    return revision;
  }

  /** Tells the vision process what there is to look at, and the workers where it is. */
  #watchCameras(): void {
    const { mode } = this.#visionConfig;
    const cameras = [...this.#cameras.values()].map(({ config, control }) =>
      watchedCamera(config, control.zones.zones),
    );
    this.#vision.useCameras(mode === 'on' ? cameras : [], this.#visionConfig);
    for (const [id, { control }] of this.#cameras) control.useVision(this.#vision.linkFor(id));
  }

  #lookedForSign(report: Extract<VisionReport, { type: 'sign' }>): void {
    const reason = this.#cameras.get(report.camera)?.control.status.reason ?? null;
    // Where the camera looks elsewhere, its sign is not missing.
    const isElsewhere = reason !== null && (reason.startsWith('view-') || reason === 'off-preset');
    this.#signs.looked(report.camera, report.look, isElsewhere ? reason : null);
  }

  async #attested(camera: string): Promise<Attestation | null> {
    try {
      return (await this.#attestations.of(camera)).at(-1) ?? null;
    } catch (error) {
      this.#options.logger.warn({ camera, error: String(error) }, 'the attestations cannot be read');
      return null;
    }
  }

  async #heed(config: CameraConfig): Promise<void> {
    const { id } = config;
    this.#signs.use(config, await this.#attested(id));
    const standing = await this.#zones.heed(config);
    this.#metrics.zonesPending.set({ camera: id }, standing.kind === 'known' && standing.pending ? 1 : 0);
    const known = standing.kind === 'known';
    const closed = await this.#places.heed(config);
    const prohibited = closed !== null;
    this.#report(...findInConfig(config, known ? standing.pending : null, closed?.declared ?? null, Date.now()));
    const zones = known ? zonesInForce(standing.revision) : { revision: 0, zones: [], shape: null };
    const running = this.#cameras.get(id);
    if (!running) return this.#add(config, zones, await this.#views.known(config), known, prohibited);
    if (needsNewWorker(running.config, config)) running.control.reconfigure(cameraSetup(config));
    running.config = config;
    await running.control.hold('prohibited-place', prohibited);
    await running.control.hold('config-invalid', !known);
    if (known && zones.revision !== running.control.zones.revision) await running.control.useZones(zones);
  }

  #add(config: CameraConfig, zones: ZonesInForce, view: KnownView, known: boolean, prohibited: boolean): void {
    const { id } = config;
    const { logger, journal } = this.#options;
    const control = new CameraControl(
      cameraSetup(config),
      zones,
      view,
      {
        view: (learned) => void this.#keepView(id, learned),
        unlearnable: (why) => {
          const now = this.#configOf(config);
          // One that a person took is guarded by its changes, and one that is strict is withheld, and reported so.
          if (why === 'uniform' && now.guard.mode !== 'strict' && !this.#views.isWanted(id))
            this.#report(findInView(now, Date.now()));
        },
        drift: (detail) =>
          journal.note({ kind: 'zones-followed', actor: 'system', camera: id, data: { drift: detail } }),
        size: (size) => void this.#learnShape(id, size),
        source: (info) => this.#report(findInSource(this.#configOf(config), info, Date.now())),
        transition: (from, to, detail) => {
          const change = { from: stateLabel(from), to: stateLabel(to) };
          logger.info({ camera: id, ...change, detail }, 'state changed');
          if (to.reason === 'view-moved') this.#places.viewMoved(id);
          journal.note({ kind: 'state-transition', actor: 'system', camera: id, data: { ...change, reason: detail } });
          this.#report(findInTransition(this.#configOf(config), to, detail, Date.now()));
          this.#options.onTransition?.(id, to);
        },
      },
      { shelf: this.#shelf, metrics: this.#metrics, logger },
    );
    const publishers = config.publish.map(
      ({ url }) => new RtspPublisher({ url: url.reveal(), stream: control.stream, logger }),
    );
    this.#cameras.set(id, { config, control, publishers });
    control.start([
      ...(prohibited ? (['prohibited-place'] as const) : []),
      ...(known ? [] : (['config-invalid'] as const)),
    ]);
    for (const publisher of publishers) publisher.start();
  }

  async #remove(id: string, { control, publishers }: RunningCamera): Promise<void> {
    this.#cameras.delete(id);
    this.#signs.forget(id);
    this.#views.forget(id);
    control.close();
    this.#options.onStreamEnd(id);
    await Promise.all(publishers.map((publisher) => publisher.close()));
  }

  #keepView(id: string, view: string): Promise<void> {
    return this.#turns.take(async () => {
      const control = this.#cameras.get(id)?.control;
      if (control) await this.#views.learned(control, view);
    });
  }

  #learnShape(id: string, size: Size): Promise<void> {
    return this.#turns
      .take(async () => {
        const revision = await this.#zones.learnShape(id, size);
        if (revision) await this.#cameras.get(id)?.control.useZones(zonesInForce(revision));
      })
      .catch((error: unknown) => {
        this.#options.logger.warn({ camera: id, error: String(error) }, 'the shape of the picture could not be kept');
      });
  }

  /** As it is now: the site file may have changed since the camera was started. */
  #configOf(started: CameraConfig): CameraConfig {
    return this.#cameras.get(started.id)?.config ?? started;
  }

  #report(...findings: readonly (Finding | null)[]): void {
    for (const finding of findings) if (finding) this.findings.accept(finding);
  }

  #view({ config, control }: RunningCamera): CameraView {
    const standing = this.#zones.standing(config.id);
    const known = standing?.kind === 'known' ? standing : null;
    return {
      ...control.status,
      place: config.place,
      sourceUrl: config.source.display,
      zones: known?.revision.zones ?? [],
      unmasked: known?.revision.unmasked ?? null,
      pendingZones: known?.pending ?? null,
      sign: this.#signs.status(config.id),
      view: this.#views.accepted(config.id),
    };
  }

  #find(id: string): RunningCamera {
    const camera = this.#cameras.get(id);
    if (!camera) throw new GatewayError('unknown-camera', `There is no camera "${id}" in the site file.`);
    return camera;
  }
}
