import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventNumber, makeKey } from './audit-log.fixture.js';
import { AuditLog, type Receipt } from './audit-log.js';
import { MemoryDisk, PowerCut } from './memory-disk.fixture.js';
import { parseCheckpoint } from './note/checkpoint.js';
import { checkSignature } from './note/signed-note.js';
import { verifyLog } from './verify/verify-log.js';

const key = makeKey();
const NOON = new Date('2026-03-01T12:00:00Z');
const open = (disk: MemoryDisk, with_ = key): Promise<AuditLog> =>
  AuditLog.open('audit', { key: with_, disk, now: () => NOON });

const appendMany = (log: AuditLog, from: number, to: number): Promise<Receipt[]> =>
  Promise.all(Array.from({ length: to - from }, (_, i) => log.append(eventNumber(from + i))));

const texts = async (log: AuditLog): Promise<string[]> => {
  const list: string[] = [];
  for await (const { bytes } of log.reader().entries()) list.push(bytes.toString());
  return list;
};

const reasons = async (log: AuditLog): Promise<string[]> =>
  (await texts(log)).map((text) => (JSON.parse(text) as { data: { reason?: string } }).data.reason ?? text);

describe('an audit log', () => {
  it('begins empty, with a signed checkpoint of nothing', async () => {
    const log = await open(new MemoryDisk());
    expect(log.size).toBe(0);
    const checkpoint = parseCheckpoint(Buffer.from(log.checkpoint))!;
    expect(checkpoint).toMatchObject({ origin: key.name, size: 0 });
    expect(checkSignature(checkpoint.note, key)).toBe('signed');
  });

  it('numbers entries in the order of the calls, and holds them as canonical JSON', async () => {
    const log = await open(new MemoryDisk());
    const receipts = await appendMany(log, 0, 3);
    expect(receipts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect((await texts(log))[1]).toBe(
      '{"actor":"system","camera":"camera-1","data":{"from":"starting","reason":"the 1th frame","to":"masked"},"kind":"state-transition","time":"2026-03-01T12:00:00.000Z"}',
    );
  });

  it('signs entries that came together with one checkpoint', async () => {
    const disk = new MemoryDisk();
    const checkpoints: string[] = [];
    const log = await AuditLog.open('audit', { key, disk, onCheckpoint: (text) => checkpoints.push(text) });
    await appendMany(log, 0, 500);
    expect(checkpoints).toEqual([log.checkpoint]);
    expect(parseCheckpoint(Buffer.from(log.checkpoint))!.size).toBe(500);
  });

  it('lies on the disk as tlog-tiles does', async () => {
    const disk = new MemoryDisk();
    const log = await open(disk);
    await appendMany(log, 0, 300);
    expect(await disk.list()).toEqual([
      'checkpoint',
      'checkpoint.previous',
      'tile/0/000',
      'tile/0/001.p/44',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/44',
      'vkey',
    ]);
  });

  it('keeps the partial tiles of earlier checkpoints until the full one is there', async () => {
    const disk = new MemoryDisk();
    const log = await open(disk);
    for (let i = 0; i < 3; i++) await log.append(eventNumber(i));
    expect(await disk.list()).toEqual(expect.arrayContaining(['tile/0/000.p/1', 'tile/entries/000.p/2']));
    await appendMany(log, 3, 256);
    expect((await disk.list()).filter((path) => path.includes('000.p'))).toEqual(['tile/1/000.p/1']);
  });

  it('goes on where it was', async () => {
    const disk = new MemoryDisk();
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 256],
      [256, 257],
      [257, 700],
    ] as const) {
      const log = await open(disk);
      expect(log.size).toBe(from);
      await appendMany(log, from, to);
      await log.close();
    }
    const log = await open(disk);
    expect(await reasons(log)).toEqual(Array.from({ length: 700 }, (_, i) => `the ${i}th frame`));
  });

  it('takes nothing more once closed, and writes what waits', async () => {
    const log = await open(new MemoryDisk());
    const waiting = log.append(eventNumber(0));
    await log.close();
    expect(await waiting).toMatchObject({ index: 0 });
    await expect(log.append(eventNumber(1))).rejects.toMatchObject({ code: 'audit-log-closed' });
  });

  it('refuses more than the disk could ever take up', async () => {
    const log = await open(new MemoryDisk());
    const results = await Promise.allSettled(Array.from({ length: 10_300 }, (_, i) => log.append(eventNumber(i))));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(60);
    expect(refused[0]).toMatchObject({ reason: { code: 'audit-log-overloaded' } });
    expect(log.size).toBe(10_240);
  });

  it('does not acknowledge what a full disk did not take, and goes on once there is room', async () => {
    const disk = new MemoryDisk();
    const log = await open(disk);
    await appendMany(log, 0, 5);
    disk.isFull = true;
    await expect(log.append(eventNumber(5))).rejects.toMatchObject({ code: 'audit-write-failed' });
    await expect(log.append(eventNumber(6))).rejects.toMatchObject({ code: 'audit-write-failed' });
    disk.isFull = false;
    expect(await log.append(eventNumber(7))).toMatchObject({ index: 5 });
    expect((await reasons(log)).at(-1)).toBe('the 7th frame');
    await log.close();
    expect((await open(disk)).size).toBe(6);
  });

  it('leaves nothing behind of what a disk took half', async () => {
    const disk = new MemoryDisk();
    const log = await open(disk);
    await appendMany(log, 0, 5);
    disk.budget = disk.used + 3_000;
    const halfway = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => log.append(eventNumber(5 + i))));
    expect(halfway.every(({ status }) => status === 'rejected')).toBe(true);
    disk.budget = Number.POSITIVE_INFINITY;
    await log.append(eventNumber(5));
    expect(await verifyLog(disk, { key, earlier: [] })).toMatchObject({ problems: [], notes: [] });
  });

  it("does not go on with another key's log", async () => {
    const disk = new MemoryDisk();
    await appendMany(await open(disk), 0, 3);
    await expect(open(disk, makeKey())).rejects.toMatchObject({ code: 'audit-log-foreign' });
    await expect(open(disk, makeKey('another.example'))).rejects.toMatchObject({ code: 'audit-log-foreign' });
  });

  it('notices that it was rolled back while it ran', async () => {
    const disk = new MemoryDisk();
    const log = await open(disk);
    await appendMany(log, 0, 3);
    const old = new Map(disk.files);
    await appendMany(log, 3, 6);
    disk.files.clear();
    for (const [path, bytes] of old) disk.files.set(path, bytes);
    await expect(log.append(eventNumber(6))).rejects.toMatchObject({ code: 'audit-log-rolled-back' });
    await expect(log.append(eventNumber(7))).rejects.toMatchObject({ code: 'audit-log-rolled-back' });
  });

  it('notices that another process has written it', async () => {
    const disk = new MemoryDisk();
    const [one, other] = [await open(disk), await open(disk)];
    await one.append(eventNumber(0));
    // Begins with what it knows: nothing is lost, and both histories are one.
    expect(await other.append(eventNumber(1))).toMatchObject({ index: 1 });
    expect(await reasons(other)).toEqual(['the 0th frame', 'the 1th frame']);
  });
});

