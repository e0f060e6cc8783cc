import { readFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { type LoadedSite, loadSite } from '../config/load.js';
import { settingsOf } from '../config/settings.js';
import type { Site } from '../config/site.js';
import { siteChanges } from '../config/site-changes.js';
import { CameraScout } from '../control/camera-scout.js';
import { CommissionDesk } from '../control/commission/commission-desk.js';
import { endLeftBoxes } from '../control/commission/left-boxes.js';
import { Gateway } from '../control/gateway.js';
import { noteModels } from '../control/model-keeper.js';
import { SafeguardKeeper } from '../control/safeguard-keeper.js';
import { SiteEditor } from '../control/site-editor.js';
import { watchSite } from '../control/site-watch.js';
import { type AdminToken, loadAdminToken } from '../http/admin-token.js';
import { createApp } from '../http/app.js';
import { LiveViews } from '../http/live-views.js';
import { GatewayMetrics, measureRecord, measureRtspServer } from '../http/metrics.js';
import { setupPath } from '../http/people-routes.js';
import { PreviewViews } from '../http/preview-views.js';
import { COMMISSION } from '../http/rights.js';
import { listenHttp } from '../http/server.js';
import { readTls } from '../http/tls.js';
import { watchTls } from '../http/tls-watch.js';
import { createLogger } from '../log.js';
import { findFfmpeg } from '../preview/find-ffmpeg.js';
import { AlertDesk } from '../record/alert-desk.js';
import { type OpenJournal, openJournal } from '../record/journal.js';
import { untoldEvents } from '../record/notify/receivers.js';
import { People } from '../record/people/people.js';
import { openStore, type Store } from '../record/store/store.js';
import type { Logger } from '../rtsp/logger.js';
import { RtspServer } from '../rtsp/server.js';
import { readCards } from '../vision/read-cards.js';

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Of the gateway. */
  readonly version: string;
}

/** A gateway that runs. */
export interface RunningGateway {
  /** Where the console is. */
  readonly http: string;
  /** What stream ids are appended to. */
  readonly rtsp: string;
  /** Ends every process and socket of it. */
  close(): Promise<void>;
}

/** What everything else is built on. */
interface Foundation extends StartOptions {
  readonly loaded: LoadedSite;
  readonly logger: Logger;
  readonly token: AdminToken;
  readonly journal: OpenJournal;
  readonly store: Store;
}

/**
 * `veilgate start <site.yaml>`: runs the gateway. Resolves when both listeners are up, whatever the cameras do.
 *
 * Throws SiteFileError for a site file that is not valid, VeilgateError `port-in-use`, `token-unavailable`, `audit-log-in-use` and
 * their like. Nothing is left running then.
 */
export async function startGateway(path: string, options: StartOptions): Promise<RunningGateway> {
  const loaded = await loadSite(path, options.env);
  const { site, redactor } = loaded;
  const logger = createLogger(redactor, options.env);
  const token = await loadAdminToken(site.storage.dir, options.env);
  const journal = await openJournal(site, logger);
  await endLeftBoxes(journal).catch((error: unknown) =>
    logger.warn({ error: String(error) }, 'whether commissioning views were left open is not known'),
  );
  journal.note({ kind: 'start', actor: 'system', data: { version: options.version } });
  const store = openStore(site.storage, { logger });
  try {
    return await run({ ...options, loaded, logger, token, journal, store });
  } catch (error) {
    await store.close();
    await journal.close();
    throw error;
  }
}

