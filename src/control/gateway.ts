import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { RawJpeg } from '../camera/commission/raw-jpeg.js';
import type { ZonesInForce } from '../camera/messages.js';
import { type StreamState, stateLabel } from '../camera/state.js';
import type { CameraConfig, Site, UnitType, VisionConfig } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Journal } from '../record/journal.js';
import { type Attestation, attestedEvent, SignAttestations, sha256 } from '../record/sign-attestations.js';
import type { Logger } from '../rtsp/logger.js';
import type { PublishedStream, StreamCatalogue } from '../rtsp/published-stream.js';
import { RtspPublisher } from '../rtsp/publisher.js';
import type { EvidencePicture, Finding, FindingSink } from '../rules/finding.js';
import type { VisionReport } from '../vision/messages.js';
import { FileViewStore } from '../zones/file-view-store.js';
import { FileZoneStore } from '../zones/file-zone-store.js';
import type { WantedZones, ZoneRevision } from '../zones/revision.js';
import type { AcceptedView, ViewStore } from '../zones/view-store.js';
import { isProhibitedKind, type Size, type ZoneSet } from '../zones/zone.js';
import { CameraControl } from './camera-control.js';
import { CameraMetrics } from './camera-metrics.js';
import { cameraSetup, type KnownView, needsNewStream, needsNewWorker } from './camera-setup.js';
import type { CameraStatus } from './camera-status.js';
import type { CommissionSource } from './commission/commission-desk.js';
import { evidenceFor, findInConfig, findInSource, findInTransition } from './find.js';
import { checkRelease, type PlaceLatch, PlaceLatches, type Release } from './place-latch.js';
import { SIGN_REVIEW_MS, SignKeeper, type SignStatus } from './sign-keeper.js';
import { FIRST_SLATE_SIZE } from './slate.js';
import { SlateShelf } from './slate-shelf.js';
import { VisionControl, type VisionStatus } from './vision-control.js';
import { visionFinding } from './vision-findings.js';
import { watchedCamera } from './watched-camera.js';
import { type PendingZones, ZoneKeeper, zonesInForce } from './zone-keeper.js';

/** A camera as the API shows it. */
export interface CameraView extends CameraStatus {
  readonly place: string;
  /** Redacted. */
  readonly sourceUrl: string;
  readonly zones: ZoneSet;
  readonly unmasked: string | null;
  readonly pendingZones: PendingZones | null;
  readonly sign: SignStatus | null;
  /** Who took the view that the zones were drawn on, and when; null: none is taken, or it was long ago. */
  readonly view: Pick<AcceptedView, 'acceptedBy' | 'acceptedAt'> | null;
}

/** What routes, commands and checks may do with a gateway. */
export interface GatewayApi {
  cameras(): CameraView[];
  /** Throws GatewayError `unknown-camera`. */
  camera(id: string): CameraView;
  /**
   * Puts zones in force on a person's word. Resolves once the first packet masked with them is out, or nothing older can get out.
   * Throws GatewayError `unknown-camera`.
   */
  acceptZones(id: string, wanted: WantedZones, by: string): Promise<ZoneRevision>;
  /** Accepts what the site file says, and the present shape of the picture. */
  acceptFile(id: string, by: string): Promise<ZoneRevision>;
  zoneHistory(id: string): Promise<readonly ZoneRevision[]>;
  /** JPEG, masked or the slate. */
  snapshot(id: string): Promise<Buffer>;
  /**
   * The masked picture of the view that the zones were accepted on, as JPEG; null where none may be shown: none was kept, its place is
   * prohibited, an operator withholds it, or the zones have changed since and no new one comes. Throws GatewayError `unknown-camera`.
   */
  usualView(id: string): Promise<Buffer | null>;
  /**
   * Takes a person's word on a sign that no camera sees; its photo was read and kept already.
   * Throws GatewayError `unknown-camera`, `photo-missing`.
   */
  attestSign(id: string, attestation: Attestation, by: string): Promise<void>;
  /**
   * The whole picture in coarse blocks, also while it is withheld, as JPEG; null where none comes. Throws GatewayError `unknown-camera`,
   * and where nobody is to see more than viewers do `place-prohibited`, `withheld-by-operator`.
   */
  coarsePicture(id: string): Promise<Buffer | null>;
  /** Withholds a stream on an operator's word, or ends that. */
  withhold(id: string, withheld: boolean, by: string): Promise<void>;
  /** Throws GatewayError `unknown-camera`, `not-withheld`, `declared-prohibited` where there is nothing that people could release. */
  checkReleasable(id: string): Promise<void>;
  /** Two different people say that a place which was recognised as prohibited is none. */
  releasePlace(id: string, release: Release): Promise<void>;
}

