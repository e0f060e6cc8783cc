/** What an account is for. A regulator reads everything, changes nothing, and signs for inspections. */
export const ROLES = ['operator', 'integrator', 'regulator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What may be done, in the large; a route asks for one of them. */
export const SCOPES = [
  'read',
  'operate',
  'configure',
  'commission',
  'export',
  'inspect',
  'approve',
  'administer',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a token may be made for. A program is nobody's second person, is shown no raw picture, and makes no accounts or tokens. */
export const TOKEN_SCOPES = ['read', 'operate', 'configure', 'export'] as const satisfies readonly Scope[];
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** The scopes that a role has. */
export const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  operator: ['read', 'operate', 'export', 'inspect', 'approve'],
  integrator: ['read', 'configure', 'commission', 'approve'],
  regulator: ['read', 'export', 'inspect'],
  admin: SCOPES,
};

/** Who may do something: one of these roles, and with a token only where it has this scope. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly scope: Scope;
}

/** The rights to do something: every role that has the scope, or those that are named of them. */
export const rights = (scope: Scope, ...roles: readonly Role[]): Rights => ({
  scope,
  roles: roles.length > 0 ? roles : ROLES.filter((role) => SCOPES_OF[role].includes(scope)),
});
