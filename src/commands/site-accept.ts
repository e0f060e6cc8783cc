import { loadSite } from '../config/load.js';
import { VeilgateError } from '../errors.js';
import type { Output } from './check.js';
import { askGateway, jsonOf, refusalOf } from './gateway-client.js';

export interface SiteAcceptOptions {
  readonly site: string;
  /** A second person's approval. */
  readonly approval?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
}

/**
 * `veilgate site accept --site <site.yaml>`: lets the site file weaken what it protected. Only a running gateway can: it knows who
 * agreed.
 *
 * Throws SiteFileError, VeilgateError `gateway-needed`, `accept-refused`.
 */
export async function runSiteAccept({ site: path, approval, env, stdout }: SiteAcceptOptions): Promise<void> {
  const { site } = await loadSite(path, env);
  const answer = await askGateway(site, env, {
    method: 'POST',
    path: '/api/v1/site/accept',
    ...(approval !== undefined && { headers: { approval } }),
  });
  const { host, port } = site.server.http;
  if (answer === null)
    throw new VeilgateError(
      'gateway-needed',
      `No gateway answers at ${host}:${port}: start it, since it knows who accepts and who agrees.`,
    );
  if (answer.status !== 200)
    throw new VeilgateError('accept-refused', `The gateway at ${host}:${port} refused: ${refusalOf(answer)}`);
  const { twoPersons, retention } = jsonOf(answer) as { twoPersons: boolean; retention: object };
  stdout.write(`In force: zones.twoPersons ${twoPersons}, retention ${JSON.stringify(retention)}.\n`);
}
