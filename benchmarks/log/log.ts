import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/record/log/event.js';
import type { Benchmark, Measure, Outcome, RunOptions, Unit } from '../benchmark.js';
import { summarize } from '../measuring/statistics.js';

/** Callers that wait for their entry before they send the next. */
const WRITERS = [1, 16, 128, 1024] as const;
/** The most of them: what is asked of the log in batches. */
const BATCH = 1024;
const MEASURED_MS = 3_000;

const LEAST_APPENDS = 2_000;
const MOST_VERIFYING_S = 30;

// As built, as in the gateway.
const load = async <T>(path: string): Promise<T> => (await import(`../../dist/record/log/${path}` as string)) as T;
const built = async () => ({
  ...(await load<typeof import('../../src/record/log/audit-log.js')>('audit-log.js')),
  ...(await load<typeof import('../../src/record/log/audit-key.js')>('audit-key.js')),
  ...(await load<typeof import('../../src/record/log/disk.js')>('disk.js')),
  ...(await load<typeof import('../../src/record/log/verify/verify-log.js')>('verify/verify-log.js')),
});

/** How many entries a second the audit log makes durable, and how long one process on one core takes to verify a million. */
export const log: Benchmark = {
  name: 'log',
  question: 'How many entries a second does the audit log make durable, and how long does verifying a million take?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const entries = quick ? 20_000 : 1_000_000;
    const { AuditLog, openAuditKey, NodeDisk, verifyLog } = await built();
    const folder = mkdtempSync(join(tmpdir(), 'veilgate-audit-'));
    try {
      const dir = join(folder, 'audit');
      const key = await openAuditKey(join(folder, 'keys'), { origin: 'example.org/benchmark' });
      const opened = await AuditLog.open(dir, { key });
      const measures: Measure[] = [];
      for (const writers of WRITERS) {
        const [began, before] = [performance.now(), opened.size];
        const write = async (): Promise<void> => {
          while (performance.now() - began < MEASURED_MS) await opened.append(event(opened.size));
        };
        await Promise.all(Array.from({ length: writers }, write));
        const rate = (opened.size - before) / secondsSince(began);
        say(`${writers} writers: ${Math.round(rate)} durable appends/s`);
        const isBatch = writers === BATCH;
        const what = `durable appends, ${writers} at once`;
        measures.push(one(`appends.${writers}`, what, 'entries/s', rate, isBatch ? { atLeast: LEAST_APPENDS } : null));
      }
      while (opened.size < entries) {
        const burst = Math.min(BATCH, entries - opened.size);
        await Promise.all(Array.from({ length: burst }, (_, i) => opened.append(event(opened.size + i))));
      }
      await opened.close();
      const [began, cpu] = [performance.now(), process.cpuUsage()];
      const { problems } = await verifyLog(new NodeDisk(dir), { key, earlier: [] });
      const took = secondsSince(began);
      const { user, system } = process.cpuUsage(cpu);
      if (problems.length > 0) throw new Error(`the log is not consistent: ${problems[0]!.message}`);
      const verifying = `verifying ${entries} entries`;
      measures.push(one('verify', verifying, 's', took, { atMost: MOST_VERIFYING_S }));
      measures.push(one('verify-cpu', `${verifying}, time of the processor`, 's', (user + system) / 1e6, null));
      const opening = performance.now();
      await (await AuditLog.open(dir, { key })).close();
      measures.push(one('open', `opening a log of ${entries} entries`, 's', secondsSince(opening), null));
      return { measures, notes: [NOTE] };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const NOTE =
  'Each append is acknowledged after fsync, those that wait together in one commit; the disk is that of the temporary folder. Verification computes every hash again from the entries, in one thread.';

const event = (n: number): AuditEvent => ({
  kind: 'state-transition',
  actor: 'system',
  camera: `camera-${n % 50}`,
  data: { from: 'masked', to: 'withheld', reason: `analysis-stale after ${n} ms` },
});

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

const one = (key: string, what: string, unit: Unit, value: number, bound: Measure['bound'] | null): Measure => ({
  id: `log.${key}`,
  what,
  unit,
  summary: summarize([value]),
  ...(bound && { bound }),
});
