/** An export by two people, checked as a third party does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExportVerify } from '../commands/export.js';
import { type ExportFiles, unpackExport } from '../record/export/export-archive.js';
import { sha256 } from '../record/export/manifest.js';
import { verifyExport } from '../record/export/verify-export.js';
import { makeKey } from '../record/log/audit-log.fixture.js';
import { formatVerifierKey } from '../record/log/note/verifier-key.js';
import { recordInMemory, type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';

const BODY = { from: '2026-01-01T00:00:00Z', to: '2027-06-01T00:00:00Z', purpose: 'Request GA-17 of the police.' };

let app: ServedApp;
let zip: Buffer;
let files: ExportFiles;
let picture: Buffer;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'veilgate-export-'));
  const record = recordInMemory();
  app = await serveApp(record);
  picture = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#446' } })
    .jpeg()
    .toBuffer();
  await record.store.run(async (db) => {
    const at = Date.parse('2026-03-01T08:00:00Z');
    await db
      .insertInto('evidence')
      .values({ sha256: sha256(picture), jpeg: picture, masked: 'whole', at })
      .execute();
    const alert = {
      id: 'a1',
      camera: 'lobby',
      kind: 'view-moved',
      cause: 'x',
      zone: null,
      detail: 'Moved.',
      law: 'cn-2012',
    };
    const ruling = { article: 24, penalty: 39, severity: 'high', action: 'withhold', state: 'new', open: 1 };
    const times = { first_at: at, last_at: at, since: at, occurrences: 1, escalated_at: null, overdue_at: null };
    await db
      .insertInto('alerts')
      .values({ ...alert, ...ruling, ...times, evidence: sha256(picture) })
      .execute();
  });
  const ask = (headers: Record<string, string>) =>
    app.ask('/api/v1/exports', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(BODY),
    });
  const authorization = `Bearer ${TOKEN}`;
  const refused = await ask({ authorization });
  expect(refused.status).toBe(409);
  const { error } = (await refused.json()) as { error: { approval: string } };
  await record.people.approvals.decide(error.approval, 'wang.fang', true);
  const answer = await ask({ authorization, approval: error.approval });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toMatch(/veilgate-export-[\w-]+\.zip/);
  zip = Buffer.from(await answer.arrayBuffer());
  files = await unpackExport(zip);
  expect((await ask({ authorization, approval: error.approval })).status).toBe(409);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const key = () => app.context.journal.key;

describe('an export', () => {
  it('holds the alerts, their pictures with a watermark, the zones, and the log with proofs', async () => {
    expect([...files.keys()].sort()).toEqual(
      [
        'alerts.json',
        `evidence/${sha256(picture)}.jpg`,
        'log/entries.json',
        'manifest.json',
        'receipt/entry.json',
        'receipt/entry.tlog-proof',
        'receipt/vkey',
        ...['lobby', 'corridor-2', 'locker-room', 'loading-dock', 'archive'].map((id) => `zones/${id}.json`),
      ].sort(),
    );
    const marked = sharp(files.get(`evidence/${sha256(picture)}.jpg`)!);
    expect(await marked.metadata()).toMatchObject({ width: 320, height: 180 });
    const { channels } = await marked.stats();
    expect(channels[0]!.stdev).toBeGreaterThan(10);
  });

  it('is whole, and says who signed where the key is known', async () => {
    expect(verifyExport(files, key()).problems).toEqual([]);
    const path = join(dir, 'export.zip');
    writeFileSync(path, zip);
    let [out, err] = ['', ''];
    const output = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
    };
    expect(await runExportVerify(path, output)).toBe(0);
    expect(out).toMatch(/^whole; signer not proven\n.* by admin-token, agreed to by wang\.fang, for: Request GA-17/);
    expect(await runExportVerify(path, { ...output, key: formatVerifierKey(key()) })).toBe(0);
    expect(out).toMatch(/whole; signed by/);
    expect(await runExportVerify(path, { ...output, key: formatVerifierKey(makeKey()) })).toBe(1);
    expect(err).toMatch(/not signed by/);
  });

  it('that was altered in any byte of any file, or lost or gained one, is found', () => {
    const paths = [...files.keys()].filter((path) => path !== 'receipt/vkey');
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.integer({ min: 1, max: 255 }), (path, where, flip) => {
        const bytes = Buffer.from(files.get(path)!);
        bytes[where % bytes.length]! ^= flip;
        expect(verifyExport(new Map([...files, [path, bytes]]), key()).problems).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
    for (const path of paths) {
      expect(verifyExport(new Map([...files].filter(([name]) => name !== path)), key()).problems).not.toEqual([]);
    }
    expect(verifyExport(new Map([...files, ['more.txt', Buffer.from('x')]]), key()).problems).toHaveLength(1);
  });

  it('that is no zip, or half of one, is refused and never crashes', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('zip'), zip.subarray(0, zip.length / 2)]) {
      await expect(unpackExport(bytes)).rejects.toMatchObject({ code: 'export-unreadable' });
    }
  });
});
