import type { Journal } from '../journal.js';
import type { Store } from '../store/store.js';
import { type Account, isAccountName } from './account.js';
import { checkPassword, hashPassword, verifyPassword } from './password.js';
import { PeopleError } from './people-error.js';
import type { AccountRow } from './people-tables.js';
import type { Role } from './role.js';
import { digestOf, newSecret } from './secret.js';

/** An invitation is for the day on which it is sent, and the next. ms */
export const INVITATION_MS = 24 * 3_600_000;

export interface PeopleContext {
  readonly store: Store;
  readonly journal: Journal;
  readonly now: () => Date;
  /** The site's name: no good password. */
  readonly site: string;
}

/** A one-time link's secret; shown once, to who made the account. */
export interface Invitation {
  readonly secret: string;
  readonly expiresAt: Date;
}

/**
 * Who has an account. There is no password but what a person sets by a one-time invitation: none is ever made, given or known to others.
 * Names are never given twice: an account is disabled, and stays in the records.
 */
export class Accounts {
  readonly #context: PeopleContext;
  /** Of the setup link, while there is no account: digest. */
  #setup: { readonly digest: string; readonly expiresAt: Date } | null = null;

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  async list(): Promise<Account[]> {
    const rows = await this.#context.store.run((db) => db.selectFrom('accounts').selectAll().orderBy('name').execute());
    return rows.map(fromRow);
  }

