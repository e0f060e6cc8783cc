import { type Rights, type Role, SCOPES_OF, type Scope } from './role.js';

/** How the holder of the admin token is named in records: one person, whoever holds it. No account may be called that. */
export const ADMIN_TOKEN = 'admin-token';

/** Who asks for something. */
export type Person =
  /** Somebody who has logged in. */
  | { readonly kind: 'account'; readonly account: string; readonly role: Role; readonly session: string }
  /** A program that acts for an account, or for the admin token's holder. */
  | {
      readonly kind: 'token';
      readonly token: string;
      readonly name: string;
      readonly account: string;
      readonly role: Role;
      readonly scopes: readonly Scope[];
    }
  /** Whoever holds the admin token of the site. */
  | { readonly kind: 'admin-token' };

/** Which human it is: two persons are different where this is. A token is its owner. */
export const humanOf = (person: Person): string => (person.kind === 'admin-token' ? ADMIN_TOKEN : person.account);

/** How records name who did something: an account, `token:<name> of <account>`, or `admin-token`. */
export const actorOf = (person: Person): string => {
  switch (person.kind) {
    case 'account':
      return person.account;
    case 'token':
      return `token:${person.name} of ${person.account}`;
    case 'admin-token':
      return ADMIN_TOKEN;
  }
};

export const roleOf = (person: Person): Role => (person.kind === 'admin-token' ? 'admin' : person.role);

/** What a person may do at most, of what their role may: a token has its scopes. The admin token is nobody who could answer for a look. */
export const scopesOf = (person: Person): readonly Scope[] => {
  const ofRole = SCOPES_OF[roleOf(person)];
  if (person.kind === 'token') return ofRole.filter((scope) => person.scopes.includes(scope));
  return person.kind === 'account' ? ofRole : ofRole.filter((scope) => scope !== 'commission');
};

/** Whether a person has the rights. */
export const mayUse = (person: Person, { roles, scope }: Rights): boolean =>
  roles.includes(roleOf(person)) && scopesOf(person).includes(scope);
