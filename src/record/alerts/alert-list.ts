import { type Kysely, sql } from 'kysely';
import type { AlertClassRow } from '../store/alert-tables.js';
import type { Tables } from '../store/tables.js';
import { type AlertFilter, type AlertPage, alertOfRow } from './alert.js';
import { firstIdAt } from './alert-id.js';
import { ALERT_STATES, type AlertState, isOpen } from './life.js';

/** Alerts that agree in all of these: an index has them in the order of their ids. */
interface Range {
  readonly equal: Partial<AlertClassRow> & { readonly camera?: string; readonly state?: AlertState };
  /** Whether it is of open ones alone, which have indexes of their own. */
  readonly onlyOpen: boolean;
}

/**
 * A page of alerts, newest first: those after `after` in that order.
 *
 * What is asked for is split into ranges that are read where they begin, a page of each at most, and merged: however many alerts there
 * are, and however few of them are wanted, a page is read from some dozens of places of an index.
 */
export const listAlerts = async (
  db: Kysely<Tables>,
  filter: AlertFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<AlertPage> => {
  const ranges = await rangesOf(db, filter);
  const [first, ...others] = ranges.map(({ equal, onlyOpen }) => {
    let query = db.selectFrom('alerts').select('id');
    for (const [column, value] of Object.entries(equal) as [keyof typeof equal, string | number][])
      query = query.where(column, '=', value);
    // As the indexes say it.
    if (onlyOpen) query = query.where(sql<boolean>`open = 1`);
    if (filter.from !== undefined) query = query.where('id', '>=', firstIdAt(filter.from));
    if (filter.until !== undefined) query = query.where('id', '<', firstIdAt(filter.until));
    if (after !== null) query = query.where('id', '<', after);
    return db
      .selectFrom(
        query
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .as('range'),
      )
      .select('id');
  });
  if (!first) return { alerts: [], next: null };
  const ids = others.reduce((all, range) => all.unionAll(range), first);
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where(
      'id',
      'in',
      db
        .selectFrom(ids.as('ids'))
        .select('id')
        .orderBy('id', 'desc')
        .limit(limit + 1),
    )
    .orderBy('id', 'desc')
    .execute();
  const alerts = rows.slice(0, limit).map(alertOfRow);
  return { alerts, next: rows.length > limit ? alerts.at(-1)!.id : null };
};

/** The ranges that a filter is made of; none where it excludes everything. */
const rangesOf = async (db: Kysely<Tables>, filter: AlertFilter): Promise<readonly Range[]> => {
  const { state, open } = filter;
  const camera = filter.camera === undefined ? {} : { camera: filter.camera };
  const onlyOpen = open === true && state === undefined;
  const states = onlyOpen ? [{}] : statesOf(filter);
  const classes = await classesOf(db, filter);
  return classes.flatMap((one) => states.map((state) => ({ equal: { ...camera, ...one, ...state }, onlyOpen })));
};

/** One that is empty: any state. */
const statesOf = ({ state, open }: AlertFilter): readonly { readonly state?: AlertState }[] => {
  if (state === undefined && open === undefined) return [{}];
  return ALERT_STATES.filter((one) => state === undefined || one === state)
    .filter((one) => open === undefined || isOpen(one) === open)
    .map((one) => ({ state: one }));
};

/** One that is empty: any class. */
const classesOf = async (db: Kysely<Tables>, filter: AlertFilter): Promise<readonly Partial<AlertClassRow>[]> => {
  const wanted = (['kind', 'severity', 'article'] as const).filter((column) => filter[column] !== undefined);
  if (wanted.length === 0) return [{}];
  let query = db.selectFrom('alert_classes').selectAll();
  for (const column of wanted) query = query.where(column, '=', filter[column]!);
  return query.execute();
};
