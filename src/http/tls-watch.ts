import type { ServerTls } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import type { HttpListener } from './server.js';
import { readTls, type TlsIdentity } from './tls.js';

/** Certificates are renewed weeks before they end: an hour is soon enough. ms */
const INTERVAL_MS = 3_600_000;

/** Takes up a renewed certificate. What cannot be read leaves the one that is shown. */
export const watchTls = (
  files: ServerTls,
  first: TlsIdentity,
  listener: HttpListener,
  logger: Logger,
): { readonly current: () => TlsIdentity; readonly check: () => Promise<void>; readonly stop: () => void } => {
  let shown = first;
  const check = async (): Promise<void> => {
    try {
      const now = await readTls(files);
      if (now.cert.equals(shown.cert) && now.key.equals(shown.key)) return;
      listener.renew(now);
      shown = now;
      logger.info({ cert: files.cert }, 'certificate renewed');
    } catch (error) {
      logger.warn({ error: String(error) }, 'certificate not renewed');
    }
  };
  const timer = setInterval(() => void check(), INTERVAL_MS);
  timer.unref();
  return { current: () => shown, check, stop: () => clearInterval(timer) };
};
