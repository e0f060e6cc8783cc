import { describe, expect, it } from 'vitest';
import { eventNumber, makeKey } from './audit-log.fixture.js';
import { AuditLog } from './audit-log.js';
import { MemoryDisk } from './memory-disk.fixture.js';
import { frameEntry } from './tiles/entry-bundle.js';
import { verifyLog } from './verify/verify-log.js';

type Files = ReadonlyMap<string, Buffer>;

const key = makeKey();
const open = (files: Files): Promise<{ log: AuditLog; disk: MemoryDisk }> => {
  const disk = new MemoryDisk(files);
  return AuditLog.open('audit', { key, disk }).then((log) => ({ log, disk }));
};

/** A log of one entry a commit, as a quiet site writes it. */
const writeLog = async (size: number): Promise<Files> => {
  const { log, disk } = await open(new Map());
  for (let i = 0; i < size; i++) await log.append(eventNumber(i));
  await log.close();
  return disk.files;
};

const kinds = async (log: AuditLog): Promise<string[]> => {
  const list: string[] = [];
  for await (const { entry } of log.reader().entries()) list.push(entry!.kind);
  return list;
};

const problems = async (disk: MemoryDisk): Promise<readonly unknown[]> =>
  (await verifyLog(disk, { key, earlier: [] })).problems;

const changed = (files: Files, path: string, bytes: Buffer | null): Files => {
  const copy = new Map(files);
  if (bytes === null) copy.delete(path);
  else copy.set(path, bytes);
  return copy;
};

describe('a log that a crash cut anywhere', () => {
  it('heals where a file of hashes is cut at any length, and says so', async () => {
    const files = await writeLog(5);
    const bytes = files.get('tile/0/000.p/5')!;
    for (let length = 0; length < bytes.length; length++) {
      const { log, disk } = await open(changed(files, 'tile/0/000.p/5', bytes.subarray(0, length)));
      expect(await kinds(log)).toEqual([...Array<string>(5).fill('state-transition'), 'log-healed']);
      expect(await problems(disk)).toEqual([]);
    }
  });

  it('heals where the checkpoint is cut at any length: nothing is lost, and it says so', async () => {
    const files = await writeLog(5);
    const bytes = files.get('checkpoint')!;
    for (let length = 0; length < bytes.length; length++) {
      const { log, disk } = await open(changed(files, 'checkpoint', bytes.subarray(0, length)));
      expect(await kinds(log)).toEqual([...Array<string>(5).fill('state-transition'), 'log-healed']);
      expect((await log.reader().entry(5)).entry!.data).toMatchObject({ from: 4, to: 5 });
      expect(await problems(disk)).toEqual([]);
    }
  });

  it('heals where the checkpoint before is cut at any length', async () => {
    const files = await writeLog(5);
    const bytes = files.get('checkpoint.previous')!;
    for (let length = 0; length < bytes.length; length++) {
      const { log, disk } = await open(changed(files, 'checkpoint.previous', bytes.subarray(0, length)));
      expect(log.size).toBe(5);
      await log.append(eventNumber(5));
      expect(await problems(disk)).toEqual([]);
    }
  });

  it('takes up only entries that follow those it knows, where the checkpoint is gone', async () => {
    const files = await writeLog(5);
    const alien = Buffer.concat(Array.from({ length: 9 }, () => frameEntry(Buffer.from('{}'))));
    const bare = changed(changed(files, 'checkpoint', null), 'tile/entries/000.p/9', alien);
    const { log } = await open(bare);
    expect(await kinds(log)).toEqual([...Array<string>(5).fill('state-transition'), 'log-healed']);
  });

  it('does not go on where acknowledged entries are gone, and verification names the first of them', async () => {
    const files = await writeLog(3);
    const bytes = files.get('tile/entries/000.p/3')!;
    for (let length = 0; length < bytes.length; length++) {
      const cut = changed(files, 'tile/entries/000.p/3', bytes.subarray(0, length));
      await expect(open(cut)).rejects.toMatchObject({ code: 'audit-log-damaged' });
      const { problems: found } = await verifyLog(new MemoryDisk(cut), { key, earlier: [] });
      expect(found[0]!.entry).toBe(Math.floor(length / (bytes.length / 3)));
    }
  });

  it('finishes a commit whose checkpoint was whole and only not in place', async () => {
    const [before, after] = [await writeLog(4), new MemoryDisk()];
    const disk = new MemoryDisk(before);
    const log = await AuditLog.open('audit', { key, disk });
    await log.append(eventNumber(4));
    for (const [path, bytes] of disk.files) after.files.set(path, bytes);
    after.files.set('checkpoint.next', disk.files.get('checkpoint')!);
    after.files.set('checkpoint', before.get('checkpoint')!);
    const healed = await open(after.files);
    expect(healed.log.size).toBe(5);
    expect(healed.log.checkpoint).toBe(log.checkpoint);
    expect(await healed.disk.list()).not.toContain('checkpoint.next');
  });

  it('is not rolled back by an old checkpoint that lies there as the next one', async () => {
    const [before, after] = [await writeLog(4), await writeLog(6)];
    const log = await AuditLog.open('audit', { key, disk: new MemoryDisk(before) });
    expect(log.size).toBe(4);
    const { log: opened } = await open(changed(after, 'checkpoint.next', after.get('checkpoint.previous')!));
    expect(opened.size).toBe(6);
  });

  it.each([
    ['a bundle', 'tile/entries/000.p/5'],
    ['a tile', 'tile/0/000.p/5'],
  ])('drops a commit of which %s did not reach the disk', async (_, missing) => {
    const before = await writeLog(4);
    const disk = new MemoryDisk(before);
    const log = await AuditLog.open('audit', { key, disk });
    await log.append(eventNumber(4));
    const crashed = new Map(disk.files);
    crashed.set('checkpoint.next', disk.files.get('checkpoint')!);
    crashed.set('checkpoint', before.get('checkpoint')!);
    crashed.set(missing, crashed.get(missing)!.subarray(0, 20));
    const healed = await open(crashed);
    expect(healed.log.size).toBe(4);
    expect(await healed.disk.list()).toEqual([...before.keys()].sort());
  });

  it('removes what lies beyond the checkpoint, so that it never comes back', async () => {
    const files = await writeLog(4);
    const torn = changed(files, 'tile/entries/000.p/200', Buffer.from('torn'));
    const { disk } = await open(changed(torn, 'tile/0/007', Buffer.alloc(8192)));
    expect(await disk.list()).toEqual([...files.keys()].sort());
  });
});

