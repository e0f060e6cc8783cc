/**
 * How long a page of the list of alerts takes among a million, on both stores: every filter and pairs of them, at any depth.
 *
 *     npx tsx benchmarks/alerts/page.ts [alerts] [pages]      defaults: 1000000, 3000
 *
 * What is measured is the book's own `list`, the database's answer and its way back included; SQLite is in its thread as in the gateway
 * (`npm run build` first).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertFilter } from '../../src/record/alerts/alert.js';
import { alertId } from '../../src/record/alerts/alert-id.js';
import { ALERT_STATES, isOpen } from '../../src/record/alerts/life.js';
import type { AlertRow } from '../../src/record/store/alert-tables.js';
import { isPostgresMissing, PostgresServer } from '../../src/record/store/postgres-server.fixture.js';
import type { Store } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { FINDING_KINDS } from '../../src/rules/finding.js';
import { PACKS } from '../../src/rules/packs.js';
import { SEVERITIES } from '../../src/rules/rule.js';

// As built, so that the SQLite file is in its thread.
const { openStore } = (await import(
  '../../dist/record/store/store.js' as string
)) as typeof import('../../src/record/store/store.js');
const { AlertBook } = (await import(
  '../../dist/record/alerts/alert-book.js' as string
)) as typeof import('../../src/record/alerts/alert-book.js');
const { Secret } = (await import(
  '../../dist/config/secret.js' as string
)) as typeof import('../../src/config/secret.js');

const [total = 1_000_000, pages = 3000] = process.argv.slice(2).map(Number);
const CAMERAS = 100;
const BATCH = 1000;
const START = Date.UTC(2020, 0, 1);
/** One alert every three minutes: a million are six years. */
const EVERY_MS = 180_000;

let seed = 42;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const bytes = (): Uint8Array => Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
const idAt = (n: number): string => alertId(START + n * EVERY_MS, bytes());

/** As a site that works through its alerts: one in a hundred is still open. */
const row = (n: number): AlertRow => {
  const kind = pick(FINDING_KINDS);
  const { law, article, penalty, severity, action } = PACKS['cn-2012'][kind];
  const state =
    random() < 0.01
      ? pick(['new', 'acknowledged', 'confirmed', 'reported'] as const)
      : random() < 0.3
        ? 'dismissed'
        : 'closed';
  const at = START + n * EVERY_MS;
  return {
    id: idAt(n),
    camera: `camera-${Math.floor(random() * CAMERAS)}`,
    kind,
    cause: String(n),
    zone: null,
    detail: 'The camera does not look where its zones were drawn.',
    law,
    article,
    penalty: penalty?.article ?? null,
    severity,
    action,
    state,
    open: isOpen(state) ? 1 : 0,
    first_at: at,
    last_at: at + 1000,
    occurrences: 1 + Math.floor(random() * 20),
    evidence: null,
    since: at,
    escalated_at: null,
    overdue_at: null,
  };
};

const FILTERS: Readonly<Record<string, () => AlertFilter>> = {
  none: () => ({}),
  camera: () => ({ camera: camera() }),
  state: () => ({ state: pick(ALERT_STATES) }),
  kind: () => ({ kind: pick(FINDING_KINDS) }),
  severity: () => ({ severity: pick(SEVERITIES) }),
  article: () => ({ article: pick([4, 14, 15, 16, 21, 22, 24, 33]) }),
  open: () => ({ open: random() < 0.8 }),
  'camera and state': () => ({ camera: camera(), state: pick(ALERT_STATES) }),
  'camera and kind': () => ({ camera: camera(), kind: pick(FINDING_KINDS) }),
  'camera and severity': () => ({ camera: camera(), severity: pick(SEVERITIES) }),
  'camera and open': () => ({ camera: camera(), open: random() < 0.8 }),
  'state and kind': () => ({ state: pick(ALERT_STATES), kind: pick(FINDING_KINDS) }),
  'state and severity': () => ({ state: pick(ALERT_STATES), severity: pick(SEVERITIES) }),
  'open and severity': () => ({ open: true, severity: pick(SEVERITIES) }),
  'camera, state and severity': () => ({ camera: camera(), state: pick(ALERT_STATES), severity: pick(SEVERITIES) }),
  'a camera that has none': () => ({ camera: 'nowhere', state: 'new' }),
  'a month': () => {
    const from = START + random() * total * EVERY_MS;
    return { from, until: from + 30 * 86_400_000, camera: camera() };
  },
};
const camera = (): string => `camera-${Math.floor(random() * CAMERAS)}`;

const measure = async (name: string, store: Store): Promise<void> => {
  const fillStart = performance.now();
  for (let n = 0; n < total; n += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, total - n) }, (_, i) => row(n + i));
    // PostgreSQL takes 65,535 parameters a query.
    await store.transaction((db) => db.insertInto('alerts').values(rows).execute());
  }
  console.log(`${name}: ${total} alerts in ${((performance.now() - fillStart) / 1000).toFixed(0)} s`);
  const book = new AlertBook({
    store,
    now: Date.now,
    news: () => undefined,
    journal: { note: () => undefined, record: async () => undefined },
  });
  const all: number[] = [];
  for (const [what, filter] of Object.entries(FILTERS)) {
    const took: number[] = [];
    for (let n = 0; n < pages / Object.keys(FILTERS).length; n++) {
      const wanted = filter();
      const after = random() < 0.2 ? null : idAt(Math.floor(random() * total));
      const begun = performance.now();
      await book.list(wanted, { after, limit: 50 });
      took.push(performance.now() - begun);
    }
    all.push(...took);
    console.log(`  ${what.padEnd(28)} ${summary(took)}`);
  }
  console.log(`  ${'all'.padEnd(28)} ${summary(all)}`);
};

const summary = (took: number[]): string => {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms (${took.length} pages)`;
};

const dir = mkdtempSync(join(tmpdir(), 'veilgate-alerts-'));
const sqlite = openStore({ dir, url: null }, { logger: SILENT_LOGGER });
await measure('SQLite', sqlite);
await sqlite.close();
if (isPostgresMissing()) console.log('PostgreSQL: not installed');
else {
  await using server = await PostgresServer.start();
  const postgres = openStore({ dir, url: new Secret(await server.database()) }, { logger: SILENT_LOGGER });
  await measure('PostgreSQL', postgres);
  await postgres.close();
}
rmSync(dir, { recursive: true });
