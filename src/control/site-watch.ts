import { unwatchFile, watchFile } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../config/interpolate.js';
import { type LoadedSite, loadSite } from '../config/load.js';
import type { Logger } from '../rtsp/logger.js';

/** How often the file's time and size are looked at, ms: works on every file system, also for editors that replace the file. */
const LOOK_EVERY_MS = 500;

export interface SiteWatchEvents {
  /** The file was changed and is valid. */
  changed(loaded: LoadedSite): Promise<void>;
  /** The file was changed and cannot be used: what ran before goes on. `reason` names every problem, without secrets. */
  rejected(reason: string): void;
}

/** Follows the site file while the gateway runs. Returns how to stop. */
export function watchSite(first: LoadedSite, env: Environment, logger: Logger, events: SiteWatchEvents): () => void {
  const { path } = first;
  let known = first;
  let busy: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const loaded = await loadSite(path, env);
      await events.changed(loaded);
      if (
        !isDeepStrictEqual(loaded.site.server, known.site.server) ||
        loaded.site.storage.dir !== known.site.storage.dir
      )
        logger.warn({}, 'a change of server or storage takes a restart of the gateway');
      known = loaded;
      logger.info({ digest: loaded.digest.slice(0, 12) }, 'site file applied');
    } catch (error) {
      const reason = known.redactor.text(error instanceof Error ? error.message : String(error));
      logger.warn({ problems: reason.split('\n') }, 'the edited site file was rejected; what ran before goes on');
      events.rejected(reason);
    }
  };
  const onChange = (): void => {
    busy = busy.then(look);
  };
  watchFile(path, { interval: LOOK_EVERY_MS }, onChange);
  // What was edited since the file was read is no change to a watch that only begins.
  busy = loadSite(path, env).then(
    (now) => (now.digest === first.digest ? undefined : look()),
    () => look(),
  );
  return () => unwatchFile(path, onChange);
}
