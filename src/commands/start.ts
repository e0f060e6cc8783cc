import { Registry } from 'prom-client';
import { loadSite } from '../config/load.js';
import { Gateway } from '../control/gateway.js';
import { watchSite } from '../control/site-watch.js';
import { loadAdminToken } from '../http/admin-token.js';
import { createApp } from '../http/app.js';
import { GatewayMetrics, measureRtspServer } from '../http/metrics.js';
import { listenHttp } from '../http/server.js';
import { createLogger } from '../log.js';
import { RtspServer } from '../rtsp/server.js';

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Of the gateway. */
  readonly version: string;
}

/** A gateway that runs. */
export interface RunningGateway {
  /** Where the status page is. */
  readonly http: string;
  /** What stream ids are appended to. */
  readonly rtsp: string;
  /** Ends every process and socket of it. */
  close(): Promise<void>;
}

/**
 * `veilgate start <site.yaml>`: runs the gateway. Resolves when both listeners are up, whatever the cameras do.
 *
 * Throws SiteFileError for a site file that is not valid, VeilgateError `port-in-use`, `token-unavailable` and their like. Nothing
 * is left running then.
 */
export async function startGateway(path: string, { env, version }: StartOptions): Promise<RunningGateway> {
  const loaded = await loadSite(path, env);
  const { site, redactor } = loaded;
  const { server } = site;
  const logger = createLogger(redactor, env);
  const token = await loadAdminToken(site.storage.dir, env);
  const registry = new Registry();
  const metrics = new GatewayMetrics(registry, version);
  const gateway = new Gateway(site, { logger, registry, onStreamEnd: (id) => rtsp.endStream(id) });
  const rtsp = new RtspServer({
    ...server.rtsp,
    catalogue: gateway.catalogue,
    logger,
    users: server.rtspUsers.map(({ name, password }) => ({ name, password: password.reveal() })),
    limits: { maxClients: server.maxClients },
  });
  measureRtspServer(registry, () => rtsp.stats());
  await rtsp.listen();
  const rtspAddress = { host: server.rtsp.host, port: rtsp.port };
  const app = createApp({
    gateway,
    registry,
    // Whoever is answered is answered by a server that listens, and nothing listens for a site file that is not valid.
    ready: () => ({ ready: true, config: true, http: true, rtsp: true }),
    rtsp: rtspAddress,
    redact: redactor.text,
    token,
    http: server.http,
    behindProxy: server.behindProxy,
    logger,
    version,
  });
  try {
    await gateway.apply(site);
    const http = await listenHttp(app, { address: server.http, logger });
    const stopWatching = watchSite(loaded, env, logger, {
      changed: async (next) => {
        await gateway.apply(next.site);
        metrics.configRejected.set(0);
      },
      rejected: () => metrics.configRejected.set(1),
    });
    const addresses = {
      http: `http://${authority({ host: server.http.host, port: http.port })}`,
      rtsp: `rtsp://${authority(rtspAddress)}`,
    };
    logger.info({ ...addresses, cameras: site.cameras.map(({ id }) => id) }, 'ready');
    return {
      ...addresses,
      async close() {
        stopWatching();
        await Promise.allSettled([http.close(), rtsp.close(), gateway.close()]);
      },
    };
  } catch (error) {
    await Promise.allSettled([rtsp.close(), gateway.close()]);
    throw error;
  }
}

const authority = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
