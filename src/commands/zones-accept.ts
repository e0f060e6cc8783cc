import { userInfo } from 'node:os';
import { type LoadedSite, loadSite } from '../config/load.js';
import type { CameraConfig } from '../config/site.js';
import { ZoneKeeper } from '../control/zone-keeper.js';
import { VeilgateError } from '../errors.js';
import { createLogger } from '../log.js';
import { openJournal } from '../record/journal.js';
import { FileZoneStore } from '../zones/file-zone-store.js';
import type { ViewStanding } from '../zones/view-store.js';
import type { Output } from './check.js';
import { askGateway, jsonOf, refusalOf } from './gateway-client.js';

export interface ZonesAcceptOptions {
  readonly camera: string;
  readonly site: string;
  /** A second person's approval, where the site asks for two and the zones mask less. */
  readonly approval?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
}

/**
 * `veilgate zones accept <camera> --site <site.yaml>`: puts the site file's zones in force on this person's word, whatever they
 * mask, and accepts the present shape of the picture. Asks the gateway where it runs, else writes the store itself.
 *
 * Throws SiteFileError, VeilgateError `unknown-camera`, `accept-refused`.
 */
export async function runZonesAccept(options: ZonesAcceptOptions): Promise<void> {
  const { camera, site: path, env, stdout } = options;
  const loaded = await loadSite(path, env);
  const config = loaded.site.cameras.find(({ id }) => id === camera);
  if (!config) {
    const known = loaded.site.cameras.map(({ id }) => id).join(', ');
    throw new VeilgateError('unknown-camera', `${path} has no camera "${camera}"; it has: ${known}.`);
  }
  const accepted = await acceptThere(loaded, camera, options);
  const revision = accepted ?? (await writeStore(loaded, config, env));
  stdout.write(`${camera}: revision ${revision} is in force, with ${config.zones.length} zones of ${path}.\n`);
  if (accepted === null) return;
  const standing = await viewStanding(loaded, camera, env);
  const isRefused = standing === 'uniform' && config.guard.mode === 'strict';
  stdout.write(`${camera}: ${isRefused ? REFUSED_TEXT : VIEW_TEXT[standing]}.\n`);
}

/** What became of the present view, for whoever accepted it. */
const VIEW_TEXT: Record<ViewStanding, string> = {
  accepted: 'the present view is accepted',
  learning: 'no picture came yet; the first stable view will be taken for the accepted one',
  uniform:
    'the present view is too uniform to be known again, so it is guarded strictly: any change of the whole picture withholds the stream',
  unsteady: 'the present view does not stand still; it will be accepted as soon as it does',
  unaccepted: 'no view is accepted',
};

const REFUSED_TEXT =
  'the present view is too uniform to be known again, and "guard: strict" shows none that cannot: the stream stays withheld';

/** A view is taken after it was still for 2 s; so long, ms, is waited for that. */
const VIEW_PATIENCE_MS = 4000;
const VIEW_ASK_EVERY_MS = 250;

/** Where the view stands once it was looked at; `learning` where it was not in time. */
async function viewStanding({ site }: LoadedSite, camera: string, env: NodeJS.ProcessEnv): Promise<ViewStanding> {
  const until = Date.now() + VIEW_PATIENCE_MS;
  while (Date.now() < until) {
    const answer = await askGateway(site, env, { method: 'GET', path: `/api/v1/cameras/${camera}` });
    const { view } = (answer ? jsonOf(answer) : {}) as { view?: { standing?: ViewStanding } };
    const standing = view?.standing ?? 'learning';
    if (standing !== 'learning') return standing;
    await new Promise((resolve) => setTimeout(resolve, VIEW_ASK_EVERY_MS));
  }
  return 'learning';
}

/** The revision that the running gateway made of it; null where none runs. */
async function acceptThere({ site }: LoadedSite, camera: string, options: ZonesAcceptOptions): Promise<number | null> {
  const answer = await askGateway(site, options.env, {
    method: 'POST',
    path: `/api/v1/cameras/${camera}/zones/accept`,
    ...(options.approval !== undefined && { headers: { approval: options.approval } }),
  });
  if (answer === null) return null;
  const { revision } = jsonOf(answer);
  if (answer.status === 200 && typeof revision === 'number') return revision;
  const { host, port } = site.server.http;
  throw new VeilgateError(
    'accept-refused',
    `The gateway at ${host}:${port} did not accept the zones: ${refusalOf(answer)}`,
  );
}

/** Where no gateway runs: the same record, kept by this process. Where two people must agree, only the gateway knows that they did. */
async function writeStore(
  { site, redactor }: LoadedSite,
  config: CameraConfig,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { id, zones, unmasked } = config;
  if (site.zones.twoPersons) {
    throw new VeilgateError(
      'second-person-needed',
      'This site asks for two people (zones.twoPersons): start the gateway, which knows who they are.',
    );
  }
  const logger = createLogger(redactor, { ...env, VEILGATE_LOG: 'silent' });
  const journal = await openJournal(site, logger);
  try {
    const keeper = new ZoneKeeper(new FileZoneStore(site.storage.dir), journal, logger, () => new Date());
    // No picture is at hand: the shape of the next one will be the accepted one.
    return (await keeper.accept(id, { zones, unmasked }, userInfo().username, 'cli', 'next')).revision;
  } finally {
    await journal.close();
  }
}
