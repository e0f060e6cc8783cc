import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { AuditLog } from '../../src/record/log/audit-log.js';
import { NodeDisk } from '../../src/record/log/disk.js';
import { parseCheckpoint, type SignedCheckpoint } from '../../src/record/log/note/checkpoint.js';
import { verifyLog } from '../../src/record/log/verify/verify-log.js';
import { startProcess } from '../support/process.js';

/** How often the writer is killed; the long form is `VEILGATE_KILLS=200`. */
const KILLS = Number(process.env.VEILGATE_KILLS ?? 20);

/** Entries a burst, in turn: single commits, commits within a bundle, commits over several. */
const BURSTS = [1, 7, 100, 600] as const;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-kill-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a log whose writer is killed', () => {
  it(
    `again and again (${KILLS} times) loses nothing that was acknowledged, and is consistent each time`,
    async () => {
      const key = await openAuditKey(join(dir, 'keys'), { origin: 'example.org/site' });
      const disk = new NodeDisk(join(dir, 'audit'));
      /** Number of the event by its index in the log, of those acknowledged. */
      const acknowledged = new Map<number, string>();
      let past: SignedCheckpoint | null = null;
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const burst = BURSTS[kill % BURSTS.length]!;
        const writer = ['--import', 'tsx', 'tests/support/audit-writer.ts', dir, String(next), String(burst)];
        await using child = startProcess(process.execPath, writer);
        await child.match(/\n/);
        // Not waiting for anything: the blow shall fall anywhere in a commit.
        await delay(Math.random() * 60);
        child.child.kill('SIGKILL');
        await child.close();
        const lines = child.output().split('\n').slice(0, -1);
        expect(lines.filter((line) => !/^\d+ \d+$/.test(line))).toEqual([]);
        for (const line of lines) acknowledged.set(Number(line.split(' ')[0]), line.split(' ')[1]!);

        const earlier = past === null ? [] : [{ source: 'the kill before', checkpoint: past }];
        expect(await verifyLog(disk, { key, earlier })).toMatchObject({ problems: [] });
        const log = await AuditLog.open(join(dir, 'audit'), { key });
        const found: string[] = [];
        for await (const { entry } of log.reader().entries()) found.push((entry!.data as { reason: string }).reason);
        for (const [index, number] of acknowledged) expect(found[index]).toBe(number);
        past = parseCheckpoint(Buffer.from(log.checkpoint));
        await log.close();
        expect(await verifyLog(disk, { key, earlier })).toMatchObject({ problems: [], notes: [] });
        next += 1_000_000;
      }
      expect(acknowledged.size).toBeGreaterThan(KILLS);
    },
    KILLS * 20_000,
  );
});
