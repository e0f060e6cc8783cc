/** Who comes in, and who may: sessions, the setup link, accounts and tokens. */
import type { Account } from '../record/people/account.js';
import type { Invitation } from '../record/people/accounts.js';
import { SESSION_MS } from '../record/people/logins.js';
import type { People } from '../record/people/people.js';
import { actorOf, humanOf, type Person, roleOf, scopesOf } from '../record/people/person.js';
import { csrfTokenOf, sessionCookie } from './cookies.js';
import { RequestError } from './failure.js';
import {
  accountChangeSchema,
  accountSchema,
  accountsSchema,
  invitationSchema,
  loginSchema,
  madeTokenSchema,
  newAccountSchema,
  newTokenSchema,
  sessionSchema,
  setupSchema,
  tokensSchema,
} from './people-schemas.js';
import { presentAccount, presentToken } from './present-people.js';
import { readBody } from './read-request.js';
import { ADMINISTER, MAKE_TOKENS, READ } from './rights.js';
import { type Reply, type Route, type RouteRequest, reply } from './route.js';

export interface PeopleRouteContext {
  readonly people: People;
}

/** The page that makes the first account; the secret stands behind the #, which no server is sent. */
export const setupPath = (secret: string): string => `/#/setup/${secret}`;

/** The page on which who was invited sets a password. */
export const invitationPath = (secret: string): string => `/#/invitation/${secret}`;

export const peopleRoutes = ({ people }: PeopleRouteContext): Route[] => [
  ...sessionRoutes(people),
  ...accountRoutes(people),
  ...tokenRoutes(people),
];

const sessionRoutes = ({ accounts, logins, inspections }: People): Route[] => {
  const welcome = (account: Account, secret: string, secure: boolean): Reply => {
    const person: Person = { kind: 'account', account: account.name, role: account.role, session: '' };
    const headers = { 'Set-Cookie': sessionCookie(secret, SESSION_MS / 1000, secure) };
    return { ...reply(sessionSchema, presentPerson(person, csrfTokenOf(secret), null)), headers };
  };
  return [
    {
      method: 'post',
      path: '/api/v1/login',
      access: 'anyone',
      summary: 'Begins a session: its cookie comes with the answer.',
      operationId: 'logIn',
      body: loginSchema,
      answers: { 200: { description: 'Logged in.', content: sessionSchema } },
      handle: async ({ body, client, secure }) => {
        const { name, password } = readBody(loginSchema, body);
        const { account, secret } = await logins.logIn(name, password, client);
        return welcome(account, secret, secure);
      },
    },
    {
      method: 'post',
      path: '/api/v1/setup',
      access: 'anyone',
      summary: 'Follows a one-time link: makes the first admin, or sets the password of who was invited. Logs in.',
      operationId: 'setUp',
      body: setupSchema,
      answers: { 200: { description: 'Logged in.', content: sessionSchema } },
      handle: async ({ body, client, secure }) => {
        const { secret, name, displayName, password } = readBody(setupSchema, body);
        const account =
          name === undefined
            ? await accounts.accept(secret, password)
            : await accounts.setUp(secret, name, displayName ?? name, password);
        return welcome(account, await logins.begin(account, client), secure);
      },
    },
    {
      method: 'get',
      path: '/api/v1/me',
      access: READ,
      summary: 'Who asks, what they may do, and the token that changes need.',
      operationId: 'getMe',
      answers: { 200: { description: 'This person.', content: sessionSchema } },
      handle: async ({ person, csrfToken }) => {
        const inspection = await inspections.of(humanOf(person!)).catch(() => null);
        return reply(sessionSchema, presentPerson(person!, csrfToken, inspection?.id ?? null));
      },
    },
    {
      method: 'post',
      path: '/api/v1/logout',
      access: READ,
      summary: 'Ends this session.',
      operationId: 'logOut',
      answers: { 204: { description: 'Logged out.', content: null } },
      handle: async ({ person, secure }) => {
        if (person?.kind === 'account') await logins.logOut(person.session, person.account);
        return { type: 'empty', headers: { 'Set-Cookie': sessionCookie(null, 0, secure) } };
      },
    },
  ];
};

const presentPerson = (person: Person, csrfToken: string | null, inspection: string | null) => ({
  kind: person.kind,
  name: actorOf(person),
  role: roleOf(person),
  scopes: scopesOf(person),
  csrfToken,
  inspection,
});

