import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { EvidencePicture, Finding } from '../../rules/finding.js';
import type { Consequence } from '../../rules/rule.js';
import type { Journal } from '../journal.js';
import type { AlertRow } from '../store/alert-tables.js';
import type { Store } from '../store/store.js';
import type { Tables } from '../store/tables.js';
import { type Alert, type AlertEvent, type AlertFilter, type AlertPage, alertOfRow, eventOfRow } from './alert.js';
import { AlertError } from './alert-error.js';
import { alertId } from './alert-id.js';
import { listAlerts } from './alert-list.js';
import { type AlertStep, isOpen, takeStep } from './life.js';

/** The gateway itself, in records of who did what. */
export const SYSTEM_ACTOR = 'system';

/** So many overdue alerts are marked in one transaction. */
const MARKED_AT_ONCE = 200;

/** A finding that may have been made several times before it could be kept. */
export interface Sighting {
  readonly finding: Finding;
  readonly consequence: Consequence;
  readonly picture: EvidencePicture | null;
  readonly occurrences: number;
  /** Of the last of them, ms since 1970 UTC. */
  readonly lastAt: number;
}

/** Something happened to an alert. `event` is null where it was only seen once more. */
export interface AlertNews {
  readonly alert: Alert;
  readonly event: AlertEvent | null;
}

/** How long an alert may wait, ms. */
export interface AlertPatience {
  /** For somebody to acknowledge it. */
  readonly escalateAfter: number;
  /** For a confirmed one to be reported (Art. 21 says: at once). */
  readonly reportWithin: number;
}

export interface AlertBookOptions {
  readonly store: Store;
  readonly journal: Pick<Journal, 'note' | 'record'>;
  readonly now: () => number;
  /** Waited for before each change, which is not made where it rejects: nobody who must hear of it may miss it. */
  readonly begin?: () => Promise<void>;
  /** Hears of everything after it was kept, in order. */
  readonly news: (news: AlertNews) => void;
}

/**
 * The alerts: opened and counted up by findings, moved by people, one step after the other. Everything that changes one comes one
 * after the other, so that events are kept in the order of their numbers. Methods reject with StoreError where the store does.
 */
export class AlertBook {
  readonly #options: AlertBookOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  /** Opens an alert, or counts up the one that is open for the same camera, kind and cause. Durable when it resolves. */
  raise(sighting: Sighting): Promise<AlertNews> {
    return this.#change((db) => this.#raise(db, sighting));
  }