describe('after a crash at any byte', () => {
  /** Appends in bursts to a log of `before` entries until the power goes; says what was acknowledged. */
  const run = async (start: ReadonlyMap<string, Buffer>, before: number, salt: number, budget: number) => {
    const disk = new MemoryDisk(start, (files) => files.toSorted((a, b) => order(a[0], salt) - order(b[0], salt)));
    disk.budget = budget;
    let acknowledged = before;
    const log = await open(disk);
    for (let next = before, burst = 1; burst <= 9; next += burst, burst += 4) {
      const wave = Array.from({ length: burst }, (_, i) => log.append(eventNumber(next + i)));
      for (const { status } of await Promise.allSettled(wave)) if (status === 'fulfilled') acknowledged += 1;
    }
    return { disk, acknowledged };
  };
  /** An order of names that is another for each salt. */
  const order = (path: string, salt: number): number => {
    let value = salt;
    for (const character of path) value = (value * 31 + character.charCodeAt(0)) >>> 0;
    return value;
  };
  const starts = new Map<number, { files: ReadonlyMap<string, Buffer>; cost: number }>();
  beforeAll(async () => {
    for (const before of [0, 3, 250, 254]) {
      const disk = new MemoryDisk();
      await appendMany(await open(disk), 0, before);
      const whole = await run(disk.files, before, 0, Number.POSITIVE_INFINITY);
      starts.set(before, { files: disk.files, cost: whole.disk.used });
    }
  });

  it('and another one while it heals, nothing acknowledged is lost, nothing is torn, and the log goes on', async () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(part, part, fc.constantFrom(...starts.keys()), fc.nat(), async (at, again, before, salt) => {
        const { files, cost } = starts.get(before)!;
        const { disk, acknowledged } = await run(files, before, salt, at * cost);
        const healing = new MemoryDisk(disk.files);
        healing.budget = again * 20;
        await open(healing).catch((error: unknown) => expect(error).toBeInstanceOf(PowerCut));
        expect(await verifyLog(healing, { key, earlier: [] })).toMatchObject({ problems: [] });

        const log = await open(new MemoryDisk(healing.files));
        const found = await reasons(log);
        expect(found.length).toBeGreaterThanOrEqual(acknowledged);
        expect(found).toEqual(found.map((_, i) => `the ${i}th frame`));
        await appendMany(log, found.length, found.length + 10);
        expect(log.size).toBe(found.length + 10);
      }),
      { numRuns: 200 },
    );
  });
});