export class GatewayError extends VeilgateError {}

interface RunningCamera {
  config: CameraConfig;
  readonly control: CameraControl;
  readonly publishers: RtspPublisher[];
  /** Who took the view that is being learned. */
  viewBy: string;
  /** The accepted view, if it is known. */
  view: Pick<AcceptedView, 'acceptedBy' | 'acceptedAt'> | null;
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
  readonly #views: ViewStore;
  readonly #places: PlaceLatches;
  readonly #vision: VisionControl;
  readonly #signs: SignKeeper;
  readonly #attestations: SignAttestations;
  readonly #signReview: NodeJS.Timeout;
  #visionConfig: VisionConfig;
  /** Cameras of which two people said that their place is none that is prohibited. */
  readonly #released = new Set<string>();
  /** Changes come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(site: Site, options: GatewayOptions) {
    this.#options = options;
    this.findings = options.findings;
    this.#metrics = new CameraMetrics(options.registry);
    this.#shelf = new SlateShelf(options.logger);
    this.#views = new FileViewStore(site.storage.dir);
    this.#places = new PlaceLatches(site.storage.dir, () => new Date());
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
    return this.#inTurn(async () => {
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
    await this.#inTurn(async () => {
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
    return this.#inTurn(() => this.#accept(this.#find(id), wanted, by, 'api', 'same'));
  }

  acceptFile(id: string, by: string): Promise<ZoneRevision> {
    return this.#inTurn(async () => {
      const camera = this.#find(id);
      const { zones, unmasked } = camera.config;
      const { source } = camera.control.status;
      const shape = source ? { width: source.width, height: source.height } : 'next';
      const revision = await this.#accept(camera, { zones, unmasked }, by, 'cli', shape);
      // Forgotten before it is learned anew: a crash in between asks again, and never compares with the view that was given up.
      await this.#views.forget(id);
      camera.viewBy = by;
      camera.view = null;
      camera.control.learnView();
      return revision;
    });
  }

  zoneHistory(id: string): Promise<readonly ZoneRevision[]> {
    this.#find(id);
    return this.#zones.history(id);
  }

  snapshot(id: string): Promise<Buffer> {
    return this.#find(id).control.snapshot();
  }

  usualView(id: string): Promise<Buffer | null> {
    return this.#inTurn(async () => {
      const { config, control } = this.#find(id);
      const latch = await this.#places.read(id);
      const isClosed = isProhibitedKind(config.place) || (latch !== null && latch.released === null);
      if (isClosed || control.status.reason === 'operator') return null;
      const kept = await this.#views.read(id);
      const { revision } = control.zones;
      if (!kept || revision === 0) return null;
      if (kept.picture !== null && kept.pictureRevision === revision) return Buffer.from(kept.picture, 'base64');
      // A picture of before would show what later zones hide: another one is taken, of the view that is still the accepted one.
      const picture = control.status.viewStanding === 'accepted' ? await control.maskedPicture() : null;
      if (picture) await this.#views.write({ ...kept, picture: picture.toString('base64'), pictureRevision: revision });
      return picture;
    });
  }

  async #checkDrawable(id: string): Promise<void> {
    const { config, control } = this.#find(id);
    const latch = await this.#places.read(id);
    const isClosed = isProhibitedKind(config.place) || (latch !== null && latch.released === null);
    if (isClosed || control.holdsAny(['prohibited-place']))
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
    return this.#inTurn(async () => {
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
    control.hold('operator', withheld);
  }

  /**
   * Two different people say that a place which was recognised as prohibited is none; the release holds for this view. A place that is
   * declared so is not released. Throws GatewayError `unknown-camera`, `not-withheld`, `declared-prohibited`; VeilgateError `one-person`,
   * `no-reason`, and what the journal throws: what cannot be recorded is not released.
   */
  releasePlace(id: string, release: Release): Promise<void> {
    return this.#inTurn(async () => {
      const latch = await this.#releasable(id);
      const { by: actor, approvedBy, reason } = release;
      checkRelease(release);
      await this.#options.journal.record({ kind: 'release', actor, camera: id, data: { reason, approvedBy } });
      await this.#places.release(latch, release);
      this.#released.add(id);
      this.#find(id).control.hold('prohibited-place', false);
    });
  }

  async checkReleasable(id: string): Promise<void> {
    await this.#releasable(id);
  }

  async #releasable(id: string): Promise<PlaceLatch> {
    const { config } = this.#find(id);
    if (isProhibitedKind(config.place))
      throw new GatewayError(
        'declared-prohibited',
        `Camera "${id}" is declared to be in a ${config.place}. Where that is wrong, correct "place" in the site file first.`,
      );
    const latch = await this.#places.read(id);
    if (!latch || latch.released)
      throw new GatewayError('not-withheld', `Camera "${id}" is not withheld for its place.`);
    return latch;
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
    if (this.#released.has(camera) || held) return;
    control.hold('prohibited-place', true);
    void this.#inTurn(() => this.#places.close(camera, evidence)).catch((error: unknown) =>
      this.#options.logger.warn({ camera, error: String(error) }, 'that a place is prohibited could not be kept'),
    );
  }

  /**
   * Why a camera is withheld for its place: declared so, now or once, or recognised; and not released since. What was declared is kept
   * like what was recognised: the site file is edited by one person, and it takes two to show such a place.
   */
  async #closedPlace({ id, place }: CameraConfig): Promise<PlaceLatch | null> {
    const latch = await this.#places.read(id);
    if (isProhibitedKind(place) && (latch === null || latch.released !== null || latch.declared !== place)) {
      this.#released.delete(id);
      return this.#places.close(id, `The site file names a ${place}.`, place).catch((error: unknown) => {
        this.#options.logger.warn({ camera: id, error: String(error) }, 'that a place is prohibited could not be kept');
        return this.#places.read(id);
      });
    }
    if (latch?.released) this.#released.add(id);
    return latch?.released === null ? latch : null;
  }

  /** A picture of what was found that may be kept, or null where none may or none comes. */
  async evidence(finding: Finding): Promise<EvidencePicture | null> {
    const camera = this.#cameras.get(finding.camera);
    if (!camera) return null;
    const kind = evidenceFor(finding, camera.config.place);
    if (kind === 'none') return null;
    const latch = await this.#places.read(finding.camera);
    return camera.control.evidence(kind === 'whole' || (latch !== null && latch.released === null));
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
    control.hold('config-invalid', false);
    this.#metrics.zonesPending.set({ camera: config.id }, 0);
    this.#watchCameras();
    return revision;
  }

  /** Tells the vision process what there is to look at, and the workers where it is. */
  #watchCameras(): void {
    const { mode, cores } = this.#visionConfig;
    const cameras = [...this.#cameras.values()].map(({ config, control }) =>
      watchedCamera(config, control.zones.zones),
    );
    this.#vision.useCameras(mode === 'on' ? cameras : [], cores);
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
    const closed = await this.#closedPlace(config);
    const prohibited = closed !== null;
    this.#report(...findInConfig(config, known ? standing.pending : null, closed?.declared ?? null, Date.now()));
    const zones = known ? zonesInForce(standing.revision) : { revision: 0, zones: [], shape: null };
    const running = this.#cameras.get(id);
    if (!running) return this.#add(config, zones, await this.#keptView(config), known, prohibited);
    if (needsNewWorker(running.config, config)) running.control.reconfigure(cameraSetup(config));
    running.config = config;
    running.control.hold('prohibited-place', prohibited);
    running.control.hold('config-invalid', !known);
    if (known && zones.revision !== running.control.zones.revision) await running.control.useZones(zones);
  }

  /** What is kept of the accepted view. What cannot be read stands for one that only a person can replace. */
  async #keptView({ id, guard }: CameraConfig): Promise<KnownView & { readonly kept: AcceptedView | null }> {
    try {
      const kept = await this.#views.read(id);
      return { view: kept?.view ?? null, mayLearn: guard.accept === 'auto', kept };
    } catch (error) {
      this.#options.logger.warn({ camera: id, error: String(error) }, 'the accepted view cannot be read');
      return { view: null, mayLearn: false, kept: null };
    }
  }

  #add(
    config: CameraConfig,
    zones: ZonesInForce,
    { kept, ...view }: KnownView & { readonly kept: AcceptedView | null },
    known: boolean,
    prohibited: boolean,
  ): void {
    const { id } = config;
    const { logger, journal } = this.#options;
    const control = new CameraControl(
      cameraSetup(config),
      zones,
      view,
      {
        view: (learned) => void this.#keepView(id, learned),
        drift: (detail) =>
          journal.note({ kind: 'zones-followed', actor: 'system', camera: id, data: { drift: detail } }),
        size: (size) => void this.#learnShape(id, size),
        source: (info) => this.#report(findInSource(this.#configOf(config), info, Date.now())),
        transition: (from, to, detail) => {
          const change = { from: stateLabel(from), to: stateLabel(to) };
          logger.info({ camera: id, ...change, detail }, 'state changed');
          if (to.reason === 'view-moved' && this.#released.delete(id)) void this.#places.forget(id);
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
    this.#cameras.set(id, { config, control, publishers, viewBy: 'first stable view', view: kept });
    control.start([
      ...(prohibited ? (['prohibited-place'] as const) : []),
      ...(known ? [] : (['config-invalid'] as const)),
    ]);
    for (const publisher of publishers) publisher.start();
  }

  async #remove(id: string, { control, publishers }: RunningCamera): Promise<void> {
    this.#cameras.delete(id);
    this.#signs.forget(id);
    control.close();
    this.#options.onStreamEnd(id);
    await Promise.all(publishers.map((publisher) => publisher.close()));
  }

  #keepView(id: string, view: string): Promise<void> {
    return this.#inTurn(async () => {
      const camera = this.#cameras.get(id);
      if (!camera) return;
      const picture = await camera.control.maskedPicture();
      const acceptedAt = new Date().toISOString();
      await this.#views.write({
        camera: id,
        view,
        acceptedBy: camera.viewBy,
        acceptedAt,
        picture: picture?.toString('base64') ?? null,
        pictureRevision: picture && camera.control.zones.revision,
      });
      camera.view = { acceptedBy: camera.viewBy, acceptedAt };
      const data = { view: sha256(Buffer.from(view, 'base64')), picture: picture && sha256(picture) };
      this.#options.journal.note({ kind: 'view-accepted', actor: camera.viewBy, camera: id, data });
    }).catch((error: unknown) => {
      this.#options.logger.warn({ camera: id, error: String(error) }, 'the accepted view could not be kept');
    });
  }

  #learnShape(id: string, size: Size): Promise<void> {
    return this.#inTurn(async () => {
      const revision = await this.#zones.learnShape(id, size);
      if (revision) await this.#cameras.get(id)?.control.useZones(zonesInForce(revision));
    }).catch((error: unknown) => {
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

  #view({ config, control, view }: RunningCamera): CameraView {
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
      view,
    };
  }

  #find(id: string): RunningCamera {
    const camera = this.#cameras.get(id);
    if (!camera) throw new GatewayError('unknown-camera', `There is no camera "${id}" in the site file.`);
    return camera;
  }

  #inTurn<T>(action: () => Promise<T> | T): Promise<T> {
    const mine = this.#turn.catch(() => undefined).then(action);
    this.#turn = mine;
    return mine;
  }
}
