import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { AlertRow } from '../store/alert-tables.js';
import type { Tables } from '../store/tables.js';
import { type AlertFilter, type AlertPage, alertOfRow } from './alert.js';
import { firstIdAt } from './alert-id.js';

type Query = SelectQueryBuilder<Tables, 'alerts', AlertRow>;

/**
 * A page of alerts, newest first: those after `after` in that order. Each filter has an index that ends in the id, so a page is read
 * where it begins, however many alerts are before it.
 */
export const listAlerts = async (
  db: Kysely<Tables>,
  filter: AlertFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<AlertPage> => {
  let query: Query = db.selectFrom('alerts').selectAll();
  for (const column of ['camera', 'kind', 'state', 'severity', 'article'] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) query = query.where(column, '=', wanted);
  }
  if (filter.open !== undefined) query = query.where('open', '=', filter.open ? 1 : 0);
  if (filter.from !== undefined) query = query.where('id', '>=', firstIdAt(filter.from));
  if (filter.until !== undefined) query = query.where('id', '<', firstIdAt(filter.until));
  if (after !== null) query = query.where('id', '<', after);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const alerts = rows.slice(0, limit).map(alertOfRow);
  return { alerts, next: rows.length > limit ? alerts.at(-1)!.id : null };
};
