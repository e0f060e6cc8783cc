import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditVerifyOptions, runAuditVerify } from '../../src/commands/audit-verify.js';
import { runKeysShow } from '../../src/commands/keys-show.js';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { AuditLog } from '../../src/record/log/audit-log.js';
import { fingerprint, formatVerifierKey } from '../../src/record/log/note/verifier-key.js';
import { checkWitness } from '../../src/record/log/witness/check-witness.js';
import { openWitness } from '../../src/record/log/witness/open-witness.js';
import { WitnessFeed } from '../../src/record/log/witness/witness-feed.js';

let root: string;
/** A storage folder of 300 entries, the same of 200 before, and another site's. */
let [now, before, other]: [string, string, string] = ['', '', ''];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'veilgate-verify-'));
  [now, before, other] = [join(root, 'now'), join(root, 'before'), join(root, 'other')];
  await write(now, 200);
  cpSync(now, before, { recursive: true });
  await write(now, 300);
  await write(other, 5);
});
afterAll(() => rmSync(root, { recursive: true }));

const write = async (dir: string, size: number): Promise<void> => {
  const key = await openAuditKey(join(dir, 'keys'), { origin: 'example.org/site' });
  const log = await AuditLog.open(join(dir, 'audit'), { key, now: () => new Date('2026-03-01T12:00:00Z') });
  const missing = Array.from({ length: size - log.size }, (_, i) => log.size + i);
  await Promise.all(
    missing.map((n) => log.append({ kind: 'logout', actor: `user:${n}`, data: { reason: 'end of shift' } })),
  );
  await log.close();
};

const verify = async (dir: string, options: Omit<AuditVerifyOptions, 'stdout' | 'stderr'> = {}) => {
  let [out, err] = ['', ''];
  const code = await runAuditVerify(dir, {
    ...options,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
};

const vkeyFile = (dir: string): string => join(dir, 'keys', 'audit.vkey');
const head = (dir: string): string => readFileSync(join(dir, 'audit', 'checkpoint'), 'utf8').split('\n')[2]!;
const fingerprintOf = async (dir: string): Promise<string> =>
  fingerprint(await openAuditKey(join(dir, 'keys'), { origin: '' }));

/** A copy of the log that may be spoilt. */
const copyOf = (dir: string): string => {
  const copy = mkdtempSync(join(root, 'copy-'));
  cpSync(join(dir, 'audit'), copy, { recursive: true });
  return copy;
};

describe('veilgate audit verify', () => {
  it('without a key says that the log is consistent and its signer not proven', async () => {
    expect(await verify(join(now, 'audit'))).toEqual({
      code: 0,
      out: `consistent; signer not proven
example.org/site: 300 entries (2026-03-01T12:00:00.000Z to 2026-03-01T12:00:00.000Z), head ${head(now)}
To prove who signed it: --key, with what "veilgate keys show" printed on the machine of the site, kept elsewhere.
`,
      err: '',
    });
  });

  it('finds the log in a storage folder', async () => {
    expect(await verify(now)).toMatchObject({ code: 0 });
  });

  it('takes the key as a file, in words, as a fingerprint, or as PEM', async () => {
    const key = await openAuditKey(join(now, 'keys'), { origin: '' });
    const pem = key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const given of [vkeyFile(now), formatVerifierKey(key), fingerprint(key), pem]) {
      const { code, out } = await verify(now, { key: given });
      expect([code, out.split('\n')[0]]).toEqual([0, `consistent; signed by example.org/site (${fingerprint(key)})`]);
    }
  });

  it("fails with another's key, however it is given", async () => {
    const key = await openAuditKey(join(other, 'keys'), { origin: '' });
    const pem = key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const given of [vkeyFile(other), formatVerifierKey(key), fingerprint(key), pem]) {
      const { code, out, err } = await verify(now, { key: given });
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(fingerprint(key));
    }
  });

  it('refuses a private key and what is no key', async () => {
    expect(await verify(now, { key: join(now, 'keys', 'audit.key') })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/That is a private key/),
    });
    expect(await verify(now, { key: 'nothing' })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/There is no file "nothing", and it is no key/),
    });
  });

  it('names the first entry that does not fit, and what is wrong with it', async () => {
    const copy = copyOf(now);
    const path = join(copy, 'tile', 'entries', '000');
    const bundle = readFileSync(path);
    bundle[bundle.indexOf('user:17')] = 'U'.charCodeAt(0);
    writeFileSync(path, bundle);
    expect(await verify(copy)).toEqual({
      code: 1,
      out: '',
      err: `NOT consistent: ${copy}; the first entry that does not fit is 17
Entry 17 is not the one whose hash was recorded: it was altered (tile/entries/000).
`,
    });
  });

  it('finds a log cut at the end', async () => {
    const copy = copyOf(now);
    truncateSync(join(copy, 'tile', 'entries', '001.p', '44'), 1000);
    expect((await verify(copy)).err).toMatch(/Entry 26\d is cut short/);
  });

  it('finds a log that was rolled back, by an earlier checkpoint or by its witness', async () => {
    const checkpoint = join(now, 'audit', 'checkpoint');
    for (const past of [{ since: checkpoint }, { witness: checkpoint }]) {
      expect(await verify(before, past)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/first entry that does not fit is 200\nThe log was rolled back: it had 300 entries/),
      });
    }
    expect(await verify(now, { since: join(before, 'audit', 'checkpoint') })).toMatchObject({ code: 0 });
  });

  it.each([
    ['nothing there', 'nowhere', {}, /holds no audit log/],
    ['an earlier checkpoint that is none', 'now', { since: 'package.json' }, /package\.json is no signed checkpoint/],
    ['a missing earlier checkpoint', 'now', { since: 'nowhere' }, /nowhere is no signed checkpoint/],
  ])('says so of %s', async (_, dir, options, message) => {
    expect(await verify(join(root, dir), options)).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  });
});

