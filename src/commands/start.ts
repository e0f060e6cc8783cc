import { Registry } from 'prom-client';
import { loadSite } from '../config/load.js';
import { Gateway } from '../control/gateway.js';
import { watchSite } from '../control/site-watch.js';
import { startHttp } from '../http/start.js';
import { createLogger } from '../log.js';
import { RtspServer } from '../rtsp/server.js';

/** A gateway that runs. */
export interface RunningGateway {
  readonly httpUrl: string;
  readonly rtspUrl: string;
  /** Ends every process and socket of it. */
  close(): Promise<void>;
}

/**
 * `veilgate start <site.yaml>`: runs the gateway. Resolves when both listeners are up, whatever the cameras do.
 *
 * Throws SiteFileError for a site file that is not valid, VeilgateError `port-in-use`, and what the storage folder throws.
 */
export async function startGateway(path: string, env: NodeJS.ProcessEnv): Promise<RunningGateway> {
  const loaded = await loadSite(path, env);
  const { site } = loaded;
  const logger = createLogger(loaded.redactor, env);
  const registry = new Registry();
  const gateway = new Gateway(site, { logger, registry, onStreamEnd: (id) => rtsp.endStream(id) });
  const rtsp = new RtspServer({
    ...site.server.rtsp,
    catalogue: gateway.catalogue,
    logger,
    users: site.server.rtspUsers.map(({ name, password }) => ({ name, password: password.reveal() })),
    limits: { maxClients: site.server.maxClients },
  });
  let rejected: string | null = null;
  const http = await startHttp({ site, gateway, rtsp, registry, logger, env, rejectedEdit: () => rejected });
  try {
    await rtsp.listen();
    await gateway.start(site);
  } catch (error) {
    await Promise.allSettled([http.close(), rtsp.close(), gateway.close()]);
    throw error;
  }
  http.becomeReady();
  const stopWatching = watchSite(loaded, env, logger, {
    async changed(next) {
      await gateway.apply(next.site);
      rejected = null;
    },
    rejected(reason) {
      rejected = reason;
    },
  });
  logger.info({ http: http.url, rtsp: rtspUrlOf(site.server.rtsp.host, rtsp.port), cameras: site.cameras.length }, 'ready');
  return {
    httpUrl: http.url,
    rtspUrl: rtspUrlOf(site.server.rtsp.host, rtsp.port),
    async close() {
      stopWatching();
      await Promise.allSettled([http.close(), rtsp.close()]);
      await gateway.close();
    },
  };
}

const rtspUrlOf = (host: string, port: number): string => `rtsp://${host.includes(':') ? `[${host}]` : host}:${port}`;
