import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeDisk } from './disk.js';
import { lockFolder } from './folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veilgate-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder of the file system', () => {
  it('makes folders as files need them, for nobody else to read', async () => {
    const disk = new NodeDisk(join(folder, 'audit'));
    await disk.write([
      ['tile/0/000.p/1', Buffer.from('a')],
      ['tile/0/000.p/2', Buffer.from('ab')],
    ]);
    expect(await disk.list()).toEqual(['tile/0/000.p/1', 'tile/0/000.p/2']);
    expect((await disk.read('tile/0/000.p/2'))?.toString()).toBe('ab');
    expect(statSync(join(folder, 'audit/tile/0')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'audit/tile/0/000.p/1')).mode & 0o777).toBe(0o600);
  });

  it('replaces a file and keeps the old one under another name', async () => {
    const disk = new NodeDisk(folder);
    for (const text of ['one', 'two', 'three']) {
      await disk.replace('checkpoint', Buffer.from(text), text === 'one' ? undefined : 'previous');
    }
    expect([readFileSync(join(folder, 'checkpoint'), 'utf8'), readFileSync(join(folder, 'previous'), 'utf8')]).toEqual([
      'three',
      'two',
    ]);
    expect(await disk.list()).toEqual(['checkpoint', 'previous']);
  });

  it('has nothing where there is no folder', async () => {
    const disk = new NodeDisk(join(folder, 'nowhere'));
    expect(await disk.list()).toEqual([]);
    expect(await disk.read('checkpoint')).toBeNull();
  });

  it('removes folders with all that is in them, and minds nothing that is gone', async () => {
    const disk = new NodeDisk(folder);
    await disk.write([['tile/0/000.p/1', Buffer.from('a')]]);
    await disk.remove(['tile/0/000.p', 'tile/0/001.p']);
    expect(await disk.list()).toEqual([]);
  });

  it('says why a file could not be written', async () => {
    writeFileSync(join(folder, 'tile'), 'a file where a folder should be');
    await expect(new NodeDisk(folder).write([['tile/0/000', Buffer.from('a')]])).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});

describe("a folder's lock", () => {
  it('keeps others out until it is given back', async () => {
    const release = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'audit-log-in-use' });
    await release();
    await (await lockFolder(folder))();
  });

  it('of a process that is gone is taken over', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(folder, 'lock'), `${pid} 12345\n`);
    await (await lockFolder(folder))();
  });

  it('of another process that has the number now is taken over', async () => {
    writeFileSync(join(folder, 'lock'), `${process.pid} 1\n`);
    await (await lockFolder(folder))();
  });

  it('that was cut short is taken over', async () => {
    writeFileSync(join(folder, 'lock'), '');
    await (await lockFolder(folder))();
  });
});
