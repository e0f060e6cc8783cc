/**
 * Raises alerts and moves them until it is killed, tells a webhook of each, and prints `<seq>` for every event that was acknowledged.
 *
 *     node tests/support/alert-writer.ts <storage dir> <address of the webhook> <prefix of causes> [address of PostgreSQL]
 */
import { Secret } from '../../src/config/secret.js';
import { AlertBook } from '../../src/record/alerts/alert-book.js';
import { startNotifications } from '../../src/record/notify/notifications.js';
import { openStore } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { PACKS } from '../../src/rules/packs.js';
import { applyRules } from '../../src/rules/rule.js';

const [dir = '.', hook = '', prefix = '', postgres] = process.argv.slice(2);
const url = postgres ? new Secret(postgres) : null;
const store = openStore({ dir, url }, { logger: SILENT_LOGGER, host: 'here' });
const journal = { note: () => undefined, record: async () => undefined };
const book = new AlertBook({ store, journal, now: Date.now, news: () => notifications.wake() });
const notifications = startNotifications(
  {
    webhooks: [{ id: 'kill', url: new Secret(hook), secret: new Secret('a'.repeat(32)), severity: 'low' }],
    mqtt: null,
  },
  { store, book, logger: SILENT_LOGGER, site: 'Tests', states: new Map() },
);
const consequence = applyRules(PACKS['cn-2012'], { kind: 'view-moved' }, { unit: 'company' });
for (let n = 0; ; n++) {
  const at = Date.now();
  const finding = { camera: 'lobby', kind: 'view-moved', cause: `${prefix}-${n}`, at, detail: 'Moved.' } as const;
  const picture = { jpeg: new Uint8Array(2000).fill(n & 255), masked: 'whole' } as const;
  const { alert, event } = await book.raise({ finding, consequence, picture, occurrences: 1, lastAt: at });
  process.stdout.write(`${event!.seq}\n`);
  const step = await book.step(alert.id, { to: 'acknowledged', reason: null }, 'killer');
  process.stdout.write(`${step.event!.seq}\n`);
}
