/** Walks all routes with every role and with none. */
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../record/people/person.js';
import { ROLES, type Role, SCOPES, SCOPES_OF, type Scope, TOKEN_SCOPES } from '../record/people/role.js';
import { csrfTokenOf } from './cookies.js';
import type { Identities } from './gatekeeper.js';
import { type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';
import type { Route } from './route.js';
import { makeRoutes } from './routes.js';

/** Everybody logged in under the name of their role; tokens are called `<role>/<scope>`. */
const EVERYBODY: Identities = {
  bySession: async (secret) => ROLES.map(loggedIn).find(({ session }) => session === secret) ?? null,
  byToken: async (secret) => {
    const [role, scope] = secret.split('/') as [Role, Scope];
    const isKnown = ROLES.includes(role) && SCOPES.includes(scope);
    return isKnown ? { kind: 'token', token: 'x', name: 'x', account: role, role, scopes: [scope] } : null;
  },
};
const loggedIn = (role: Role): Person & { session: string } => ({
  kind: 'account',
  account: role,
  role,
  session: role,
});

let app: ServedApp;
let routes: readonly Route[];
beforeAll(async () => {
  // Behind a proxy each request comes from a client of its own, and none is refused for the guesses of another.
  app = await serveApp({ identities: EVERYBODY, behindProxy: true });
  routes = makeRoutes({ ...app.context, registry: new Registry() });
});
afterAll(() => app[Symbol.asyncDispose]());

let knocks = 0;

/** Sends a request to a route that it lets through or not, and that then may find faults with it. */
const knock = async ({ method, path, body }: Route, headers: Record<string, string>): Promise<number> => {
  const response = await app.ask(path.replace('{camera}', 'lobby').replaceAll(/\{\w+\}/g, 'none'), {
    method: method.toUpperCase(),
    headers: {
      ...headers,
      'x-forwarded-for': `10.0.${++knocks >> 8}.${knocks & 255}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: '{}' }),
  });
  await response.body?.cancel();
  return response.status;
};

const bySession = (role: Role) => ({ cookie: `veilgate-session=${role}`, 'x-csrf-token': csrfTokenOf(role) });
const byToken = (secret: string) => ({ authorization: `Bearer ${secret}` });
const guarded = () => routes.filter(({ access }) => typeof access === 'object');

describe('every route', () => {
  it('is let through to the roles that it names, and to no other', async () => {
    for (const route of guarded()) {
      for (const role of ROLES) {
        const status = await knock(route, bySession(role));
        const isNamed = typeof route.access === 'object' && route.access.roles.includes(role);
        if (isNamed) expect([401, 403], `${route.operationId} as ${role}`).not.toContain(status);
        else expect(status, `${route.operationId} as ${role}`).toBe(403);
      }
    }
  });

  it('is closed to who has neither session nor token', async () => {
    for (const route of guarded()) {
      expect(await knock(route, {}), route.operationId).toBe(401);
      expect(await knock(route, { cookie: 'veilgate-session=nobody' }), route.operationId).toBe(401);
      expect(await knock(route, byToken('nobody/read')), route.operationId).toBe(401);
    }
  }, 20_000);

  it('is let through to a token by its scope, where its owner has the role', async () => {
    for (const route of guarded()) {
      const { roles, scope } = route.access as { roles: readonly Role[]; scope: Scope };
      const role = roles[0]!;
      for (const tried of TOKEN_SCOPES) {
        const status = await knock(route, byToken(`${role}/${tried}`));
        if (tried === scope) expect([401, 403], `${route.operationId} with ${tried}`).not.toContain(status);
        else expect(status, `${route.operationId} with ${tried}`).toBe(403);
      }
    }
  });

  it('is let through to the admin token, but where a person must answer for a look', async () => {
    for (const route of guarded()) {
      const { roles, scope } = route.access as { roles: readonly Role[]; scope: Scope };
      const isForAdmins = roles.includes('admin') && scope !== 'commission';
      expect([401, 403].includes(await knock(route, byToken(TOKEN))), route.operationId).toBe(!isForAdmins);
    }
  });

  it('wants the token of the page for changes that come with a cookie', async () => {
    for (const route of guarded().filter(({ method }) => method !== 'get')) {
      const role = (route.access as { roles: readonly Role[] }).roles[0]!;
      const { cookie } = bySession(role);
      expect(await knock(route, { cookie }), route.operationId).toBe(403);
      const stolen = { cookie, 'x-csrf-token': csrfTokenOf('another session') };
      expect(await knock(route, stolen), route.operationId).toBe(403);
      const foreign = { ...bySession(role), origin: 'https://attacker.example' };
      expect(await knock(route, foreign), route.operationId).toBe(403);
    }
  });
});

describe('the rights', () => {
  it('let every role read', () => {
    const reads = guarded().filter(({ access }) => (access as { scope: Scope }).scope === 'read');
    for (const { access, operationId } of reads) {
      expect((access as { roles: readonly Role[] }).roles, operationId).toEqual(ROLES);
    }
  });

  it('let a regulator change nothing but what concerns an inspection, an export, or their own login', () => {
    const changes = guarded().filter(
      ({ method, access }) => method !== 'get' && (access as { roles: readonly Role[] }).roles.includes('regulator'),
    );
    for (const { access, path } of changes) {
      expect(path).toMatch(/^\/api\/v1\/(inspections|exports|approvals|logout|me)\b/);
      expect(['read', 'inspect', 'export']).toContain((access as { scope: Scope }).scope);
    }
  });

  it('let none but integrators and admins look at a raw picture', () => {
    const looks = guarded().filter(({ path }) => path.includes('/commission'));
    expect(looks.map(({ operationId }) => operationId).sort()).toEqual([
      'closeCommission',
      'getCommissionPicture',
      'openCommission',
    ]);
    for (const { access } of looks)
      expect(access).toMatchObject({ roles: ['integrator', 'admin'], scope: 'commission' });
  });

  it('never admit a role that has not the scope itself', () => {
    for (const { access, operationId } of guarded()) {
      const { roles, scope } = access as { roles: readonly Role[]; scope: Scope };
      for (const role of roles) expect(SCOPES_OF[role], `${operationId} as ${role}`).toContain(scope);
    }
  });

  it('leave open to anyone what a stranger needs, and nothing that tells of cameras', () => {
    const open = routes.filter(({ access }) => access === 'anyone').map(({ path }) => path);
    for (const path of open) expect(path).toMatch(/^\/(healthz|readyz|api\/v1\/(login|setup))$/);
  });
});