describe('a log that lost more than a crash takes', () => {
  it('computes missing full tiles anew, and says so', async () => {
    const { log, disk } = await open(new Map());
    await Promise.all(Array.from({ length: 600 }, (_, i) => log.append(eventNumber(i))));
    const healed = await open(changed(disk.files, 'tile/0/000', null));
    expect((await healed.log.reader().entry(600)).entry).toMatchObject({
      kind: 'log-healed',
      data: { from: 0, to: 600 },
    });
    expect(healed.disk.files.get('tile/0/000')).toEqual(disk.files.get('tile/0/000'));
    expect(await problems(healed.disk)).toEqual([]);
  });

  it('computes a tile above the leaves anew that is not what they come to', async () => {
    const { log, disk } = await open(new Map());
    await Promise.all(Array.from({ length: 600 }, (_, i) => log.append(eventNumber(i))));
    const healed = await open(changed(disk.files, 'tile/1/000.p/2', Buffer.alloc(64)));
    expect(healed.log.size).toBe(601);
    expect(await problems(healed.disk)).toEqual([]);
  });

  it('is not begun anew where entries lie there without any checkpoint', async () => {
    const files = await writeLog(3);
    const bare = changed(changed(files, 'checkpoint', null), 'checkpoint.previous', null);
    await expect(open(bare)).rejects.toMatchObject({ code: 'audit-log-damaged' });
  });

  it('is not gone on with where its checkpoint carries a forged signature', async () => {
    const files = await writeLog(3);
    const text = files.get('checkpoint')!.toString();
    const forged = text.replace(/\n3\n/, '\n2\n');
    await expect(open(changed(files, 'checkpoint', Buffer.from(forged)))).rejects.toMatchObject({
      code: 'audit-log-foreign',
    });
  });
});
