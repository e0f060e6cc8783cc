/** A gateway in memory, behind a real listening socket: what the tests of the HTTP side speak to. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Registry } from 'prom-client';
import sharp from 'sharp';
import { type RawJpeg, sealRawJpeg } from '../camera/commission/raw-jpeg.js';
import { CommissionDesk, type CommissionSource } from '../control/commission/commission-desk.js';
import type { CameraView, GatewayApi } from '../control/gateway-api.js';
import type { MinutePoint } from '../control/minute-history.js';
import type { Release } from '../control/place-latch.js';
import type { WeakeningAccepted } from '../control/safeguard-keeper.js';
import type { Weakening } from '../control/safeguards.js';
import { SiteEditError } from '../control/site-editor.js';
import { VeilgateError } from '../errors.js';
import type { Journal, OpenJournal, ReadableJournal } from '../record/journal.js';
import { eventNumber, makeKey } from '../record/log/audit-log.fixture.js';
import { AuditLog } from '../record/log/audit-log.js';
import { MemoryDisk } from '../record/log/memory-disk.fixture.js';
import { People } from '../record/people/people.js';
import type { Attestation } from '../record/sign-attestations.js';
import { openStore, type Store } from '../record/store/store.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { readCards } from '../vision/read-cards.js';
import { masksLess } from '../zones/coverage.js';
import { nextRevision, type WantedZones, type ZoneRevision } from '../zones/revision.js';
import { isProhibitedKind, type Zone } from '../zones/zone.js';
import { AdminToken } from './admin-token.js';
import { type AlertsOnTrial, alertsOnTrial } from './alerts.fixture.js';
import { type AppOptions, createApp } from './app.js';
import type { Identities } from './gatekeeper.js';
import { LiveViews } from './live-views.js';
import type { NewCameraApi } from './new-camera-routes.js';
import { PreviewViews } from './preview-views.js';
import type { RouteContext } from './routes.js';
import { type HttpListener, type ListenOptions, listenHttp } from './server.js';
import type { SiteApi } from './site-routes.js';

export const TOKEN = 'check-00112233445566778899aabbccddeeff';

export const ZONE: Zone = {
  id: 'restroom-door',
  kind: 'restroom',
  polygon: [
    [0.1, 0.2],
    [0.3, 0.2],
    [0.3, 0.6],
    [0.1, 0.6],
  ],
  action: 'mask',
  style: 'solid',
  padding: 16,
};

const LOBBY: CameraView = {
  id: 'lobby',
  state: 'masked',
  reason: null,
  detail: null,
  since: '2026-03-01T08:00:00.000Z',
  fps: 25,
  latency: { p50: 8.12, p95: 11.4, p99: 17.05 },
  maskedArea: 0.0834,
  clients: 3,
  zoneRevision: 1,
  source: {
    codec: 'h264',
    width: 1920,
    height: 1080,
    fps: 25,
    offersAudio: true,
    encoder: 'libx264',
    decoder: 'h264',
  },
  workerPid: 4711,
  interruption: { reason: 'worker-crashed', since: '2026-03-01T07:59:59.200Z', until: '2026-03-01T08:00:00.000Z' },
  place: 'lobby',
  sourceUrl: 'rtsp://10.0.0.5/stream1',
  zones: [ZONE],
  unmasked: null,
  pendingZones: null,
  viewStanding: 'accepted',
  view: { acceptedBy: 'first stable view', acceptedAt: '2026-02-01T08:00:00.000Z' },
  sign: { seen: { kind: 'missing' }, attested: null, isAttested: false },
};

/** One camera in each state; the last one's zones cannot be read. */
export const CAMERAS: readonly CameraView[] = [
  LOBBY,
  {
    ...LOBBY,
    id: 'corridor-2',
    fps: 0,
    clients: 0,
    place: 'corridor',
    sourceUrl: 'rtsps://10.0.0.6/live',
    pendingZones: {
      wanted: { zones: [], unmasked: 'Nothing to hide any more.' },
      losses: masksLess([ZONE], []),
    },
  },
  {
    ...LOBBY,
    id: 'locker-room',
    place: 'changing-room',
    state: 'withheld',
    reason: 'prohibited-place',
    fps: 0,
    latency: null,
    clients: 1,
  },
  {
    ...LOBBY,
    id: 'loading-dock',
    place: 'yard',
    state: 'offline',
    reason: 'source-refused',
    detail: 'The camera answered 401 Unauthorized to rtsp://admin:hunter2@10.0.0.9/1.',
    fps: 0,
    latency: null,
    source: null,
    workerPid: null,
    clients: 0,
  },
  {
    ...LOBBY,
    id: 'archive',
    state: 'withheld',
    reason: 'config-invalid',
    fps: 0,
    clients: 0,
    latency: null,
    source: null,
    zoneRevision: 0,
    zones: [],
  },
];