  /** Gives an alert its picture, if it has none. @throws AlertError `unknown-alert` */
  attach(id: string, picture: EvidencePicture): Promise<AlertNews> {
    return this.#change(async (db) => {
      const alert = await find(db, id);
      if (alert.evidence !== null) return { alert, event: null };
      const evidence = await keepPicture(db, picture, this.#options.now());
      await db.updateTable('alerts').set({ evidence }).where('id', '=', id).execute();
      return { alert: { ...alert, evidence }, event: null };
    });
  }

  /**
   * Takes a step on a person's word. It is in the audit log before it takes effect, and durable in both when this resolves.
   * @throws AlertError `unknown-alert`, `alert-step-refused`; what the journal throws
   */
  step(id: string, step: AlertStep, actor: string): Promise<AlertNews> {
    const { journal, now } = this.#options;
    return this.#change(async (db) => {
      const alert = await find(db, id);
      const outcome = takeStep(alert.state, step);
      if (!outcome.ok) throw new AlertError('alert-step-refused', outcome.why);
      const at = now();
      const to = outcome.state;
      const changed = { ...alert, state: to, open: isOpen(to), since: at };
      await db
        .updateTable('alerts')
        .set({ state: to, open: changed.open ? 1 : 0, since: at })
        .where('id', '=', id)
        .execute();
      const report = step.to === 'reported' ? step.report : null;
      const event = await keep(db, {
        alert: id,
        at,
        kind: 'step',
        actor,
        from: alert.state,
        to,
        reason: step.reason,
        report,
      });
      await journal.record({
        kind: 'alert-decision',
        actor,
        camera: alert.camera,
        data: {
          alert: id,
          from: alert.state,
          to,
          reason: step.reason,
          ...(report && { report: { ...report, at: new Date(report.at).toISOString() } }),
        },
      });
      return { alert: changed, event };
    });
  }

  /** Marks what has waited too long: unacknowledged ones are escalated, confirmed ones that were not reported are overdue. */
  async markLate({ escalateAfter, reportWithin }: AlertPatience): Promise<number> {
    const late = [
      { state: 'new', column: 'escalated_at', kind: 'escalated', since: this.#options.now() - escalateAfter },
      { state: 'confirmed', column: 'overdue_at', kind: 'overdue', since: this.#options.now() - reportWithin },
    ] as const;
    let marked = 0;
    for (const { state, column, kind, since } of late) {
      const rows = await this.#options.store.run((db) =>
        db
          .selectFrom('alerts')
          .select('id')
          .where('state', '=', state)
          .where(column, 'is', null)
          .where('since', '<=', since)
          .limit(MARKED_AT_ONCE)
          .execute(),
      );
      for (const { id } of rows) marked += (await this.#mark(id, state, column, kind)) ? 1 : 0;
    }
    return marked;
  }

  /** @throws AlertError `unknown-alert` */
  async get(id: string): Promise<{ alert: Alert; history: readonly AlertEvent[] }> {
    return this.#options.store.run(async (db) => {
      const alert = await find(db, id);
      const rows = await db.selectFrom('alert_events').selectAll().where('alert', '=', id).orderBy('seq').execute();
      return { alert, history: rows.map(eventOfRow) };
    });
  }

  list(filter: AlertFilter, page: { readonly after: string | null; readonly limit: number }): Promise<AlertPage> {
    return this.#options.store.run((db) => listAlerts(db, filter, page));
  }

  /** The picture of an alert. @throws AlertError `unknown-alert`, `unknown-evidence` */
  async evidence(id: string): Promise<EvidencePicture> {
    return this.#options.store.run(async (db) => {
      const { evidence } = await find(db, id);
      const row =
        evidence === null
          ? undefined
          : await db.selectFrom('evidence').selectAll().where('sha256', '=', evidence).executeTakeFirst();
      if (!row) throw new AlertError('unknown-evidence', 'There is no picture of this alert.');
      return { jpeg: row.jpeg, masked: row.masked === 'zones' ? 'zones' : 'whole' };
    });
  }

  /** What happened after `seq`, oldest first, each with its alert as it is now. */
  async eventsAfter(seq: number, limit: number): Promise<(AlertNews & { event: AlertEvent })[]> {
    return this.#options.store.run(async (db) => {
      const rows = await db
        .selectFrom('alert_events')
        .selectAll()
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute();
      if (rows.length === 0) return [];
      const ids = [...new Set(rows.map(({ alert }) => alert))];
      const alerts = await db.selectFrom('alerts').selectAll().where('id', 'in', ids).execute();
      const byId = new Map(alerts.map((row) => [row.id, alertOfRow(row)]));
      // One may have been deleted meanwhile, its time being over.
      return rows.flatMap((row) => {
        const alert = byId.get(row.alert);
        return alert ? [{ alert, event: eventOfRow(row) }] : [];
      });
    });
  }

  /** The number of the last event; 0 before the first. */
  async lastSeq(): Promise<number> {
    const row = await this.#options.store.run((db) =>
      db.selectFrom('alert_events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst(),
    );
    return row?.seq ?? 0;
  }

  async #raise(
    db: Transaction<Tables>,
    { finding, consequence, picture, occurrences, lastAt }: Sighting,
  ): Promise<AlertNews> {
    const { camera, kind, cause, zone, detail } = finding;
    const known = await db
      .selectFrom('alerts')
      .selectAll()
      .where('camera', '=', camera)
      .where('kind', '=', kind)
      .where('cause', '=', cause)
      .where('open', '=', 1)
      .executeTakeFirst();
    const evidence = known?.evidence ?? (picture && (await keepPicture(db, picture, finding.at)));
    if (known) {
      const changes = {
        occurrences: known.occurrences + occurrences,
        last_at: Math.max(known.last_at, lastAt),
        detail,
        evidence,
      };
      await db.updateTable('alerts').set(changes).where('id', '=', known.id).execute();
      return { alert: alertOfRow({ ...known, ...changes }), event: null };
    }
    const row: AlertRow = {
      id: alertId(this.#options.now(), randomBytes(16)),
      camera,
      kind,
      cause,
      zone: zone ?? null,
      detail,
      law: consequence.law,
      article: consequence.article,
      penalty: consequence.penalty?.article ?? null,
      severity: consequence.severity,
      action: consequence.action,
      state: 'new',
      open: 1,
      first_at: finding.at,
      last_at: lastAt,
      occurrences,
      evidence,
      since: this.#options.now(),
      escalated_at: null,
      overdue_at: null,
    };
    const { severity, article } = row;
    await db
      .insertInto('alert_classes')
      .values({ kind, severity, article })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db.insertInto('alerts').values(row).execute();
    const event = await keep(db, {
      alert: row.id,
      at: row.since,
      kind: 'opened',
      actor: SYSTEM_ACTOR,
      from: null,
      to: 'new',
      reason: null,
      report: null,
    });
    return { alert: alertOfRow(row), event };
  }

  async #mark(
    id: string,
    state: 'new' | 'confirmed',
    column: 'escalated_at' | 'overdue_at',
    kind: 'escalated' | 'overdue',
  ): Promise<boolean> {
    const news = await this.#change(async (db) => {
      const alert = await find(db, id);
      const at = this.#options.now();
      const { numUpdatedRows } = await db
        .updateTable('alerts')
        .set({ [column]: at })
        .where('id', '=', id)
        .where('state', '=', state)
        .where(column, 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return null;
      const event = await keep(db, {
        alert: id,
        at,
        kind,
        actor: SYSTEM_ACTOR,
        from: state,
        to: state,
        reason: null,
        report: null,
      });
      return { alert: { ...alert, [column === 'escalated_at' ? 'escalatedAt' : 'overdueAt']: at }, event };
    });
    if (news)
      this.#options.journal.note({
        kind: 'alert-late',
        actor: SYSTEM_ACTOR,
        camera: news.alert.camera,
        data: { alert: id, what: kind },
      });
    return news !== null;
  }

  /** One change after the other, each told once it is durable. */
  #change<T extends AlertNews | null>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      await this.#options.begin?.();
      const news = await this.#options.store.transaction(work);
      if (news) this.#options.news(news);
      return news;
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

const find = async (db: Pick<Transaction<Tables>, 'selectFrom'>, id: string): Promise<Alert> => {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AlertError('unknown-alert', 'There is no such alert.');
  return alertOfRow(row);
};

const keep = async (db: Transaction<Tables>, event: Omit<AlertEvent, 'seq'>): Promise<AlertEvent> => {
  const { alert, at, kind, actor, from, to, reason, report } = event;
  const row = {
    alert,
    at,
    kind,
    actor,
    from_state: from,
    to_state: to,
    reason,
    report_to: report?.to ?? null,
    report_at: report?.at ?? null,
    report_reference: report?.reference ?? null,
  };
  const { seq } = await db.insertInto('alert_events').values(row).returning('seq').executeTakeFirstOrThrow();
  return { seq, ...event };
};

const keepPicture = async (db: Transaction<Tables>, { jpeg, masked }: EvidencePicture, at: number): Promise<string> => {
  const sha256 = createHash('sha256').update(jpeg).digest('hex');
  await db
    .insertInto('evidence')
    .values({ sha256, jpeg: Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength), masked, at })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
  return sha256;
};
