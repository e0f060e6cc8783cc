import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson, type Json } from '../log/canonical-json.js';
import type { PeopleContext } from './accounts.js';
import {
  APPROVAL_TIME_BOX_MS,
  type Approval,
  type ApprovalAction,
  type ApprovalRefusal,
  type ApprovalState,
  expireApproval,
  stepApproval,
  type Undertaking,
} from './approval.js';
import { PeopleError } from './people-error.js';
import type { ApprovalRow } from './people-tables.js';

/** Requests of one person that may wait at a time: more is a program gone wild. */
const MAX_WAITING = 20;

/** Requests that are listed: those of the last weeks. */
const LISTED = 200;

/** A second person must agree first: the request that was made for it, or waits already. */
export class SecondPersonNeeded extends PeopleError {
  constructor(readonly approval: Approval) {
    super(
      'second-person-needed',
      `This takes two people. Request ${approval.id} waits until ${approval.expiresAt.toISOString()} for another person to agree; then send the same again with the header "Approval: ${approval.id}".`,
    );
  }
}

/** What two people do together: one asks, another agrees, the first does it, once, within the time box. */
export class Approvals {
  readonly #context: PeopleContext;
  /** Steps come one after the other, so that nothing is decided or used twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  /** The last requests, newest first. */
  async list(): Promise<Approval[]> {
    const rows = await this.#context.store.run((db) =>
      db.selectFrom('approvals').selectAll().orderBy('asked_at', 'desc').limit(LISTED).execute(),
    );
    return rows.map((row) => expireApproval(fromRow(row), this.#context.now()));
  }

  /** @throws PeopleError `unknown-approval` */
  async get(id: string): Promise<Approval> {
    const row = await this.#context.store.run((db) =>
      db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    if (row === undefined) throw new PeopleError('unknown-approval', 'There is no such request.');
    return expireApproval(fromRow(row), this.#context.now());
  }

  /** The second person's word. @throws PeopleError `unknown-approval` and the codes of `ApprovalRefusal` */
  decide(id: string, by: string, granted: boolean): Promise<Approval> {
    return this.#inTurn(() => this.#step(id, { kind: 'decide', by, granted }, granted ? 'granted' : 'refused', by));
  }

  /**
   * Lets `by` go on where another person has agreed to exactly this, and uses that up.
   *
   * @param details what is to be done, to the letter @param approval the request's id; null: there is none yet
   * @returns who agreed @throws SecondPersonNeeded, PeopleError with the codes of `ApprovalRefusal`
   */
  require(
    { action, subject, details, summary }: { action: ApprovalAction; subject: string; details: Json; summary: string },
    by: string,
    approval: string | null,
  ): Promise<string> {
    const digest = createHash('sha256').update(canonicalJson(details)).digest('hex');
    const what: Undertaking = { action, subject, digest };
    return this.#inTurn(async () => {
      if (approval === null) throw new SecondPersonNeeded(await this.#ask(what, summary, by));
      const used = await this.#step(approval, { kind: 'use', by, what }, 'used', by);
      return used.decidedBy!;
    });
  }

  async #ask(what: Undertaking, summary: string, by: string): Promise<Approval> {
    const now = this.#context.now();
    const waiting = (await this.list()).filter(({ state, askedBy }) => askedBy === by && state === 'asked');
    const same = waiting.find(({ action, subject, digest }) => {
      return action === what.action && subject === what.subject && digest === what.digest;
    });
    if (same !== undefined) return same;
    if (waiting.length >= MAX_WAITING) {
      throw new PeopleError(
        'too-many-approvals',
        `${waiting.length} requests of yours wait for a second person already.`,
      );
    }
    const row: ApprovalRow = {
      ...what,
      id: randomUUID(),
      summary,
      asked_by: by,
      asked_at: now.getTime(),
      expires_at: now.getTime() + APPROVAL_TIME_BOX_MS,
      state: 'asked',
      decided_by: null,
      decided_at: null,
      used_at: null,
    };
    await this.#record(row.id, what.action, 'asked', by);
    await this.#context.store.run((db) => db.insertInto('approvals').values(row).execute());
    return fromRow(row);
  }

  async #step(
    id: string,
    event: Parameters<typeof stepApproval>[1],
    step: 'granted' | 'refused' | 'used',
    by: string,
  ): Promise<Approval> {
    const before = await this.get(id);
    const result = stepApproval(before, event, this.#context.now());
    if ('refusal' in result) throw new PeopleError(result.refusal, REFUSALS[result.refusal]);
    const { state, decidedBy, decidedAt, usedAt } = result.approval;
    await this.#record(id, before.action, step, by);
    const { numUpdatedRows } = await this.#context.store.run((db) =>
      db
        .updateTable('approvals')
        .set({
          state,
          decided_by: decidedBy,
          decided_at: decidedAt?.getTime() ?? null,
          used_at: usedAt?.getTime() ?? null,
        })
        .where('id', '=', id)
        .where('state', '=', before.state)
        .executeTakeFirstOrThrow(),
    );
    // Another gateway on the same database was faster.
    if (numUpdatedRows !== 1n) throw new PeopleError('approval-over', REFUSALS['approval-over']);
    return result.approval;
  }

  #record(
    request: string,
    action: string,
    step: 'asked' | 'granted' | 'refused' | 'used',
    actor: string,
  ): Promise<void> {
    return this.#context.journal.record({ kind: 'approval', actor, data: { request, for: action, step } });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const mine = this.#turn.catch(() => undefined).then(action);
    this.#turn = mine;
    return mine;
  }
}

const REFUSALS: Readonly<Record<ApprovalRefusal, string>> = {
  'approval-over': 'This request was decided or used already, or its time is over. Ask anew.',
  'approval-same-person': 'Another person must agree than the one who asked.',
  'approval-not-granted': 'Nobody has agreed to this request yet.',
  'approval-of-another': 'This request was made by another person.',
  'approval-for-another-matter':
    'This request is about something else: what is sent now must be exactly what was asked for.',
};

const time = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const fromRow = (row: ApprovalRow): Approval => ({
  id: row.id,
  action: row.action as ApprovalAction,
  subject: row.subject,
  digest: row.digest,
  summary: row.summary,
  askedBy: row.asked_by,
  askedAt: new Date(row.asked_at),
  expiresAt: new Date(row.expires_at),
  state: row.state as ApprovalState,
  decidedBy: row.decided_by,
  decidedAt: time(row.decided_at),
  usedAt: time(row.used_at),
});