/** Does to its cameras what the real one does, at once. */
export class GatewayInMemory implements GatewayApi, CommissionSource {
  /** What was called to change something, in order. */
  readonly calls: { readonly what: string; readonly camera: string; readonly by: string }[] = [];
  readonly #cameras = new Map(CAMERAS.map((camera) => [camera.id, camera]));
  readonly #histories = new Map<string, ZoneRevision[]>();
  /** What the next call to the zone store throws. */
  failure: Error | null = null;

  cameras(): CameraView[] {
    return [...this.#cameras.values()];
  }

  camera(id: string): CameraView {
    const camera = this.#cameras.get(id);
    if (!camera) throw new VeilgateError('unknown-camera', `There is no camera "${id}" in the site file.`);
    return camera;
  }

  async acceptZones(id: string, wanted: WantedZones, by: string): Promise<ZoneRevision> {
    return this.#accept(id, wanted, by, 'api');
  }

  async acceptFile(id: string, by: string): Promise<ZoneRevision> {
    const { pendingZones, zones, unmasked } = this.camera(id);
    return this.#accept(id, pendingZones?.wanted ?? { zones, unmasked }, by, 'cli');
  }

  async zoneHistory(id: string): Promise<readonly ZoneRevision[]> {
    this.camera(id);
    this.#failIfTold();
    return this.#histories.get(id) ?? [];
  }

  history(id: string): MinutePoint[] {
    this.camera(id);
    const minute = (at: string, p50: number): MinutePoint => ({ at: Date.parse(at), fps: 25, p50, p99: 17.05 });
    return [minute('2026-03-01T08:00:00Z', 8), minute('2026-03-01T08:01:00Z', 8.12), minute('2026-03-01T08:03:00Z', 9)];
  }

  async snapshot(id: string): Promise<Buffer> {
    const { state } = this.camera(id);
    this.#failIfTold();
    const background = state === 'masked' ? '#4c6a58' : '#26282c';
    const image = sharp({ create: { width: 640, height: 360, channels: 3, background } });
    return image.jpeg().toBuffer();
  }

  async usualView(id: string): Promise<Buffer | null> {
    return this.camera(id).state === 'offline' ? null : this.snapshot(id);
  }

  async coarsePicture(id: string): Promise<Buffer | null> {
    if (isProhibitedKind(this.camera(id).place)) throw new VeilgateError('place-prohibited', 'Nobody is shown it.');
    return this.camera(id).state === 'offline' ? null : this.snapshot(id);
  }

  async attestSign(id: string, attested: Attestation, by: string): Promise<void> {
    const camera = this.camera(id);
    this.#failIfTold();
    this.calls.push({ what: 'attest', camera: id, by });
    this.#cameras.set(id, { ...camera, sign: { seen: null, attested, isAttested: true } });
  }

  async withhold(id: string, withheld: boolean, by: string): Promise<void> {
    const camera = this.camera(id);
    this.calls.push({ what: withheld ? 'withhold' : 'show', camera: id, by });
    const state = withheld
      ? ({ state: 'withheld', reason: 'operator' } as const)
      : { state: LOBBY.state, reason: null };
    this.#cameras.set(id, { ...camera, ...state });
  }

  /** Its place was recognised as prohibited, and two people may say that it is none. */
  recognise(id: string): void {
    this.#cameras.set(id, { ...this.camera(id), state: 'withheld', reason: 'prohibited-place' });
  }

  async checkReleasable(id: string): Promise<void> {
    const { reason, place } = this.camera(id);
    if (isProhibitedKind(place)) throw new VeilgateError('declared-prohibited', `Camera "${id}" is declared so.`);
    if (reason !== 'prohibited-place')
      throw new VeilgateError('not-withheld', `Camera "${id}" is not withheld for it.`);
  }

  async checkCommission(id: string): Promise<void> {
    if (isProhibitedKind(this.camera(id).place)) throw new VeilgateError('place-prohibited', 'Nobody is shown it.');
    this.#failIfTold();
  }

  async rawPicture(id: string): Promise<RawJpeg | null> {
    return this.camera(id).state === 'offline' ? null : sealRawJpeg(await this.snapshot(id));
  }

  async releasePlace(id: string, { by, approvedBy, reason }: Release): Promise<void> {
    await this.checkReleasable(id);
    this.calls.push({ what: `release, ${approvedBy} agreed: ${reason}`, camera: id, by });
    this.#cameras.set(id, { ...this.camera(id), state: 'masked', reason: null });
  }

  #accept(id: string, wanted: WantedZones, by: string, source: ZoneRevision['source']): ZoneRevision {
    const camera = this.camera(id);
    this.#failIfTold();
    this.calls.push({ what: source === 'cli' ? 'accept' : 'put', camera: id, by });
    const history = this.#histories.get(id) ?? [];
    const acceptance = { camera: id, wanted, acceptedBy: by, acceptedAt: new Date(), source };
    const revision = nextRevision(history.at(-1) ?? null, acceptance);
    this.#histories.set(id, [...history, revision]);
    const { zones, unmasked } = wanted;
    this.#cameras.set(id, { ...camera, zones, unmasked, zoneRevision: revision.revision, pendingZones: null });
    return revision;
  }

