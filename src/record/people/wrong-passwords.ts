import { sql } from 'kysely';
import type { PeopleContext } from './accounts.js';
import { digestOf } from './secret.js';

/** Wrong passwords for one account, from anywhere, until nobody gets in for a while: slips, and no guessing. */
export const MAX_WRONG_PASSWORDS = 10;

/** Wrong passwords from one client, for any accounts. */
export const MAX_WRONG_BY_CLIENT = 20;

/** How long after the first of them, ms. */
export const LOCK_OUT_MS = 15 * 60_000;

/** Counts wrong passwords, in the store: a restart, or another gateway on the same store, gives no more tries. */
export class WrongPasswords {
  readonly #context: Pick<PeopleContext, 'store' | 'now'>;

  constructor(context: Pick<PeopleContext, 'store' | 'now'>) {
    this.#context = context;
  }

  /**
   * Counts a try before it is looked at: many at once are as many tries.
   * @returns milliseconds for which it is locked; null where it is not
   */
  async count(name: string, client: string): Promise<number | null> {
    const now = this.#context.now().getTime();
    const [account, address] = await this.#context.store.transaction(async (db) => {
      // What does not count any more goes, so that strangers' names do not pile up.
      await db.deleteFrom('wrong_passwords').where('until', '<=', now).execute();
      const counted = [];
      for (const subject of [ofName(name), ofClient(client)])
        counted.push(
          await db
            .insertInto('wrong_passwords')
            .values({ subject, tries: 1, until: now + LOCK_OUT_MS })
            .onConflict((conflict) => conflict.column('subject').doUpdateSet({ tries: sql`wrong_passwords.tries + 1` }))
            .returning(['tries', 'until'])
            .executeTakeFirstOrThrow(),
        );
      return counted as [{ tries: number; until: number }, { tries: number; until: number }];
    });
    if (account.tries > MAX_WRONG_PASSWORDS) return account.until - now;
    return address.tries > MAX_WRONG_BY_CLIENT ? address.until - now : null;
  }

  /** It was the right one: the name's tries are forgotten, and this one of the client. */
  async forgive(name: string, client: string): Promise<void> {
    await this.#context.store.transaction(async (db) => {
      await db.deleteFrom('wrong_passwords').where('subject', '=', ofName(name)).execute();
      await db
        .updateTable('wrong_passwords')
        .set((row) => ({ tries: row('tries', '-', 1) }))
        .where('subject', '=', ofClient(client))
        .execute();
    });
  }
}

// What a stranger sends as a name may be of any length, and may be a password.
const ofName = (name: string): string => `name:${digestOf(name)}`;
const ofClient = (client: string): string => `client:${client}`;