const accountRoutes = ({ accounts }: People): Route[] => [
  {
    method: 'get',
    path: '/api/v1/accounts',
    access: READ,
    summary: 'All accounts, disabled ones included.',
    operationId: 'listAccounts',
    answers: { 200: { description: 'By name.', content: accountsSchema } },
    handle: async () => reply(accountsSchema, { accounts: (await accounts.list()).map(presentAccount) }),
  },
  {
    method: 'post',
    path: '/api/v1/accounts',
    access: ADMINISTER,
    summary: 'Makes an account, and invites its person to set a password.',
    operationId: 'createAccount',
    body: newAccountSchema,
    answers: { 201: { description: 'Made: hand the link to its person.', content: invitationSchema } },
    handle: async ({ body, actor }) => {
      const { name, displayName, role } = readBody(newAccountSchema, body);
      const { invitation } = await accounts.create(name, displayName ?? name, role, actor);
      return reply(invitationSchema, presentInvitation(name, invitation), 201);
    },
  },
  {
    method: 'get',
    path: '/api/v1/accounts/{account}',
    access: READ,
    summary: 'One account.',
    operationId: 'getAccount',
    answers: { 200: { description: 'The account.', content: accountSchema } },
    handle: async ({ param }) => reply(accountSchema, presentAccount(await accounts.get(param('account')))),
  },
  {
    method: 'patch',
    path: '/api/v1/accounts/{account}',
    access: ADMINISTER,
    summary: 'Gives another role, or lets the person in or not. Ends their sessions.',
    operationId: 'changeAccount',
    body: accountChangeSchema,
    answers: { 200: { description: 'As it is now.', content: accountSchema } },
    handle: async ({ param, body, actor }) => {
      const { role, disabled } = readBody(accountChangeSchema, body);
      const change = { ...(role !== undefined && { role }), ...(disabled !== undefined && { disabled }) };
      return reply(accountSchema, presentAccount(await accounts.change(param('account'), change, actor)));
    },
  },
  {
    method: 'delete',
    path: '/api/v1/accounts/{account}',
    access: ADMINISTER,
    summary: 'Disables an account. Records refer to it: it is never deleted, and its name never given again.',
    operationId: 'disableAccount',
    answers: { 204: { description: 'Disabled.', content: null } },
    handle: async ({ param, actor }) => {
      await accounts.change(param('account'), { disabled: true }, actor);
      return { type: 'empty' };
    },
  },
  {
    method: 'post',
    path: '/api/v1/accounts/{account}/invitation',
    access: ADMINISTER,
    summary: 'Invites a person to set a new password. The old one and all sessions are gone.',
    operationId: 'inviteAccount',
    answers: { 201: { description: 'Hand the link to its person.', content: invitationSchema } },
    handle: async ({ param, actor }) => {
      const invitation = await accounts.invite(param('account'), actor);
      return reply(invitationSchema, presentInvitation(param('account'), invitation), 201);
    },
  },
];

const presentInvitation = (account: string, { secret, expiresAt }: Invitation) => ({
  account,
  secret,
  path: invitationPath(secret),
  expiresAt: expiresAt.toISOString(),
});

const tokenRoutes = ({ tokens }: People): Route[] => [
  {
    method: 'get',
    path: '/api/v1/tokens',
    access: READ,
    summary: 'API tokens without their secrets: an admin sees all, others their own.',
    operationId: 'listTokens',
    answers: { 200: { description: 'Oldest first.', content: tokensSchema } },
    handle: async ({ person }) =>
      reply(tokensSchema, { tokens: (await tokens.list(whose(person!))).map(presentToken) }),
  },
  {
    method: 'post',
    path: '/api/v1/tokens',
    access: MAKE_TOKENS,
    summary: 'Makes an API token that acts for who asks.',
    operationId: 'createToken',
    body: newTokenSchema,
    answers: { 201: { description: 'Made. Its secret is shown this once.', content: madeTokenSchema } },
    handle: async (request) => {
      const person = personAlone(request);
      const wanted = readBody(newTokenSchema, request.body);
      const owner = { account: humanOf(person), role: roleOf(person), by: actorOf(person) };
      const { token, secret } = await tokens.create(owner, { ...wanted, scopes: [...new Set(wanted.scopes)] });
      return reply(madeTokenSchema, { token: presentToken(token), secret }, 201);
    },
  },
  {
    method: 'delete',
    path: '/api/v1/tokens/{token}',
    access: MAKE_TOKENS,
    summary: 'Revokes an API token: an admin any, others their own.',
    operationId: 'revokeToken',
    answers: { 204: { description: 'Worthless from now on.', content: null } },
    handle: async (request) => {
      const person = personAlone(request);
      await tokens.revoke(request.param('token'), whose(person), actorOf(person));
      return { type: 'empty' };
    },
  },
];

/** Whose tokens a person sees; null: everybody's. */
const whose = (person: Person): string | null => (roleOf(person) === 'admin' ? null : humanOf(person));

/** A program does not make or end tokens. */
const personAlone = ({ person }: RouteRequest): Person => {
  if (person !== null && person.kind !== 'token') return person;
  throw new RequestError(403, 'not-for-tokens', 'An API token neither makes nor ends tokens. Log in.');
};
