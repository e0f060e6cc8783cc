import { Accounts, type PeopleContext } from './accounts.js';
import { Approvals } from './approvals.js';
import { Inspections } from './inspections.js';
import { Logins } from './logins.js';
import type { Person } from './person.js';
import { Tokens } from './tokens.js';

/** Everybody who has to do with the gateway, and what they may do together. */
export class People {
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly tokens: Tokens;
  readonly approvals: Approvals;
  readonly inspections: Inspections;

  constructor(context: PeopleContext) {
    this.accounts = new Accounts(context);
    this.logins = new Logins(context, this.accounts);
    this.tokens = new Tokens(context, this.accounts);
    this.approvals = new Approvals(context);
    this.inspections = new Inspections(context);
  }

  bySession(secret: string): Promise<Person | null> {
    return this.logins.who(secret);
  }

  byToken(secret: string): Promise<Person | null> {
    return this.tokens.who(secret);
  }
}
