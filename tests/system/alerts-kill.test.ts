import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { startProcess } from '../support/process.js';

/** How often the writer is killed; the long form is `VEILGATE_KILLS=200`. */
const KILLS = Number(process.env.VEILGATE_KILLS ?? 4);

let dir: string;
let server: Server;
let hook: string;
/** What the webhook got, by the number of the event, and how often. */
const got = new Map<number, number>();
/** Every third answer is a failure. */
let asked = 0;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-alerts-kill-'));
  server = createServer(async (request, response) => {
    const { event } = (await json(request)) as { event: { seq: number } };
    const fails = ++asked % 3 === 0;
    if (!fails) got.set(event.seq, (got.get(event.seq) ?? 0) + 1);
    response.writeHead(fails ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

describe('a gateway that is killed while alerts come in', () => {
  it(
    `again and again (${KILLS} times) loses nothing that was acknowledged, and sends nothing zero times`,
    async () => {
      const acknowledged = new Set<number>();
      const writer = (kill: string) =>
        startProcess(process.execPath, ['--import', 'tsx', 'tests/support/alert-writer.ts', dir, hook, kill]);
      // A second try must not meet the causes of the first.
      const once = randomUUID();
      for (let kill = 0; kill < KILLS; kill++) {
        await using child = writer(`${once}-${kill}`);
        await child.match(/\n/, 60_000);
        // Not waiting for anything: the blow shall fall anywhere in a commit.
        await delay(Math.random() * 300);
        child.child.kill('SIGKILL');
        await child.close();
        const lines = child.output().split('\n').slice(0, -1);
        expect(lines.filter((line) => !/^\d+$/.test(line))).toEqual([]);
        for (const line of lines) acknowledged.add(Number(line));

        const store = openStore({ dir, url: null }, { logger: SILENT_LOGGER, host: 'here' });
        const kept = await store.run((db) => db.selectFrom('alert_events').select('seq').execute());
        const seqs = new Set(kept.map(({ seq }) => seq));
        expect([...acknowledged].filter((seq) => !seqs.has(seq))).toEqual([]);
        const check = await store.run((db) => sql<{ integrity_check: string }>`pragma integrity_check`.execute(db));
        expect(check.rows).toEqual([{ integrity_check: 'ok' }]);
        // Every alert is as its last event left it.
        const torn = await store.run((db) =>
          sql<{ id: string }>`select id from alerts where state <> (
            select to_state from alert_events where alert = alerts.id order by seq desc limit 1)`.execute(db),
        );
        expect(torn.rows).toEqual([]);
        await store.close();
      }
      expect(acknowledged.size).toBeGreaterThan(KILLS);

      // What had not arrived when it was killed arrives after the next start.
      await using last = writer(`${once}-last`);
      await expect
        .poll(() => [...acknowledged].filter((seq) => !got.has(seq)), { timeout: 60_000 + KILLS * 2000, interval: 500 })
        .toEqual([]);
      last.child.kill('SIGKILL');
    },
    KILLS * 30_000 + 120_000,
  );
});