  /** @throws PeopleError `unknown-account` */
  async get(name: string): Promise<Account> {
    return fromRow(await this.#row(name));
  }

  /** A secret with which the first admin may be made, while there is nobody; else null. A new one makes the old one worthless. */
  async offerSetup(): Promise<string | null> {
    if (!(await this.#isEmpty())) return null;
    const secret = newSecret('vgs_');
    this.#setup = { digest: digestOf(secret), expiresAt: this.#later(INVITATION_MS) };
    return secret;
  }

  /** Makes the first account, an admin. @throws PeopleError `link-over`, `account-name`, `password-weak` */
  async setUp(secret: string, name: string, displayName: string, password: string): Promise<Account> {
    const { now, journal, store } = this.#context;
    const offered = this.#setup;
    if (
      offered === null ||
      offered.digest !== digestOf(secret) ||
      now() >= offered.expiresAt ||
      !(await this.#isEmpty())
    ) {
      throw linkOver();
    }
    checkName(name);
    await checkPassword(password, [name, displayName, this.#context.site]);
    const row = { ...this.#newRow(name, displayName, 'admin'), password: await hashPassword(password) };
    if (this.#setup !== offered) throw linkOver();
    // Used up before anything else can use it.
    this.#setup = null;
    await journal.record({
      kind: 'account-change',
      actor: name,
      data: { account: name, change: 'made by the setup link: admin' },
    });
    const kept = { ...row, password_at: row.created_at };
    await store.run((db) => db.insertInto('accounts').values(kept).execute());
    return fromRow(kept);
  }

  /** Makes an account and invites its person. @throws PeopleError `account-name`, `account-exists` */
  async create(
    name: string,
    displayName: string,
    role: Role,
    by: string,
  ): Promise<{ account: Account; invitation: Invitation }> {
    const { journal, store } = this.#context;
    checkName(name);
    const known = await store.run((db) => db.selectFrom('accounts').select('name').where('name', '=', name).execute());
    if (known.length > 0) {
      throw new PeopleError('account-exists', `There is or was an account "${name}": names are never given twice.`);
    }
    const row = this.#newRow(name, displayName, role);
    const { invitation, digest } = this.#newInvitation();
    await journal.record({ kind: 'account-change', actor: by, data: { account: name, change: `made: ${role}` } });
    await store.transaction(async (db) => {
      await db.insertInto('accounts').values(row).execute();
      await db
        .insertInto('invitations')
        .values({ account: name, digest, expires_at: invitation.expiresAt.getTime() })
        .execute();
    });
    return { account: fromRow(row), invitation };
  }

  /** Invites a person anew: the password and all sessions of before are gone. @throws PeopleError `unknown-account` */
  async invite(name: string, by: string): Promise<Invitation> {
    await this.#row(name);
    const { invitation, digest } = this.#newInvitation();
    await this.#record(name, by, 'invited to set a new password');
    await this.#context.store.transaction(async (db) => {
      await db.deleteFrom('invitations').where('account', '=', name).execute();
      await db
        .insertInto('invitations')
        .values({ account: name, digest, expires_at: invitation.expiresAt.getTime() })
        .execute();
      await db.updateTable('accounts').set({ password: null, password_at: null }).where('name', '=', name).execute();
      await db.deleteFrom('sessions').where('account', '=', name).execute();
    });
    return invitation;
  }

  /** Sets the password of who was invited; the invitation is used up. @throws PeopleError `link-over`, `password-weak` */
  async accept(secret: string, password: string): Promise<Account> {
    const { store, now, site } = this.#context;
    const digest = digestOf(secret);
    const invited = await store.run((db) =>
      db
        .selectFrom('invitations')
        .select('account')
        .where('digest', '=', digest)
        .where('expires_at', '>', now().getTime())
        .executeTakeFirst(),
    );
    if (!invited) throw linkOver();
    const { account: name } = invited;
    const row = await this.#row(name);
    if (row.disabled_at !== null) throw linkOver();
    await checkPassword(password, [name, row.display_name, site]);
    const kept = { password: await hashPassword(password), password_at: now().getTime() };
    await this.#record(name, name, 'password set');
    await store.transaction(async (db) => {
      const used = await db.deleteFrom('invitations').where('digest', '=', digest).executeTakeFirst();
      if (used.numDeletedRows !== 1n) throw linkOver();
      await db.updateTable('accounts').set(kept).where('name', '=', name).execute();
      await db.deleteFrom('sessions').where('account', '=', name).execute();
    });
    return fromRow({ ...row, ...kept });
  }

  /** Gives another role, or lets the person in or not. @throws PeopleError `unknown-account`, `last-admin` */
  async change(name: string, change: { role?: Role; disabled?: boolean }, by: string): Promise<Account> {
    const { store, now } = this.#context;
    const row = await this.#row(name);
    const role = change.role ?? row.role;
    const disabledAt =
      change.disabled === undefined ? row.disabled_at : change.disabled ? (row.disabled_at ?? now().getTime()) : null;
    const losesAdmin = isActiveAdmin(row) && (role !== 'admin' || disabledAt !== null);
    if (losesAdmin && (await this.#activeAdmins()) <= 1) {
      throw new PeopleError('last-admin', `${name} is the last admin: make another one first.`);
    }
    const state = disabledAt === null ? 'may log in' : 'disabled';
    await this.#record(name, by, `${role}, ${state}`);
    const kept = { role, disabled_at: disabledAt };
    await store.transaction(async (db) => {
      await db.updateTable('accounts').set(kept).where('name', '=', name).execute();
      // Who comes back comes in by the door, with the rights of now.
      await db.deleteFrom('sessions').where('account', '=', name).execute();
    });
    return fromRow({ ...row, ...kept });
  }

  /** Whether it is the account's password; null for who may not log in. Takes as long either way. */
  async verify(name: string, password: string): Promise<Account | null> {
    const row = await this.#context.store.run((db) =>
      db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst(),
    );
    const isRight = await verifyPassword(password, row?.password ?? null);
    return row !== undefined && isRight && row.disabled_at === null ? fromRow(row) : null;
  }

  /** The account where it may do something now, else null. */
  async active(name: string): Promise<Account | null> {
    const row = await this.#context.store.run((db) =>
      db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst(),
    );
    return row !== undefined && row.disabled_at === null ? fromRow(row) : null;
  }

  async #row(name: string): Promise<AccountRow> {
    const row = await this.#context.store.run((db) =>
      db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst(),
    );
    if (row === undefined) throw new PeopleError('unknown-account', 'There is no such account.');
    return row;
  }

  #newRow(name: string, displayName: string, role: Role): AccountRow {
    const created_at = this.#context.now().getTime();
    const none = { password: null, disabled_at: null, password_at: null, last_login_at: null };
    return { ...none, name, display_name: displayName, role, created_at };
  }

  #newInvitation(): { readonly invitation: Invitation; readonly digest: string } {
    const secret = newSecret('vgi_');
    return { invitation: { secret, expiresAt: this.#later(INVITATION_MS) }, digest: digestOf(secret) };
  }

  #later(ms: number): Date {
    return new Date(this.#context.now().getTime() + ms);
  }

  #record(account: string, actor: string, change: string): Promise<void> {
    return this.#context.journal.record({ kind: 'account-change', actor, data: { account, change } });
  }

  async #isEmpty(): Promise<boolean> {
    const any = await this.#context.store.run((db) => db.selectFrom('accounts').select('name').limit(1).execute());
    return any.length === 0;
  }

  async #activeAdmins(): Promise<number> {
    const rows = await this.#context.store.run((db) =>
      db.selectFrom('accounts').selectAll().where('role', '=', 'admin').execute(),
    );
    return rows.filter(isActiveAdmin).length;
  }
}

const isActiveAdmin = ({ role, disabled_at, password }: AccountRow): boolean =>
  role === 'admin' && disabled_at === null && password !== null;

const checkName = (name: string): void => {
  if (isAccountName(name)) return;
  throw new PeopleError(
    'account-name',
    'An account is named by 3 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter first; some names are taken for good.',
  );
};

const linkOver = (): PeopleError =>
  new PeopleError(
    'link-over',
    'This link was used, or its time is over. Ask an admin for another one; the setup link is printed at each start until it was used.',
  );

const time = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const fromRow = (row: AccountRow): Account => ({
  name: row.name,
  displayName: row.display_name,
  role: row.role as Role,
  createdAt: new Date(row.created_at),
  disabledAt: time(row.disabled_at),
  passwordAt: time(row.password_at),
  lastLoginAt: time(row.last_login_at),
});
