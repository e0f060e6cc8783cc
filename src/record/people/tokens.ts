import { randomUUID } from 'node:crypto';
import type { Accounts, PeopleContext } from './accounts.js';
import { PeopleError } from './people-error.js';
import { ADMIN_TOKEN, type Person } from './person.js';
import { type Role, SCOPES_OF, type TokenScope } from './role.js';
import { digestOf, newSecret } from './secret.js';

/** Days that a token lasts unless it is asked otherwise, and at most: whoever forgot about it is reminded once a year. */
export const DEFAULT_TOKEN_DAYS = 90;
export const MAX_TOKEN_DAYS = 366;

/** Tokens that one account may have at a time. */
const MAX_TOKENS = 50;

/** The last use is written this seldom, ms. */
const USED_EVERY_MS = 60_000;

const DAY_MS = 86_400_000;

/** An API token as it may be shown. */
export interface ApiToken {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Tokens by which programs act for an account: with some of its rights, for a time. */
export class Tokens {
  readonly #context: PeopleContext;
  readonly #accounts: Accounts;

  constructor(context: PeopleContext, accounts: Accounts) {
    this.#context = context;
    this.#accounts = accounts;
  }

  /** Those of an account; null: of all. */
  async list(account: string | null): Promise<ApiToken[]> {
    const rows = await this.#context.store.run((db) =>
      db
        .selectFrom('api_tokens')
        .selectAll()
        .$if(account !== null, (query) => query.where('account', '=', account!))
        .orderBy('created_at')
        .execute(),
    );
    return rows.map((row) => ({
      id: row.id,
      account: row.account,
      name: row.name,
      scopes: JSON.parse(row.scopes) as TokenScope[],
      createdAt: new Date(row.created_at),
      expiresAt: new Date(row.expires_at),
      lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
      revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
    }));
  }

  /** Makes a token; its secret is shown once. @throws PeopleError `scope-beyond-role`, `too-many-tokens` */
  async create(
    { account, role, by }: { readonly account: string; readonly role: Role; readonly by: string },
    { name, scopes, days }: { readonly name: string; readonly scopes: readonly TokenScope[]; readonly days: number },
  ): Promise<{ token: ApiToken; secret: string }> {
    const beyond = scopes.find((scope) => !SCOPES_OF[role].includes(scope));
    if (beyond !== undefined) {
      throw new PeopleError(
        'scope-beyond-role',
        `The role ${role} has not the scope "${beyond}", and no token of it can.`,
      );
    }
    const at = this.#context.now();
    const live = (await this.list(account)).filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > at);
    if (live.length >= MAX_TOKENS)
      throw new PeopleError('too-many-tokens', `${account} has ${live.length} tokens. Revoke some.`);
    const secret = newSecret('vgt_');
    const token: ApiToken = {
      id: randomUUID(),
      account,
      name,
      scopes,
      createdAt: at,
      expiresAt: new Date(at.getTime() + days * DAY_MS),
      lastUsedAt: null,
      revokedAt: null,
    };
    const change = `token ${name} made: ${scopes.join(', ')}, until ${token.expiresAt.toISOString()}`;
    await this.#context.journal.record({ kind: 'account-change', actor: by, data: { account, change } });
    await this.#context.store.run((db) =>
      db
        .insertInto('api_tokens')
        .values({
          id: token.id,
          digest: digestOf(secret),
          account,
          name,
          scopes: JSON.stringify(scopes),
          created_at: at.getTime(),
          expires_at: token.expiresAt.getTime(),
          last_used_at: null,
          revoked_at: null,
        })
        .execute(),
    );
    return { token, secret };
  }

  /** Ends a token of an account; null: of anybody. @throws PeopleError `unknown-token` */
  async revoke(id: string, account: string | null, by: string): Promise<void> {
    const token = (await this.list(account)).find((one) => one.id === id && one.revokedAt === null);
    if (token === undefined) throw new PeopleError('unknown-token', 'There is no such token.');
    const at = this.#context.now().getTime();
    // Ended first: what cannot be recorded must still be ended.
    await this.#context.store.run((db) =>
      db.updateTable('api_tokens').set({ revoked_at: at }).where('id', '=', id).execute(),
    );
    const change = `token ${token.name} revoked`;
    this.#context.journal.note({ kind: 'account-change', actor: by, data: { account: token.account, change } });
  }

  /** Who acts with this token; null where it is none, or over, or its owner may do nothing any more. */
  async who(secret: string): Promise<Person | null> {
    if (!secret.startsWith('vgt_')) return null;
    const at = this.#context.now().getTime();
    const row = await this.#context.store.run((db) =>
      db.selectFrom('api_tokens').selectAll().where('digest', '=', digestOf(secret)).executeTakeFirst(),
    );
    if (row === undefined || row.revoked_at !== null || at >= row.expires_at) return null;
    const role = row.account === ADMIN_TOKEN ? 'admin' : (await this.#accounts.active(row.account))?.role;
    if (role === undefined) return null;
    if (row.last_used_at === null || at - row.last_used_at >= USED_EVERY_MS) {
      await this.#context.store.run((db) =>
        db.updateTable('api_tokens').set({ last_used_at: at }).where('id', '=', row.id).execute(),
      );
    }
    const scopes = JSON.parse(row.scopes) as TokenScope[];
    return { kind: 'token', token: row.id, name: row.name, account: row.account, role, scopes };
  }
}
