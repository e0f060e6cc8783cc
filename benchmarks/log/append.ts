/**
 * How many entries a second the audit log makes durable, one by one and in bursts, and how long verifying a million takes.
 *
 *     npx tsx benchmarks/log/append.ts [folder] [entries]      defaults: a temporary folder, 1000000
 *
 * The folder says which disk is measured. Verification is one process and one core.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { AuditLog } from '../../src/record/log/audit-log.js';
import { NodeDisk } from '../../src/record/log/disk.js';
import type { AuditEvent } from '../../src/record/log/event.js';
import { verifyLog } from '../../src/record/log/verify/verify-log.js';

const [parent = tmpdir(), entries = '1000000'] = process.argv.slice(2);

/** Callers that wait for their entry before they send the next. */
const WRITERS = [1, 16, 128, 1024] as const;
const MEASURED_MS = 3_000;

const folder = await mkdtemp(join(parent, 'veilgate-audit-'));
const dir = join(folder, 'audit');
const key = await openAuditKey(join(folder, 'keys'), { origin: 'example.org/benchmark' });
const log = await AuditLog.open(dir, { key });

const event = (n: number): AuditEvent => ({
  kind: 'state-transition',
  actor: 'system',
  camera: `camera-${n % 50}`,
  data: { from: 'masked', to: 'withheld', reason: `analysis-stale after ${n} ms` },
});

const seconds = (since: number): number => (performance.now() - since) / 1000;

for (const writers of WRITERS) {
  const [start, before] = [performance.now(), log.size];
  const write = async (): Promise<void> => {
    while (performance.now() - start < MEASURED_MS) await log.append(event(log.size));
  };
  await Promise.all(Array.from({ length: writers }, write));
  const rate = (log.size - before) / seconds(start);
  console.log(`${writers} writer(s): ${Math.round(rate)} durable appends/s`);
}

const fillStart = performance.now();
const filled = log.size;
while (log.size < Number(entries)) {
  const burst = Math.min(1024, Number(entries) - log.size);
  await Promise.all(Array.from({ length: burst }, (_, i) => log.append(event(log.size + i))));
}
console.log(`bursts of 1024: ${Math.round((log.size - filled) / seconds(fillStart))} durable appends/s`);

const verifyStart = performance.now();
const { problems } = await verifyLog(new NodeDisk(dir), { key, earlier: [] });
const took = seconds(verifyStart);
const memory = process.memoryUsage().rss / 2 ** 20;
console.log(
  `verified ${log.size} entries in ${took.toFixed(1)} s, ${problems.length} problems, ${Math.round(memory)} MiB`,
);

const openStart = performance.now();
await log.close();
await (await AuditLog.open(dir, { key })).close();
console.log(`closed and opened again in ${seconds(openStart).toFixed(2)} s`);
await rm(folder, { recursive: true });
