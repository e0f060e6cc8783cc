import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FINDING_KINDS } from '../../rules/finding.js';
import { SEVERITIES } from '../../rules/severity.js';
import type { AlertRow } from '../store/alert-tables.js';
import { describeStores } from '../store/store.fixture.js';
import { type AlertFilter, alertOfRow } from './alert.js';
import { alertId } from './alert-id.js';
import { listAlerts } from './alert-list.js';
import { ALERT_STATES, isOpen } from './life.js';

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const CAMERAS = ['lobby', 'yard', 'hall'] as const;
const ARTICLES = [15, 16, 24] as const;

/** Few values of each, so that every combination is met by some and missed by most. */
const alert = fc.record({
  camera: fc.constantFrom(...CAMERAS),
  kind: fc.constantFrom(...FINDING_KINDS.slice(0, 4)),
  severity: fc.constantFrom(...SEVERITIES),
  article: fc.constantFrom(...ARTICLES),
  state: fc.constantFrom(...ALERT_STATES),
  day: fc.nat(9),
});
const day = fc.nat(10).map((n) => START + n * DAY);
const filter = fc.record(
  {
    camera: fc.constantFrom(...CAMERAS, 'nowhere'),
    kind: fc.constantFrom(...FINDING_KINDS.slice(0, 5)),
    severity: fc.constantFrom(...SEVERITIES),
    article: fc.constantFrom(...ARTICLES, 33),
    state: fc.constantFrom(...ALERT_STATES),
    open: fc.boolean(),
    from: day,
    until: day,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<AlertFilter>;

const rowOf = (one: typeof alert extends fc.Arbitrary<infer T> ? T : never, n: number): AlertRow => {
  const at = START + one.day * DAY;
  const { camera, kind, severity, article, state } = one;
  return {
    id: alertId(
      at,
      Uint8Array.from({ length: 16 }, (_, index) => (index > 13 ? n >> (8 * (15 - index)) : 0)),
    ),
    ...{ camera, kind, severity, article, state, open: isOpen(state) ? 1 : 0 },
    ...{ cause: String(n), zone: null, detail: '', law: 'cn-2012', penalty: null, action: 'flag' },
    ...{ first_at: at, last_at: at, occurrences: 1, evidence: null, since: at, escalated_at: null, overdue_at: null },
  };
};

const fits = (row: AlertRow, { open, from, until, ...equal }: AlertFilter): boolean =>
  Object.entries(equal).every(([key, value]) => row[key as keyof AlertRow] === value) &&
  (open === undefined || (row.open === 1) === open) &&
  (from === undefined || row.first_at >= from) &&
  (until === undefined || row.first_at < until);

const FACETS = ['camera', 'kind', 'severity', 'article', 'state', 'open'] as const;

/** The filter that an alert fits, by some of what it is: of any values most fit none. */
const filterOf = (rows: readonly AlertRow[]): fc.Arbitrary<AlertFilter> =>
  fc.tuple(fc.constantFrom(...rows), fc.subarray([...FACETS], { minLength: 1, maxLength: 3 })).map(([row, facets]) => {
    const all = { ...row, open: row.open === 1 };
    return Object.fromEntries(facets.map((facet) => [facet, all[facet]])) as AlertFilter;
  });

describeStores('the list', (makeStore) => {
  it('has what fits, newest first, each once over all pages, whatever it is narrowed to', async () => {
    await using made = await makeStore();
    const rows = fc.sample(alert, { numRuns: 300, seed: 7 }).map(rowOf);
    const classes = new Map(
      rows.map(({ kind, severity, article }) => [kind + severity + article, { kind, severity, article }]),
    );
    await made.store.transaction(async (db) => {
      await db
        .insertInto('alert_classes')
        .values([...classes.values()])
        .execute();
      await db.insertInto('alerts').values(rows).execute();
    });
    const newestFirst = rows.toSorted((a, b) => (a.id < b.id ? 1 : -1));
    await made.store.run((db) =>
      fc.assert(
        fc.asyncProperty(fc.oneof(filter, filterOf(rows)), fc.constantFrom(1, 3, 50), async (wanted, limit) => {
          const expected = newestFirst.filter((row) => fits(row, wanted)).map((row) => alertOfRow(row).id);
          const found: string[] = [];
          let after: string | null = null;
          do {
            const page = await listAlerts(db, wanted, { after, limit });
            expect(page.alerts.length).toBeLessThanOrEqual(limit);
            found.push(...page.alerts.map(({ id }) => id));
            after = page.next;
          } while (after !== null && found.length <= rows.length);
          expect(found).toEqual(expected);
        }),
        { numRuns: 120, seed: 7 },
      ),
    );
  });
});
