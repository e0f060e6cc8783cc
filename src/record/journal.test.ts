import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../config/secret.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { openJournal } from './journal.js';
import type { AuditEvent } from './log/event.js';
import { fingerprint, formatVerifierKey } from './log/note/verifier-key.js';

const EVENT: AuditEvent = { kind: 'logout', actor: 'li.wei', data: { reason: 'end of shift' } };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-journal-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = (options: { logKey?: string; witness?: string; storage?: string } = {}) => {
  const { logKey = null, witness, storage = join(dir, 'data') } = options;
  const unit = { name: 'Riverside Hotel Ltd', type: 'company' } as const;
  const site = { name: 'Riverside Hotel', responsibleUnit: unit, rules: 'cn-2012', approval: null } as const;
  const where = { dir: storage, url: null, logKey, witness: witness === undefined ? null : new Secret(witness) };
  return openJournal({ site, storage: where }, SILENT_LOGGER);
};

/** Writes so many entries. */
const write = async (count: number, options: Parameters<typeof open>[0] = {}): Promise<void> => {
  const journal = await open(options);
  for (let i = 0; i < count; i++) await journal.record(EVENT);
  await journal.close();
};

describe('the key that the site file pins', () => {
  it('may be given whole or by its fingerprint', async () => {
    await write(1);
    const { key, close } = await open().then(async (journal) => ({ key: journal.key, close: await journal.close() }));
    expect(close).toBeUndefined();
    for (const logKey of [fingerprint(key), formatVerifierKey(key)]) await write(1, { logKey });
    const journal = await open();
    expect(journal.reader().size).toBe(3);
    await journal.close();
  });

  it('lets nothing be recorded under another one, and leaves the log alone', async () => {
    await write(2);
    const before = readFileSync(join(dir, 'data/audit/checkpoint'), 'utf8');
    await write(1, { storage: join(dir, 'other') });
    const other = await open({ storage: join(dir, 'other') });
    await other.close();
    const journal = await open({ logKey: fingerprint(other.key) });
    await expect(journal.record(EVENT)).rejects.toMatchObject({ code: 'audit-key-not-pinned' });
    expect(() => journal.reader()).toThrow(/pins another/);
    journal.note(EVENT);
    await journal.close();
    expect(readFileSync(join(dir, 'data/audit/checkpoint'), 'utf8')).toBe(before);
  });
});

describe('the witness that the site file names', () => {
  it('is told how far the log has come', async () => {
    const witness = join(dir, 'elsewhere/checkpoint');
    await write(3, { witness });
    expect(readFileSync(witness, 'utf8')).toBe(readFileSync(join(dir, 'data/audit/checkpoint'), 'utf8'));
  });

  it('finds a log that was rolled back, and keeps what it saw', async () => {
    const witness = join(dir, 'elsewhere/checkpoint');
    await write(3, { witness });
    cpSync(join(dir, 'data'), join(dir, 'copy'), { recursive: true });
    await write(2, { witness });
    const seen = readFileSync(witness, 'utf8');
    rmSync(join(dir, 'data'), { recursive: true });
    cpSync(join(dir, 'copy'), join(dir, 'data'), { recursive: true });
    const journal = await open({ witness });
    await expect(journal.record(EVENT)).rejects.toMatchObject({ code: 'audit-log-rolled-back' });
    await journal.close();
    expect(readFileSync(witness, 'utf8')).toBe(seen);
  });

  it('finds a log that was replaced', async () => {
    const witness = join(dir, 'elsewhere/checkpoint');
    await write(3, { witness });
    rmSync(join(dir, 'data'), { recursive: true });
    const journal = await open({ witness });
    await expect(journal.record(EVENT)).rejects.toMatchObject({ code: 'witness-foreign' });
    await journal.close();
  });

  it('that is away does not stop the record, and finds the same when it is back', async () => {
    const witness = join(dir, 'elsewhere/checkpoint');
    await write(5, { witness });
    const seen = readFileSync(witness, 'utf8');
    rmSync(join(dir, 'data/audit'), { recursive: true });
    // The key is the same, the log is another one.
    let isAway = true;
    const posted: string[] = [];
    const server = createServer(async (request, response) => {
      if (isAway) return void response.destroy();
      if (request.method === 'POST') posted.push(await text(request));
      response.end(request.method === 'POST' ? '' : seen);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
    const journal = await open({ witness: url });
    await journal.record(EVENT);
    isAway = false;
    await vi.waitFor(() => expect(journal.record(EVENT)).rejects.toMatchObject({ code: 'audit-log-rolled-back' }), {
      timeout: 10_000,
      interval: 100,
    });
    await journal.close();
    expect(posted).toEqual([]);
    server.close();
  });

  it('that holds something else is not believed, nor written over', async () => {
    const witness = join(dir, 'checkpoint');
    writeFileSync(witness, 'shopping list\n');
    const journal = await open({ witness });
    await expect(journal.record(EVENT)).rejects.toMatchObject({ code: 'witness-foreign' });
    await journal.close();
    expect(readFileSync(witness, 'utf8')).toBe('shopping list\n');
  });
});
