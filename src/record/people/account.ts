import { ADMIN_TOKEN } from './person.js';
import type { Role } from './role.js';

/** An account as it may be shown. Its name is its identity for good: never changed, never given to another person. */
export interface Account {
  readonly name: string;
  /** As people read it. */
  readonly displayName: string;
  readonly role: Role;
  readonly createdAt: Date;
  /** null: it may log in. */
  readonly disabledAt: Date | null;
  /** null: the person has not followed the invitation yet. */
  readonly passwordAt: Date | null;
  readonly lastLoginAt: Date | null;
}

/** Lower case, so that no two names look the same; what may stand in a URL and in the log as it is. */
export const ACCOUNT_NAME = /^[a-z][a-z0-9._-]{1,62}[a-z0-9]$/;

/** Names that records use for what is no account. */
const RESERVED: ReadonlySet<string> = new Set([ADMIN_TOKEN, 'system', 'anonymous', 'token', 'site-file', 'nobody']);

/** Whether an account may be called that. */
export const isAccountName = (name: string): boolean => ACCOUNT_NAME.test(name) && !RESERVED.has(name);