  #failIfTold(): void {
    const { failure } = this;
    this.failure = null;
    if (failure) throw failure;
  }
}

/** A site whose file asks for one person where two were in force, and keeps everything as long as before. */
export class SiteInMemory implements SiteApi {
  twoPersons: boolean;
  #pending: readonly Weakening[] = [];

  constructor(twoPersons = false) {
    this.twoPersons = twoPersons;
  }

  /** The site file was edited. */
  weaken(...pending: readonly Weakening[]): void {
    this.#pending = pending;
  }

  inForce() {
    const retention = { evidence: 30, alerts: 730 };
    const alerts = { escalateAfter: 15, reportWithin: 1440 };
    return {
      name: 'Riverside Hotel',
      rules: 'cn-2012',
      twoPersons: this.twoPersons,
      commissioning: true,
      retention,
      alerts,
    } as const;
  }

  async settings() {
    return { file: '/etc/veilgate/site.yaml', settings: [{ path: 'site.name', value: 'Riverside Hotel', line: 2 }] };
  }

  async models() {
    return readCards();
  }

  pending() {
    return this.#pending;
  }

  takesTwo() {
    return this.twoPersons || this.#pending.some(({ takesTwo }) => takesTwo);
  }

  async accept(_accepted: WeakeningAccepted) {
    if (this.#pending.length === 0) throw new VeilgateError('nothing-pending', 'Nothing waits.');
    if (this.#pending.some(({ path }) => path === 'zones.twoPersons')) this.twoPersons = false;
    this.#pending = [];
  }
}

/** A network with one camera, and a site file that takes every other one. */
export const NEW_CAMERAS: NewCameraApi = {
  discover: async () => [{ name: 'Gate', hardware: 'X-1', service: 'http://10.0.0.9/onvif/device_service' }],
  streams: async () => [
    { name: 'main', url: 'rtsp://10.0.0.9/1', codec: 'H264', width: 1920, height: 1080, fps: 25 },
    { name: 'odd', url: 'rtsp://10.0.0.9/2', codec: null, width: null, height: null, fps: null },
  ],
  add: async ({ id }) => {
    if (id === 'lobby') throw new SiteEditError('camera-invalid', 'There are two cameras "lobby".', [DUPLICATE]);
    return { file: '/etc/veilgate/site.yaml', line: 40 };
  },
};

const DUPLICATE = {
  file: 'site.yaml',
  line: 40,
  column: 9,
  path: ['id'],
  code: 'duplicate-id',
  message: 'There are two cameras "lobby".',
  cure: 'Give it another id.',
};

/** Time boxes for whoever is let through, of cameras in memory. */
export const commissionsOf = (source: CommissionSource): CommissionDesk =>
  new CommissionDesk({ source, journal: SILENT_JOURNAL, mayGoOn: async () => true });

/** No accounts. */
export const NOBODY: Identities = { bySession: async () => null, byToken: async () => null };

const storeFolders: string[] = [];
process.once('exit', () => {
  for (const folder of storeFolders) rmSync(folder, { recursive: true, force: true });
});

/** People in a real store, in a folder that goes with the process. */
export const recordInMemory = (): { readonly people: People; readonly store: Store } => {
  const dir = mkdtempSync(join(tmpdir(), 'veilgate-people-'));
  storeFolders.push(dir);
  const store = openStore({ dir, url: null }, { logger: SILENT_LOGGER, host: 'here' });
  return {
    store,
    people: new People({ store, journal: SILENT_JOURNAL, now: () => new Date(), site: 'Riverside Hotel' }),
  };
};

const SILENT_JOURNAL: Journal = { note() {}, record: async () => {} };

/** An audit log of 300 entries, in memory. */
export const journalInMemory = async (): Promise<ReadableJournal & Pick<OpenJournal, 'append'>> => {
  const key = makeKey();
  const log = await AuditLog.open('audit', { key, disk: new MemoryDisk() });
  await Promise.all(Array.from({ length: 300 }, (_, n) => log.append(eventNumber(n))));
  return { key, reader: () => log.reader(), append: (event) => log.append(event) };
};

/** A served app, and how to ask it. */
export interface ServedApp extends AsyncDisposable {
  readonly gateway: GatewayInMemory;
  readonly alerts: AlertsOnTrial;
  readonly registry: Registry;
  /** What its routes speak to. */
  readonly context: RouteContext;
  readonly listener: HttpListener;
  readonly port: number;
  /** Asks with the right token unless the headers say otherwise. `headers: {}` asks without. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

/** An answer as `node:http` sees it, for requests that `fetch` would not send. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request with exactly these headers, `Host` and path included. */
export const askRaw = async (port: number, options: RequestOptions, body?: string | Buffer): Promise<RawAnswer> => {
  const asked = request({ host: '127.0.0.1', port, setHost: false, agent: false, ...options });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: await text(response) };
};

/** Serves an app over loopback on any free port. */
export const serveApp = async (
  options: Partial<AppOptions> = {},
  limits: ListenOptions['limits'] = {},
): Promise<ServedApp> => {
  const gateway = new GatewayInMemory();
  const registry = new Registry();
  const alerts = alertsOnTrial();
  const served: AppOptions = {
    gateway,
    alerts,
    registry,
    catalogue: { get: () => undefined },
    live: new LiveViews(SILENT_LOGGER),
    preview: new PreviewViews({ wanted: false, ffmpeg: null }, SILENT_LOGGER),
    journal: await journalInMemory(),
    ...recordInMemory(),
    site: 'Riverside Hotel',
    sites: new SiteInMemory(),
    newCameras: NEW_CAMERAS,
    commissions: commissionsOf(gateway),
    token: new AdminToken(TOKEN),
    identities: NOBODY,
    http: { host: '127.0.0.1', port: 8080 },
    rtsp: { host: '127.0.0.1', port: 8554 },
    behindProxy: false,
    ready: () => ({ config: true, http: true, rtsp: true, store: true }),
    redact: (text) => text.replaceAll('hunter2', '***'),
    logger: SILENT_LOGGER,
    version: '1.2.3',
    ...options,
  };
  const app = createApp(served);
  const listener = await listenHttp(app, { address: { host: '127.0.0.1', port: 0 }, logger: SILENT_LOGGER, limits });
  const { port } = listener;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${TOKEN}` }, ...init });
  const close = async (): Promise<void> => {
    await listener.close();
    await alerts[Symbol.asyncDispose]();
  };
  return { gateway, alerts, registry, context: served, listener, port, ask, [Symbol.asyncDispose]: close };
};
