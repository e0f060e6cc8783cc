import { loadSite } from '../config/load.js';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import type { Output } from './check.js';
import { askGateway, type GatewayAnswer, type GatewayQuestion, jsonOf, refusalOf } from './gateway-client.js';

export interface SetupLinkOptions {
  readonly name: string;
  readonly site: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
}

/**
 * `veilgate accounts setup-link <name>`: a one-time link by which an admin sets a new password, for when nobody is left who could invite
 * them. The account is made where there is none, and let in again where it was disabled. It is asked of the running gateway with the
 * admin token, which whoever may read the storage folder has; the gateway enters each step in the audit log.
 *
 * @throws SiteFileError, VeilgateError `gateway-needed`, `not-an-admin`, `link-refused`
 */
export async function runSetupLink({ name, site: path, env, stdout }: SetupLinkOptions): Promise<void> {
  const { site } = await loadSite(path, env);
  const account = `/api/v1/accounts/${encodeURIComponent(name)}`;
  const known = await ask(site, env, { method: 'GET', path: account });
  const isNew = known.status === 404;
  if (!isNew) {
    const { role, disabledAt } = jsonOf(granted(known)) as { role: string; disabledAt: string | null };
    if (role !== 'admin')
      throw new VeilgateError(
        'not-an-admin',
        `${name} is an account of the role ${role}, which an admin invites anew in the console. Name an admin, or one that there is not yet.`,
      );
    if (disabledAt !== null)
      granted(await ask(site, env, { method: 'PATCH', path: account, body: { disabled: false } }));
  }
  const invite: GatewayQuestion = isNew
    ? { method: 'POST', path: '/api/v1/accounts', body: { name, role: 'admin' } }
    : { method: 'POST', path: `${account}/invitation` };
  const { path: link, expiresAt } = jsonOf(granted(await ask(site, env, invite))) as {
    path: string;
    expiresAt: string;
  };
  const done = isNew ? `Made the admin ${name}.` : `The password and the sessions of ${name} are gone.`;
  const scheme = site.server.tls ? 'https' : 'http';
  stdout.write(
    `${done} Open this link once, until ${expiresAt}, to set a password:\n${scheme}://${addressOf(site)}${link}\n`,
  );
}

const addressOf = ({ server: { http } }: Site): string => `${http.host}:${http.port}`;

const ask = async (site: Site, env: NodeJS.ProcessEnv, question: GatewayQuestion): Promise<GatewayAnswer> => {
  const answer = await askGateway(site, env, question);
  if (answer) return answer;
  throw new VeilgateError(
    'gateway-needed',
    `No gateway answers at ${addressOf(site)}: start it, since it keeps the accounts.`,
  );
};

const granted = (answer: GatewayAnswer): GatewayAnswer => {
  if (answer.status < 300) return answer;
  throw new VeilgateError('link-refused', `The gateway refused: ${refusalOf(answer)}`);
};
