/** A record that is written to under load and killed again and again: is anything lost that was acknowledged, or never sent? */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { Secret } from '../../src/config/secret.js';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { AuditLog } from '../../src/record/log/audit-log.js';
import { NodeDisk } from '../../src/record/log/disk.js';
import { parseCheckpoint, type SignedCheckpoint } from '../../src/record/log/note/checkpoint.js';
import { auditOrigin } from '../../src/record/log/origin.js';
import { verifyLog } from '../../src/record/log/verify/verify-log.js';
import { openStore, type Store } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { type RunningProcess, startProcess } from './process.js';

const SITE = 'Killed';

/** The blow falls within so many ms after the first acknowledgement: anywhere in a commit. */
const BLOW_WITHIN_MS = 300;
const START_MS = 60_000;

export interface KillTrialOptions {
  /** Of PostgreSQL; null: SQLite. */
  readonly postgres: string | null;
  /** Of the webhook's answers, each so manieth is a failure, after which the sender pauses for a second. */
  readonly failEvery: number;
}

/** What came of it so far. */
export interface KillTally {
  /** Events whose writer was told that they are kept. */
  readonly acknowledged: number;
  /** Entries of the log. */
  readonly entries: number;
  /** Events that the webhook got more than once. */
  readonly repeated: number;
}

export class KillTrial implements AsyncDisposable {
  readonly #options: KillTrialOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'veilgate-kill-'));
  readonly #server: Server;
  readonly #store: Store;
  readonly #acknowledged = new Set<number>();
  /** Alerts whose step was acknowledged and is not yet known to be in the log. */
  #steps = new Set<string>();
  /** How often the webhook took each event. */
  readonly #got = new Map<number, number>();
  #asked = 0;
  #past: SignedCheckpoint | null = null;
  readonly #faults: string[] = [];

  private constructor(options: KillTrialOptions) {
    this.#options = options;
    const url = options.postgres === null ? null : new Secret(options.postgres);
    this.#store = openStore({ dir: this.#dir, url }, { logger: SILENT_LOGGER, host: 'here' });
    this.#server = createServer(async (request, response) => {
      try {
        const { event } = (await json(request)) as { event: { seq: number } };
        const fails = ++this.#asked % options.failEvery === 0;
        if (!fails) this.#got.set(event.seq, (this.#got.get(event.seq) ?? 0) + 1);
        response.writeHead(fails ? 503 : 200).end();
      } catch {
        // Killed while it sent.
        response.destroy();
      }
    });
  }

  static async start(options: KillTrialOptions): Promise<KillTrial> {
    const trial = new KillTrial(options);
    await new Promise<void>((resolve) => trial.#server.listen(0, '127.0.0.1', resolve));
    return trial;
  }

  /** What went wrong. None: nothing was lost, torn, or left unsent. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  get tally(): KillTally {
    return {
      acknowledged: this.#acknowledged.size,
      entries: this.#past?.size ?? 0,
      repeated: [...this.#got.values()].filter((times) => times > 1).length,
    };
  }

  /** Starts the writer, kills it at any moment, and looks at what it left behind. */
  async kill(): Promise<void> {
    // Causes of their own, so that each alert is opened and none is counted up.
    await using writer = this.#writer(randomUUID());
    await writer.match(/\n/, START_MS);
    await delay(Math.random() * BLOW_WITHIN_MS);
    writer.child.kill('SIGKILL');
    await writer.close();
    // What was cut short was not acknowledged.
    for (const line of writer.output().split('\n').slice(0, -1)) {
      const [, seq, alert, state] = /^(\d+) (\S+) (new|acknowledged)$/.exec(line) ?? [];
      if (seq === undefined || alert === undefined) this.#faults.push(`the writer said: ${line}`);
      else this.#acknowledged.add(Number(seq));
      if (alert !== undefined && state === 'acknowledged') this.#steps.add(alert);
    }
    await this.#examineLog();
    await this.#examineStore();
  }

  /** Starts the writer once more, to tell only: everything that is in the store must arrive. */
  async settle(withinMs: number): Promise<void> {
    const kept = await this.#seqs();
    await using writer = this.#writer();
    await writer.match(/telling/, START_MS);
    const until = performance.now() + withinMs;
    const unsent = (): number[] => kept.filter((seq) => !this.#got.has(seq));
    while (unsent().length > 0 && performance.now() < until) await delay(250);
    this.#blame('never sent', unsent());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#dir, { recursive: true });
  }

  #writer(...prefix: string[]): RunningProcess {
    const hook = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    const program = ['--import', 'tsx', 'tests/support/record-writer.ts', this.#dir, SITE, hook];
    return startProcess(process.execPath, [...program, this.#options.postgres ?? '', ...prefix]);
  }

  /** The log is consistent, begins as it did before the blow, and has every step that was acknowledged. */
  async #examineLog(): Promise<void> {
    const dir = join(this.#dir, 'audit');
    const key = await openAuditKey(join(this.#dir, 'keys'), { origin: auditOrigin(SITE) });
    const earlier = this.#past === null ? [] : [{ source: 'the kill before', checkpoint: this.#past }];
    const { problems } = await verifyLog(new NodeDisk(dir), { key, earlier });
    for (const { message } of problems) this.#faults.push(`log: ${message}`);
    const log = await AuditLog.open(dir, { key });
    for await (const { entry } of log.reader().entries(this.#past?.size ?? 0)) {
      if (entry?.kind === 'alert-decision') this.#steps.delete((entry.data as { alert: string }).alert);
    }
    this.#blame('acknowledged and not in the log', [...this.#steps]);
    this.#steps = new Set();
    this.#past = parseCheckpoint(Buffer.from(log.checkpoint));
    await log.close();
  }

  /** The store is sound, has every event that was acknowledged, and every alert is as its last event left it. */
  async #examineStore(): Promise<void> {
    const kept = new Set(await this.#seqs());
    this.#blame(
      'acknowledged and not in the store',
      [...this.#acknowledged].filter((seq) => !kept.has(seq)),
    );
    const torn = await this.#store.run((db) =>
      sql<{ id: string }>`select id from alerts where state <> (
        select to_state from alert_events where alert = alerts.id order by seq desc limit 1)`.execute(db),
    );
    this.#blame(
      'not as the last event left it',
      torn.rows.map(({ id }) => id),
    );
    if (this.#store.kind !== 'sqlite') return;
    const check = await this.#store.run((db) => sql<{ integrity_check: string }>`pragma integrity_check`.execute(db));
    this.#blame(
      'store',
      check.rows.map((row) => row.integrity_check).filter((said) => said !== 'ok'),
    );
  }

  async #seqs(): Promise<number[]> {
    const rows = await this.#store.run((db) => db.selectFrom('alert_events').select('seq').execute());
    return rows.map(({ seq }) => seq);
  }

  #blame(what: string, ones: readonly (string | number)[]): void {
    if (ones.length > 0) this.#faults.push(`${what}: ${ones.length}, first ${ones[0]}`);
  }
}
