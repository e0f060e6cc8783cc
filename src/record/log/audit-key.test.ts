import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditKey, readAuditKey } from './audit-key.js';
import { formatVerifierKey } from './note/verifier-key.js';

let folder: string;
let keys: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veilgate-keys-'));
  keys = join(folder, 'keys');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (origin = 'example.org/site') => openAuditKey(keys, { origin });
const bad = expect.objectContaining({ code: 'bad-key' });

describe("the audit log's key", () => {
  it('is made once, as PKCS8 that only the owner reads, and a verifier key for everyone', async () => {
    const key = await open();
    const path = join(keys, 'audit.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(createPrivateKey(readFileSync(path)).asymmetricKeyType).toBe('ed25519');
    expect(readFileSync(join(keys, 'audit.vkey'), 'utf8')).toBe(`${formatVerifierKey(key)}\n`);
    expect(formatVerifierKey(await open())).toBe(formatVerifierKey(key));
  });

  it('keeps its name when the site is renamed', async () => {
    await open();
    expect((await open('another.example')).name).toBe('example.org/site');
  });

  it('is closed again where others could read it', async () => {
    await open();
    chmodSync(join(keys, 'audit.key'), 0o644);
    await open();
    expect(statSync(join(keys, 'audit.key')).mode & 0o777).toBe(0o600);
  });

  it('gets its public half back where that is lost', async () => {
    const key = await open();
    rmSync(join(keys, 'audit.vkey'));
    expect(formatVerifierKey(await open())).toBe(formatVerifierKey(key));
  });

  it('is never made anew beside an old public half', async () => {
    await open();
    rmSync(join(keys, 'audit.key'));
    await expect(open()).rejects.toEqual(bad);
  });

  it('is refused where its public half is of another', async () => {
    await open();
    const other = readFileSync(join(keys, 'audit.vkey'), 'utf8');
    rmSync(keys, { recursive: true });
    await open();
    writeFileSync(join(keys, 'audit.vkey'), other);
    await expect(open()).rejects.toEqual(bad);
  });

  it('is refused where it is no key', async () => {
    await open();
    writeFileSync(join(keys, 'audit.key'), 'lost');
    await expect(open()).rejects.toEqual(bad);
  });

  it('is not made by looking at it', async () => {
    expect(await readAuditKey(keys, 'example.org/site')).toBeNull();
    expect(await readAuditKey(keys, 'example.org/site')).toBeNull();
  });
});