async function run({ loaded, logger, token, journal, store, env, version }: Foundation): Promise<RunningGateway> {
  const { redactor } = loaded;
  const safeguards = new SafeguardKeeper(loaded.site.storage.dir, {
    journal,
    logger,
  });
  let file = loaded;
  let site = await safeguards.heed(file.site);
  const { server } = site;
  const registry = new Registry();
  const people = new People({ store, journal, now: () => new Date(), site: site.site.name });
  const metrics = new GatewayMetrics(registry, version);
  const live = new LiveViews(logger);
  const preview = new PreviewViews({ wanted: server.preview === 'jsmpeg', ffmpeg: findFfmpeg(env.PATH) }, logger);
  const onStreamEnd = (id: string): void => {
    rtsp.endStream(id);
    live.endStream(id);
    preview.endStream(id);
  };
  const desk: AlertDesk = new AlertDesk(site, {
    store,
    journal,
    logger,
    redact: redactor.text,
    picture: (finding) => gateway.evidence(finding),
    unitOf: (camera) => gateway.unitOf(camera),
    isHeld: () => people.inspections.isAnyOpen(),
  });
  const gateway: Gateway = new Gateway(site, {
    logger,
    registry,
    journal,
    findings: desk.findings,
    onTransition: (camera, { state, reason }) => desk.tellState(camera, state, reason),
    onStreamEnd,
  });
  const commissions = new CommissionDesk({
    source: gateway,
    journal,
    mayGoOn: async (session) => {
      const role = await people.logins.roleOf(session);
      return role !== null && COMMISSION.roles.includes(role);
    },
  });
  const rtsp = new RtspServer({
    ...server.rtsp,
    catalogue: gateway.catalogue,
    logger,
    users: server.rtspUsers.map(({ name, password }) => ({ name, password: password.reveal() })),
    limits: { maxClients: server.maxClients },
  });
  measureRtspServer(registry, () => rtsp.stats());
  measureRecord(registry, {
    store: () => store.trouble === null,
    findings: () => desk.waiting,
    untold: () => untoldEvents(store),
  });
  /** Puts a site in force: the file's, but for what it weakens and nobody accepted. */
  const use = async (next: Site): Promise<void> => {
    site = next;
    await gateway.apply(next);
    await desk.apply(next);
  };
  const reportSafeguards = (): void => {
    for (const finding of safeguards.findings(Date.now())) desk.findings.accept(finding);
  };
  const stop = async (): Promise<void> => {
    commissions.close();
    await Promise.allSettled([rtsp.close(), gateway.close()]);
    await desk.close();
  };
  try {
    await gateway.prepare(site);
    await rtsp.listen();
    await gateway.apply(site);
    const tls = server.tls && (await readTls(server.tls));
    let isOurs = tls?.isFor ?? (() => false);
    const rtspAddress = { host: server.rtsp.host, port: rtsp.port };
    const scout = new CameraScout(logger);
    const editor = new SiteEditor(loaded.path, env, journal);
    const app = createApp({
      gateway,
      catalogue: gateway.catalogue,
      live,
      preview,
      alerts: desk,
      commissions,
      registry,
      journal,
      // Whoever is answered is answered by a server that listens, and nothing listens for a site file that is not valid.
      ready: () => ({ config: true, http: true, rtsp: true, store: store.trouble === null }),
      rtsp: rtspAddress,
      redact: redactor.text,
      token,
      people,
      store,
      site: site.site.name,
      sites: {
        inForce: () => ({
          name: site.site.name,
          rules: site.site.rules,
          twoPersons: site.zones.twoPersons,
          commissioning: site.commissioning,
          retention: site.retention,
          alerts: site.alerts,
        }),
        settings: async () => ({
          file: file.path,
          settings: settingsOf(await readFile(file.path, 'utf8'), file.redactor),
        }),
        models: () => readCards(),
        pending: () => safeguards.pending,
        takesTwo: () => safeguards.takesTwo,
        accept: async (accepted) => use(await safeguards.accept(accepted)),
      },
      newCameras: {
        discover: () => scout.discover(),
        streams: (service) => scout.streams(service),
        add: (camera, by) => editor.add(camera, by),
      },
      identities: people,
      http: server.http,
      behindProxy: server.behindProxy,
      isOurs: (name) => isOurs(name),
      logger,
      version,
    });
    const http = await listenHttp(app, { address: server.http, logger, tls });
    const certificate = server.tls && tls && watchTls(server.tls, tls, http, logger);
    if (certificate) isOurs = (name) => certificate.current().isFor(name);
    noteConfig(journal, file, []);
    await noteModels(site.storage.dir, { journal, logger, cards: readCards });
    reportSafeguards();
    const stopWatching = watchSite(loaded, env, logger, {
      async changed(next) {
        await use(await safeguards.heed(next.site));
        reportSafeguards();
        metrics.configRejected.set(0);
        const [{ rules: from }, { rules: to }] = [file.site.site, next.site.site];
        noteConfig(journal, next, siteChanges(file.site, next.site));
        if (from !== to) journal.note({ kind: 'rules-changed', actor: 'site file', data: { from, to } });
        file = next;
      },
      rejected: () => metrics.configRejected.set(1),
    });
    const addresses = {
      http: `${tls ? 'https' : 'http'}://${authority({ host: server.http.host, port: http.port })}`,
      rtsp: `rtsp://${authority(rtspAddress)}`,
    };
    await offerSetup(people, addresses.http, logger);
    logger.info({ ...addresses, cameras: site.cameras.map(({ id }) => id) }, 'ready');
    return {
      ...addresses,
      async close() {
        stopWatching();
        live.close();
        preview.close();
        certificate?.stop();
        await Promise.all([http.close(), stop()]);
        journal.note({ kind: 'stop', actor: 'system', data: { reason: 'asked to' } });
        await journal.close();
        await store.close();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const noteConfig = (journal: OpenJournal, { path, digest }: LoadedSite, changes: readonly string[]): void =>
  journal.note({ kind: 'config-applied', actor: 'site file', data: { file: path, digest, changes } });

/** Prints the one-time link that makes the first admin, while there is nobody. On the terminal alone: a log is read by many. */
async function offerSetup(people: People, address: string, logger: Logger): Promise<void> {
  try {
    const secret = await people.accounts.offerSetup();
    if (secret !== null) {
      process.stdout.write(
        `No account yet. Open this link once, within a day, to make the first admin:\n${address}${setupPath(secret)}\n`,
      );
    }
  } catch (error) {
    logger.warn({ error: String(error) }, 'no setup link: the store cannot be read');
  }
}

const authority = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
