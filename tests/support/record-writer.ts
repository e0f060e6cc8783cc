/**
 * Raises alerts and moves them until it is killed, each step in the audit log, tells a webhook of each, and prints
 * `<seq> <alert> <state>` for every event that was acknowledged. Without a prefix of causes it tells only what was not told yet.
 *
 *     node tests/support/record-writer.ts <storage dir> <site> <address of the webhook> <address of PostgreSQL, or ""> [prefix of causes]
 */
import { Secret } from '../../src/config/secret.js';
import { AlertBook } from '../../src/record/alerts/alert-book.js';
import { openJournal } from '../../src/record/journal.js';
import { startNotifications } from '../../src/record/notify/notifications.js';
import { openStore } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { PACKS } from '../../src/rules/packs.js';
import { applyRules } from '../../src/rules/rule.js';

const [dir = '.', name = '', hook = '', postgres = '', prefix] = process.argv.slice(2);
const url = postgres === '' ? null : new Secret(postgres);
const storage = { dir, url, logKey: null, witness: null };
const unit = { name, type: 'company' } as const;
const journal = await openJournal(
  { site: { name, responsibleUnit: unit, rules: 'cn-2012', approval: null }, storage },
  SILENT_LOGGER,
);
const store = openStore(storage, { logger: SILENT_LOGGER, host: 'here' });
const book = new AlertBook({
  store,
  journal,
  now: Date.now,
  begin: () => notifications.begin(),
  news: () => notifications.wake(),
});
const notifications = startNotifications(
  {
    webhooks: [{ id: 'kill', url: new Secret(hook), secret: new Secret('a'.repeat(32)), severity: 'low' }],
    mqtt: null,
  },
  { store, book, logger: SILENT_LOGGER, site: name, states: new Map() },
);
if (prefix === undefined) {
  process.stdout.write('telling\n');
  setInterval(() => undefined, 60_000);
} else {
  const consequence = applyRules(PACKS['cn-2012'], { kind: 'view-moved' }, { unit: 'company' });
  for (let n = 0; ; n++) {
    const at = Date.now();
    const finding = { camera: 'lobby', kind: 'view-moved', cause: `${prefix}-${n}`, at, detail: 'Moved.' } as const;
    const picture = { jpeg: new Uint8Array(2000).fill(n & 255), masked: 'whole' } as const;
    const { alert, event } = await book.raise({ finding, consequence, picture, occurrences: 1, lastAt: at });
    process.stdout.write(`${event!.seq} ${alert.id} new\n`);
    const step = await book.step(alert.id, { to: 'acknowledged', reason: null }, 'killer');
    process.stdout.write(`${step.event!.seq} ${alert.id} acknowledged\n`);
  }
}
