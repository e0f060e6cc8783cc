import { stat } from 'node:fs/promises';
import { loadSite } from '../config/load.js';
import type { Site } from '../config/site.js';
import { VeilgateError } from '../errors.js';
import { invitationPath } from '../http/people-routes.js';
import { openJournal } from '../record/journal.js';
import { Accounts } from '../record/people/accounts.js';
import type { Role } from '../record/people/role.js';
import { openStore } from '../record/store/store.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import type { Output } from './check.js';
import {
  askGateway,
  type GatewayAnswer,
  type GatewayQuestion,
  isGatewayThere,
  jsonOf,
  refusalOf,
} from './gateway-client.js';

export interface SetupLinkOptions {
  readonly name: string;
  readonly site: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Output;
}

/** An account, as far as it matters here. */
interface Known {
  readonly role: Role;
  readonly isDisabled: boolean;
}

/** A link that sets a password: its path in the console, and when it is over (ISO 8601). */
interface Link {
  readonly path: string;
  readonly expiresAt: string;
}

/** Who keeps the accounts. Each step is entered in the audit log first. */
interface Keeper {
  /** null: there is no such account. */
  find(): Promise<Known | null>;
  enable(): Promise<void>;
  create(): Promise<Link>;
  invite(): Promise<Link>;
}

/**
 * `veilgate accounts setup-link <name>`: a one-time link by which an admin sets a new password, for when nobody is left who could invite
 * them. The account is made where there is none, and let in again where it was disabled. A gateway that runs is asked, with the admin token,
 * which whoever may read the storage folder has. Where none runs, the command writes the store and the log itself, under the log's lock.
 *
 * @throws SiteFileError, VeilgateError `not-an-admin`, `link-refused`, `port-of-another`; without a gateway `storage-missing`, `storage-of-another`, and as
 *   the journal and the store do (`audit-log-in-use` where a gateway runs after all, and does not answer)
 */
export async function runSetupLink({ name, site: path, env, stdout }: SetupLinkOptions): Promise<void> {
  const { site } = await loadSite(path, env);
  const runs = await isGatewayThere(site);
  const { made, link } = runs ? await linkFor(name, gatewayKeeper(site, env, name)) : await withoutGateway(site, name);
  const done = made ? `Made the admin ${name}.` : `The password and the sessions of ${name} are gone.`;
  const when = runs ? 'Open' : 'No gateway runs: start it, and open';
  const scheme = site.server.tls ? 'https' : 'http';
  const { host, port } = site.server.http;
  stdout.write(
    `${done} ${when} this link once, until ${link.expiresAt}, to set a password:\n${scheme}://${host}:${port}${link.path}\n`,
  );
}

const linkFor = async (name: string, keeper: Keeper): Promise<{ made: boolean; link: Link }> => {
  const known = await keeper.find();
  if (known === null) return { made: true, link: await keeper.create() };
  if (known.role !== 'admin')
    throw new VeilgateError(
      'not-an-admin',
      `${name} is an account of the role ${known.role}, which an admin invites anew in the console. Name an admin, or one that there is not yet.`,
    );
  if (known.isDisabled) await keeper.enable();
  return { made: false, link: await keeper.invite() };
};

const gatewayKeeper = (site: Site, env: NodeJS.ProcessEnv, name: string): Keeper => {
  const account = `/api/v1/accounts/${encodeURIComponent(name)}`;
  const ask = async (question: GatewayQuestion): Promise<GatewayAnswer> => {
    const answer = await askGateway(site, env, question);
    if (answer) return answer;
    throw new VeilgateError('link-refused', 'The gateway ended meanwhile: run this again.');
  };
  const linkBy = async (question: GatewayQuestion): Promise<Link> => jsonOf(granted(await ask(question))) as never;
  return {
    async find() {
      const answer = await ask({ method: 'GET', path: account });
      if (answer.status === 404) return null;
      const { role, disabledAt } = jsonOf(granted(answer)) as { role: Role; disabledAt: string | null };
      return { role, isDisabled: disabledAt !== null };
    },
    async enable() {
      granted(await ask({ method: 'PATCH', path: account, body: { disabled: false } }));
    },
    create: () => linkBy({ method: 'POST', path: '/api/v1/accounts', body: { name, role: 'admin' } }),
    invite: () => linkBy({ method: 'POST', path: `${account}/invitation` }),
  };
};

const granted = (answer: GatewayAnswer): GatewayAnswer => {
  if (answer.status < 300) return answer;
  const cure =
    answer.status === 401
      ? ' Give this command the same VEILGATE_TOKEN; where nobody knows it any more, stop the gateway and run this again: it needs no token then.'
      : '';
  throw new VeilgateError('link-refused', `The gateway refused: ${refusalOf(answer)}${cure}`);
};

/** Who did it, in the log: whoever holds the machine has no other name. */
const ACTOR = 'command line';

const withoutGateway = async (site: Site, name: string): Promise<{ made: boolean; link: Link }> => {
  await checkOwner(site.storage.dir);
  const journal = await openJournal(site, SILENT_LOGGER);
  const store = openStore(site.storage, { logger: SILENT_LOGGER });
  try {
    const accounts = new Accounts({ store, journal, now: () => new Date(), site: site.site.name });
    const link = ({ secret, expiresAt }: { readonly secret: string; readonly expiresAt: Date }): Link => ({
      path: invitationPath(secret),
      expiresAt: expiresAt.toISOString(),
    });
    return await linkFor(name, {
      async find() {
        const known = (await accounts.list()).find((account) => account.name === name);
        return known ? { role: known.role, isDisabled: known.disabledAt !== null } : null;
      },
      enable: async () => void (await accounts.change(name, { disabled: false }, ACTOR)),
      create: async () => link((await accounts.create(name, name, 'admin', ACTOR)).invitation),
      invite: async () => link(await accounts.invite(name, ACTOR)),
    });
  } finally {
    await store.close();
    await journal.close();
  }
};

/** Files that another user makes here are files that the gateway cannot write any more. */
const checkOwner = async (dir: string): Promise<void> => {
  const owner = await stat(dir).then(
    ({ uid }) => uid,
    () => null,
  );
  if (owner === null)
    throw new VeilgateError('storage-missing', `There is no ${dir} yet: start the gateway, which prints the link.`);
  const self = process.getuid?.();
  if (self !== undefined && self !== owner)
    throw new VeilgateError(
      'storage-of-another',
      `No gateway answers, and ${dir} is user ${owner}'s: run this as that user ("sudo -u '#${owner}' ..."), or start the gateway.`,
    );
};
