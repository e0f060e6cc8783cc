import type { Account } from './account.js';
import type { Accounts, PeopleContext } from './accounts.js';
import { PeopleError } from './people-error.js';
import type { Person } from './person.js';
import type { Role } from './role.js';
import { digestOf, newSecret } from './secret.js';
import { WrongPasswords } from './wrong-passwords.js';

/** A session ends with the shift. ms */
export const SESSION_MS = 12 * 3_600_000;

/** A page that nobody has open any more asks for nothing: its session ends. ms */
export const IDLE_MS = 3_600_000;

/** The time of the last request is written this seldom, ms: pages ask every second. */
const SEEN_EVERY_MS = 60_000;

/** Sessions: who has logged in, until when. A session's secret is kept as its digest. */
export class Logins {
  readonly #context: PeopleContext;
  readonly #accounts: Accounts;
  readonly #wrong: WrongPasswords;

  constructor(context: PeopleContext, accounts: Accounts) {
    this.#context = context;
    this.#accounts = accounts;
    this.#wrong = new WrongPasswords(context);
  }

  /**
   * Begins a session. Which of name and password was wrong is not told.
   *
   * @param client as one client counts @throws PeopleError `login-refused`, `login-locked`
   */
  async logIn(name: string, password: string, client: string): Promise<{ account: Account; secret: string }> {
    const isLocked = await this.#wrong.count(name, client);
    if (isLocked !== null) {
      this.#note(name, client, 'locked-out');
      throw new PeopleError(
        'login-locked',
        `Too many wrong passwords. Nobody gets in under this name, or from this address, for ${Math.ceil(isLocked / 60_000)} minutes.`,
      );
    }
    const account = await this.#accounts.verify(name, password);
    if (account === null) {
      this.#note(name, client, 'refused');
      throw new PeopleError('login-refused', 'Name or password is wrong, or the account is disabled.');
    }
    await this.#wrong.forgive(name, client);
    return { account, secret: await this.begin(account, client) };
  }

  /** Begins a session for who has just proved who they are. */
  async begin({ name }: Account, client: string): Promise<string> {
    const secret = newSecret('');
    const at = this.#context.now().getTime();
    await this.#context.journal.record({
      kind: 'login',
      actor: name,
      data: { method: 'password', outcome: 'granted', address: client },
    });
    await this.#context.store.transaction(async (db) => {
      await db
        .deleteFrom('sessions')
        .where('created_at', '<', at - SESSION_MS)
        .execute();
      await db
        .insertInto('sessions')
        .values({ digest: digestOf(secret), account: name, created_at: at, seen_at: at })
        .execute();
      await db.updateTable('accounts').set({ last_login_at: at }).where('name', '=', name).execute();
    });
    return secret;
  }

  /** Who has logged in with this session; null where it is over. */
  async who(secret: string): Promise<Person | null> {
    const digest = digestOf(secret);
    const at = this.#context.now().getTime();
    const row = await this.#open(digest, at);
    if (row === null) return null;
    if (at - row.seen_at >= SEEN_EVERY_MS) {
      await this.#context.store.run((db) =>
        db.updateTable('sessions').set({ seen_at: at }).where('digest', '=', digest).execute(),
      );
    }
    return { kind: 'account', account: row.account, role: row.role as Role, session: digest };
  }

  /** The role that a session has now; null where it is over. Asking is no sign of life. @param session as `who` gives it */
  async roleOf(session: string): Promise<Role | null> {
    const row = await this.#open(session, this.#context.now().getTime());
    return (row?.role as Role | undefined) ?? null;
  }

  async #open(digest: string, at: number) {
    const row = await this.#context.store.run((db) =>
      db
        .selectFrom('sessions')
        .innerJoin('accounts', 'accounts.name', 'sessions.account')
        .select([
          'sessions.account',
          'sessions.created_at',
          'sessions.seen_at',
          'accounts.role',
          'accounts.disabled_at',
        ])
        .where('sessions.digest', '=', digest)
        .executeTakeFirst(),
    );
    if (row === undefined || row.disabled_at !== null) return null;
    return at - row.created_at >= SESSION_MS || at - row.seen_at >= IDLE_MS ? null : row;
  }

  /** Ends a session. */
  async logOut(session: string, account: string): Promise<void> {
    await this.#context.store.run((db) => db.deleteFrom('sessions').where('digest', '=', session).execute());
    this.#context.journal.note({ kind: 'logout', actor: account, data: { reason: 'asked to' } });
  }

  #note(name: string, client: string, outcome: 'refused' | 'locked-out'): void {
    // A name that no account can have may be anything, a password typed into the wrong field included.
    const actor = /^[a-z0-9._-]{1,64}$/.test(name) ? name : 'anonymous';
    this.#context.journal.note({ kind: 'login', actor, data: { method: 'password', outcome, address: client } });
  }
}
