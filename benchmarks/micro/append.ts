import type { Bench } from 'tinybench';
import { makeKey } from '../../src/record/log/audit-log.fixture.js';
import { commitEntries } from '../../src/record/log/commit.js';
import { type AuditEvent, encodeEvent } from '../../src/record/log/event.js';
import { MemoryDisk } from '../../src/record/log/memory-disk.fixture.js';
import { recoverLog } from '../../src/record/log/recover.js';

const event = (n: number): AuditEvent => ({
  kind: 'state-transition',
  actor: 'system',
  camera: 'entrance',
  data: { from: 'masked', to: 'withheld', reason: `analysis-stale after ${n} ms` },
});

/** What a commit to the audit log costs without the disk: encoding, hashing, tiles, the signed checkpoint. */
export async function addAppend(bench: Bench): Promise<void> {
  const key = makeKey();
  for (const count of [1, 256]) {
    const disk = new MemoryDisk();
    let { end } = await recoverLog(disk, key);
    bench.add(`audit log: a commit of ${count} ${count === 1 ? 'entry' : 'entries'}, no disk`, async () => {
      const entries = Array.from({ length: count }, (_, i) => encodeEvent(event(i), new Date(0)));
      ({ end } = await commitEntries(disk, end, entries, key));
    });
  }
}
