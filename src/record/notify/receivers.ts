import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../rtsp/logger.js';
import type { Journal } from '../journal.js';
import type { Store } from '../store/store.js';
import type { Tables } from '../store/tables.js';

/** Counted up to this: more is as bad, and a count of a million rows takes a while. */
const MOST_COUNTED = 10_000;

/** Events that were kept since a receiver was last told, whether they are bad enough for it or not. */
export interface Untold {
  readonly receiver: string;
  readonly events: number;
  readonly isDropped: boolean;
}

/** Of every receiver that was ever told. Throws StoreError. */
export const untoldEvents = (store: Store): Promise<Untold[]> => store.run(countUntold);

/**
 * Enters in the audit log who is not told any more and what they were not told of, once, and who is told again. Their place among the
 * events stays: a receiver that is put back hears of everything since, as far as it is still kept.
 *
 * @param receivers those of the site file. Throws StoreError, and what the journal throws; nothing is changed then
 */
export const noteReceivers = (
  { store, journal, logger }: { store: Store; journal: Pick<Journal, 'record'>; logger: Logger },
  receivers: readonly string[],
  now: number,
): Promise<void> =>
  store.transaction(async (db) => {
    for (const { receiver, events: untold, isDropped } of await countUntold(db)) {
      const isTold = receivers.includes(receiver);
      if (isTold !== isDropped) continue;
      const step = isTold ? 'back' : 'dropped';
      await journal.record({ kind: 'receiver', actor: 'site file', data: { receiver, step, untold } });
      logger.warn({ receiver, untold }, isTold ? 'a receiver is told again' : 'a receiver is not told any more');
      await db
        .updateTable('deliveries')
        .set({ dropped_at: isTold ? null : now })
        .where('receiver', '=', receiver)
        .execute();
    }
  });

const countUntold = async (db: Kysely<Tables>): Promise<Untold[]> => {
  const rows = await db.selectFrom('deliveries').selectAll().orderBy('receiver').execute();
  return Promise.all(
    rows.map(async ({ receiver, seq, dropped_at }) => {
      const after = db.selectFrom('alert_events').select('seq').where('seq', '>', seq).limit(MOST_COUNTED).as('after');
      const { events } = await db
        .selectFrom(after)
        .select(sql<number>`count(*)`.as('events'))
        .executeTakeFirstOrThrow();
      return { receiver, events: Number(events), isDropped: dropped_at !== null };
    }),
  );
};
