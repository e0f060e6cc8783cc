import { randomUUID } from 'node:crypto';
import type { PeopleContext } from './accounts.js';
import {
  digestOfItems,
  formatOfficer,
  INSPECTION_TIME_BOX_MS,
  type Inspection,
  type InspectionItem,
  isOpen,
  type Officer,
  officersFault,
} from './inspection.js';
import { PeopleError } from './people-error.js';
import type { InspectionRow } from './people-tables.js';
import { ADMIN_TOKEN } from './person.js';

/** Visits that are listed, newest first. */
const LISTED = 500;

/** What is listed of a request, in characters. */
const MAX_WHAT = 500;

/** Who comes, and why. */
export interface Visit {
  readonly officers: readonly Officer[];
  readonly letter: string;
  readonly purpose: string;
}

/** The register of inspections (Regulation, Art. 27, 28), and what was read and exported in each. */
export class Inspections {
  readonly #context: PeopleContext;
  /** Those that may be open, by their reader: every request asks. */
  #open: Promise<Map<string, Inspection>> | null = null;

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  async list(): Promise<Inspection[]> {
    const rows = await this.#context.store.run((db) =>
      db.selectFrom('inspections').selectAll().orderBy('opened_at', 'desc').limit(LISTED).execute(),
    );
    return rows.map(fromRow);
  }

  /** @throws PeopleError `unknown-inspection` */
  async get(id: string): Promise<Inspection> {
    const row = await this.#context.store.run((db) =>
      db.selectFrom('inspections').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    if (row === undefined) throw new PeopleError('unknown-inspection', 'There is no such inspection.');
    return fromRow(row);
  }

  /** What was read and exported in it, in the order of the first time. */
  async items(id: string): Promise<InspectionItem[]> {
    const rows = await this.#context.store.run((db) =>
      db
        .selectFrom('inspection_items')
        .selectAll()
        .where('inspection', '=', id)
        .orderBy('first_at')
        .orderBy('what')
        .execute(),
    );
    return rows.map(({ what, first_at, last_at, times }) => ({
      what,
      firstAt: new Date(first_at),
      lastAt: new Date(last_at),
      times,
    }));
  }

  /**
   * Registers a visit; from then on what the account `reader` reads is listed.
   *
   * @throws PeopleError `inspection-needs-account`, `officers-invalid`, `inspection-open`
   */
  async open(visit: Visit, reader: string, by: string): Promise<Inspection> {
    // Whoever holds that token has no name, so a list of what "it" read would say nothing of the officers.
    if (reader === ADMIN_TOKEN)
      throw new PeopleError(
        'inspection-needs-account',
        'Officers read with an account that is a person’s (Regulation, Art. 27, 28); the admin token is nobody’s. Name a regulator’s account as "reader", or log in.',
      );
    const fault = officersFault(visit.officers);
    if (fault !== null) throw new PeopleError('officers-invalid', fault);
    const now = this.#context.now();
    const before = (await this.#openOnes()).get(reader);
    if (before !== undefined && isOpen(before, now)) {
      throw new PeopleError(
        'inspection-open',
        `An inspection of ${reader} is open already: ${before.id}. Close it first.`,
      );
    }
    const inspection: Inspection = {
      ...visit,
      id: randomUUID(),
      reader,
      openedBy: by,
      openedAt: now,
      closedAt: null,
      closedBy: null,
      signedDigest: null,
    };
    // The register first: nothing is shown of what is not registered.
    await this.#record(inspection, `registered, letter ${visit.letter}`, by);
    await this.#context.store.run((db) => db.insertInto('inspections').values(toRow(inspection)).execute());
    (await this.#openOnes()).set(reader, inspection);
    return inspection;
  }

  /** The open inspection that an account reads in; null where there is none. */
  async of(reader: string): Promise<Inspection | null> {
    const inspection = (await this.#openOnes()).get(reader);
    return inspection !== undefined && isOpen(inspection, this.#context.now()) ? inspection : null;
  }

  /** Whether officers are here: nothing of the record is deleted then (Regulation, Art. 29). */
  async isAnyOpen(): Promise<boolean> {
    const now = this.#context.now();
    return [...(await this.#openOnes()).values()].some((inspection) => isOpen(inspection, now));
  }

  /** Lists what an account is about to read, where it inspects. Rejects where that cannot be written: it must not be shown then. */
  async enter(reader: string, what: string): Promise<void> {
    const inspection = await this.of(reader);
    if (inspection === null) return;
    const at = this.#context.now().getTime();
    const listed = what.slice(0, MAX_WHAT);
    const { numUpdatedRows } = await this.#context.store.run((db) =>
      db
        .updateTable('inspection_items')
        .set((row) => ({ last_at: at, times: row('times', '+', 1) }))
        .where('inspection', '=', inspection.id)
        .where('what', '=', listed)
        .executeTakeFirstOrThrow(),
    );
    if (numUpdatedRows > 0n) return;
    await this.#record(inspection, `read: ${listed}`, reader);
    await this.#context.store.run((db) =>
      db
        .insertInto('inspection_items')
        .values({ inspection: inspection.id, what: listed, first_at: at, last_at: at, times: 1 })
        .onConflict((conflict) => conflict.columns(['inspection', 'what']).doNothing())
        .execute(),
    );
  }

  /**
   * Ends an inspection. A regulator signs for the list of what was read; others only end it.
   *
   * @throws PeopleError `unknown-inspection`, `inspection-over`
   */
  async close(id: string, by: string, isSigned: boolean): Promise<Inspection> {
    const inspection = await this.get(id);
    if (inspection.closedAt !== null) throw new PeopleError('inspection-over', 'This inspection is over already.');
    const signedDigest = isSigned ? digestOfItems(await this.items(id)) : null;
    const step = signedDigest === null ? 'closed' : `closed, signed for the list ${signedDigest}`;
    await this.#record(inspection, step, by);
    const closedAt = this.#context.now();
    await this.#context.store.run((db) =>
      db
        .updateTable('inspections')
        .set({ closed_at: closedAt.getTime(), closed_by: by, signed_digest: signedDigest })
        .where('id', '=', id)
        .execute(),
    );
    (await this.#openOnes()).delete(inspection.reader);
    return { ...inspection, closedAt, closedBy: by, signedDigest };
  }

  #openOnes(): Promise<Map<string, Inspection>> {
    if (this.#open === null) {
      const reading = this.#readOpen();
      this.#open = reading;
      reading.catch(() => {
        this.#open = null;
      });
    }
    return this.#open;
  }

  async #readOpen(): Promise<Map<string, Inspection>> {
    const since = this.#context.now().getTime() - INSPECTION_TIME_BOX_MS;
    const rows = await this.#context.store.run((db) =>
      db.selectFrom('inspections').selectAll().where('closed_at', 'is', null).where('opened_at', '>', since).execute(),
    );
    return new Map(rows.map((row) => [row.reader, fromRow(row)]));
  }

  #record({ id, officers }: Inspection, step: string, actor: string): Promise<void> {
    const data = { session: id, step, officers: officers.map(formatOfficer) };
    return this.#context.journal.record({ kind: 'inspection', actor, data });
  }
}

const toRow = (inspection: Inspection): InspectionRow => ({
  id: inspection.id,
  reader: inspection.reader,
  opened_by: inspection.openedBy,
  opened_at: inspection.openedAt.getTime(),
  letter: inspection.letter,
  officers: JSON.stringify(inspection.officers),
  purpose: inspection.purpose,
  closed_at: null,
  closed_by: null,
  signed_digest: null,
});

const fromRow = (row: InspectionRow): Inspection => ({
  id: row.id,
  reader: row.reader,
  openedBy: row.opened_by,
  openedAt: new Date(row.opened_at),
  letter: row.letter,
  officers: JSON.parse(row.officers) as Officer[],
  purpose: row.purpose,
  closedAt: row.closed_at === null ? null : new Date(row.closed_at),
  closedBy: row.closed_by,
  signedDigest: row.signed_digest,
});