describe('veilgate keys show', () => {
  it('prints what verifies the log', async () => {
    let out = '';
    await runKeysShow(now, { origin: '', stdout: { write: (text) => (out += text) } });
    expect(out).toBe(`${readFileSync(vkeyFile(now), 'utf8')}${await fingerprintOf(now)}\n`);
    // Kept as it was printed, both lines of it.
    const file = join(root, 'kept.txt');
    writeFileSync(file, out);
    expect((await verify(now, { key: file })).out).toContain('consistent; signed by example.org/site');
    expect((await verify(other, { key: file })).code).toBe(1);
    writeFileSync(file, out.replace(await fingerprintOf(now), await fingerprintOf(other)));
    expect((await verify(now, { key: file })).err).toContain('is not that of the key above it');
  });

  it('is asked for where what was given is no key, or no file', async () => {
    expect((await verify(now, { key: 'lost.txt' })).err).toMatch(
      /^NOT verified: There is no file "lost.txt".*keys show/,
    );
    const file = join(root, 'empty.txt');
    writeFileSync(file, 'nothing of use\n');
    expect((await verify(now, { key: file })).err).toContain(`${file} holds no key`);
  });

  it('says that there is none before the first start', async () => {
    const show = runKeysShow(join(root, 'new'), { origin: '', stdout: { write: () => {} } });
    await expect(show).rejects.toMatchObject({ code: 'no-key' });
  });
});

describe('a witness on the network', () => {
  let server: Server;
  let last: string | null = null;
  let credentials: string | undefined;
  let status = 200;
  beforeAll(async () => {
    server = createServer((request, response) => {
      credentials = request.headers.authorization;
      if (request.method === 'GET') {
        response.writeHead(last === null ? 404 : status).end(last ?? '');
        return;
      }
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        if (status === 200) last = body;
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const address = (): string =>
    `http://user:s3cret@127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=s3cret`;

  it('gets the checkpoint of each commit, and finds a log that was rolled back', async () => {
    const witness = openWitness(address());
    expect(await witness.latest()).toBeNull();
    const feed = new WitnessFeed(witness);
    const key = await openAuditKey(join(now, 'keys'), { origin: '' });
    const log = await AuditLog.open(join(now, 'audit'), { key, onCheckpoint: feed.take });
    await log.append({ kind: 'stop', actor: 'system', data: { reason: 'test' } });
    await feed.close();
    await log.close();
    expect(last).toBe(log.checkpoint);
    expect(credentials).toBe(`Basic ${Buffer.from('user:s3cret').toString('base64')}`);
    expect(await checkWitness(log.reader(), witness, key)).toBe(301);

    const old = await AuditLog.open(join(before, 'audit'), { key });
    await expect(checkWitness(old.reader(), witness, key)).rejects.toMatchObject({ code: 'audit-log-rolled-back' });
    await old.close();
    expect(await verify(before, { witness: address() })).toMatchObject({ code: 1 });
  });

  it('that answers otherwise is no witness, and its secrets are not told', async () => {
    const witness = openWitness(address());
    status = 500;
    for (const failure of [witness.publish('x'), witness.latest()]) {
      const error: unknown = await failure.catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'witness-unreachable', message: expect.stringMatching(/answered 500/) });
      expect(String(error)).not.toContain('s3cret');
    }
    status = 200;
    last = 'x'.repeat(200_000);
    await expect(witness.latest()).rejects.toThrow(/longer than any checkpoint/);
  });

  it('that is away is said to be', async () => {
    await expect(openWitness('http://127.0.0.1:1/').publish('x')).rejects.toMatchObject({
      code: 'witness-unreachable',
    });
  });
});
