import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { AlertFilter } from '../../src/record/alerts/alert.js';
import { isPostgresMissing, PostgresServer } from '../../src/record/store/postgres-server.fixture.js';
import type { Store } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { quantile, summarize } from '../measuring/statistics.js';
import { AlertPopulation, FACETS } from './alert-population.js';

// As built, so that the SQLite file is in its thread, as in the gateway.
const load = async <T>(path: string): Promise<T> => (await import(`../../dist/record/${path}` as string)) as T;
const built = async () => ({
  ...(await load<typeof import('../../src/record/store/store.js')>('store/store.js')),
  ...(await load<typeof import('../../src/record/alerts/alert-book.js')>('alerts/alert-book.js')),
  ...(await load<typeof import('../../src/config/secret.js')>('../config/secret.js')),
});

const PAGE = 50;
const BOUND_MS = 50;
const BATCH = 1000;

/** Everything that the list can be narrowed to but time, in every combination. */
const COMBINATIONS = Array.from({ length: 2 ** FACETS.length }, (_, bits) =>
  FACETS.filter((_facet, index) => bits & (1 << index)),
);

/** How long a page of the list of alerts takes among a million, on both stores, whatever it is narrowed to and at any depth. */
export const alerts: Benchmark = {
  name: 'alerts',
  question: 'How long does a page of the list take among a million alerts, whatever it is narrowed to?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const scale = quick ? { total: 20_000, pagesEach: 10, say } : { total: 1_000_000, pagesEach: 100, say };
    const { openStore, Secret } = await built();
    const dir = mkdtempSync(join(tmpdir(), 'veilgate-alerts-'));
    const runs: StoreRun[] = [];
    try {
      const sqlite = openStore({ dir, url: null }, { logger: SILENT_LOGGER });
      runs.push(await measure('SQLite', sqlite, scale));
      if (!isPostgresMissing()) {
        await using server = await PostgresServer.start();
        const url = new Secret(await server.database());
        runs.push(await measure('PostgreSQL', openStore({ dir, url }, { logger: SILENT_LOGGER }), scale));
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
    const missing = runs.length < 2 ? ['PostgreSQL: not measured, it is not installed.'] : [];
    return {
      measures: runs.flatMap((run) => run.measures),
      notes: [NOTE, ...runs.map(({ note }) => note), ...missing],
    };
  },
};

const NOTE =
  'Half of the filters are those of an alert that there is; the other half are of any values, most of which no alert has together. A fifth is of a month as well, three quarters begin somewhere in the middle. One camera of a hundred has a third of all alerts.';

interface Scale {
  readonly total: number;
  /** Pages of each combination. */
  readonly pagesEach: number;
  readonly say: RunOptions['say'];
}

interface StoreRun {
  readonly measures: readonly Measure[];
  readonly note: string;
}

/** Fills a store, asks it, and closes it. */
async function measure(name: string, store: Store, { total, pagesEach, say }: Scale): Promise<StoreRun> {
  const population = new AlertPopulation(total);
  const began = performance.now();
  await store.run((db) => db.insertInto('alert_classes').values(population.classes()).execute());
  for (let n = 0; n < total; n += BATCH) {
    const rows = population.rows(n, Math.min(BATCH, total - n));
    await store.transaction((db) => db.insertInto('alerts').values(rows).execute());
  }
  // As a server has done long before it has a million: what it does by itself after a minute would run while pages are asked for.
  if (name === 'PostgreSQL') await store.run((db) => sql`vacuum analyze alerts`.execute(db));
  const filled = `${total} alerts in ${((performance.now() - began) / 1000).toFixed(0)} s`;
  say(`${name}: ${filled}`);
  const { AlertBook } = await built();
  const journal = { note: () => undefined, record: async () => undefined };
  const book = new AlertBook({ store, journal, now: Date.now, news: () => undefined });
  const page = async (filter: AlertFilter, after: string | null): Promise<number> => {
    const asked = performance.now();
    await book.list(filter, { after, limit: PAGE });
    return performance.now() - asked;
  };
  // Once each, so that queries are compiled and the file is in the machine's memory, as in a gateway that runs.
  for (const facets of COMBINATIONS) await page(population.filter(facets, 'of an alert'), null);
  const times = new Map<string, Float64Array>();
  for (const facets of COMBINATIONS) {
    const took = new Float64Array(pagesEach);
    for (let n = 0; n < pagesEach; n++) {
      const filter = population.filter(facets, n % 2 === 0 ? 'of an alert' : 'any');
      const month = n % 5 === 0 ? population.month() : {};
      took[n] = await page({ ...filter, ...month }, n % 4 === 0 ? null : population.anyId());
    }
    times.set(facets.join(' + ') || 'nothing', took.sort());
  }
  await store.close();
  const all = Float64Array.from([...times.values()].flatMap((took) => [...took])).sort();
  const slowest = [...times]
    .map(([facets, took]) => ({ facets, p99: quantile(took, 0.99) }))
    .sort((a, b) => b.p99 - a.p99)
    .slice(0, 5);
  const text = slowest.map(({ facets, p99 }) => `${facets} (p99 ${p99.toFixed(1)} ms)`).join(', ');
  say(`  slowest: ${text}`);
  const one = (key: string, what: string, value: number, bound: boolean): Measure => ({
    id: `alerts.${name.toLowerCase()}.${key}`,
    what: `${name}: ${what}`,
    unit: 'ms',
    summary: summarize([value]),
    ...(bound && { bound: { atMost: BOUND_MS } }),
  });
  return {
    measures: [
      one('p50', `a page of ${PAGE} among ${total} alerts, p50`, quantile(all, 0.5), false),
      one('p99', `the same, p99 of ${all.length} pages`, quantile(all, 0.99), true),
      one('worst', `the same, p99 of the slowest of ${COMBINATIONS.length} combinations`, slowest[0]!.p99, true),
    ],
    note: `${name}: ${filled}. Slowest to be narrowed to: ${text}.`,
  };
}
