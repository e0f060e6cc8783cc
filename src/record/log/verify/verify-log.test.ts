import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bigLog, eventNumber, makeKey } from '../audit-log.fixture.js';
import { AuditLog } from '../audit-log.js';
import { MemoryDisk } from '../memory-disk.fixture.js';
import { hashLeaf } from '../merkle/hash.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { frameEntry, readBundle } from '../tiles/entry-bundle.js';
import { type EarlierCheckpoint, type Verdict, verifyLog } from './verify-log.js';

type Files = Map<string, Buffer>;

const key = makeKey();

/** A log of `size` entries, written in commits of at most 200. */
const writeLog = async (size: number, by = key, files: Files = new Map()): Promise<Files> => {
  const disk = new MemoryDisk(files);
  const log = await AuditLog.open('audit', { key: by, disk });
  while (log.size < size) {
    const [from, to] = [log.size, Math.min(size, log.size + 200)];
    await Promise.all(Array.from({ length: to - from }, (_, i) => log.append(eventNumber(from + i))));
  }
  await log.close();
  return disk.files;
};

const verify = (files: Files, earlier: readonly EarlierCheckpoint[] = [], by: typeof key | null = key) =>
  verifyLog(new MemoryDisk(files), { key: by, earlier });

const checkpointOf = (files: Files): EarlierCheckpoint => ({
  source: 'then',
  checkpoint: parseCheckpoint(files.get('checkpoint')!)!,
});

const firstEntry = ({ problems }: Verdict): number | undefined =>
  problems.flatMap(({ entry }) => (entry === null ? [] : [entry]))[0];

/** Rewrites one bundle as a list of entries. */
const edit = (files: Files, path: string, change: (entries: Buffer[]) => void): void => {
  const entries = readBundle(files.get(path)!, 256).entries.map((entry) => Buffer.from(entry));
  change(entries);
  files.set(path, Buffer.concat(entries.map(frameEntry)));
};

/** Which bundle an entry is in. */
const bundleOf = (files: Files, index: number): string => {
  const full = `tile/entries/${String(Math.floor(index / 256)).padStart(3, '0')}`;
  if (files.has(full)) return full;
  const widths = [...files.keys()]
    .filter((path) => path.startsWith(`${full}.p/`))
    .map((path) => Number(path.split('/').at(-1)));
  return `${full}.p/${Math.max(...widths)}`;
};

const SIZE = 700;
let original: Files;
let copy: Files;
beforeAll(async () => {
  original = await writeLog(SIZE);
});

describe('an untouched log', () => {
  it.each([0, 1, 2, 255, 256, 257, 600])('of %d entries is consistent and signed', async (size) => {
    const verdict = await verify(await writeLog(size));
    expect(verdict).toMatchObject({ problems: [], notes: [], checkpoint: { size } });
    expect(verdict.signer).toBe(key);
  });

  it('written entry by entry, with partial tiles left lying, is consistent', async () => {
    const disk = new MemoryDisk();
    const log = await AuditLog.open('audit', { key, disk });
    for (let i = 0; i < 300; i++) await log.append(eventNumber(i));
    expect(await verify(disk.files)).toMatchObject({ problems: [], notes: [] });
  });

  it('is consistent with what it was, and its signer not proven without a key', async () => {
    const before = await writeLog(300);
    const after = await writeLog(SIZE, key, before);
    expect(await verify(after, [checkpointOf(before)], null)).toMatchObject({ problems: [], signer: null });
  });

  it('that is written meanwhile is consistent, whatever was read before and after', async () => {
    const before = await writeLog(250);
    let reads = 0;
    /** Grows by three commits in front of its n-th reading, over the end of a tile. */
    const growing = async (n: number): Promise<Verdict> => {
      const disk = new MemoryDisk(before);
      const log = await AuditLog.open('audit', { key, disk });
      reads = 0;
      const grow = async (): Promise<void> => {
        if (++reads !== n) return;
        for (let i = 0; i < 3; i++) await Promise.all([0, 1, 2, 3].map((at) => log.append(eventNumber(at))));
      };
      const reader = {
        read: async (path: string) => grow().then(() => disk.read(path)),
        list: () => disk.list(),
      };
      return verifyLog(reader, { key, earlier: [] });
    };
    await growing(0);
    const readsOfQuiet = reads;
    expect(readsOfQuiet).toBeGreaterThan(5);
    for (let n = 1; n <= readsOfQuiet; n++) expect((await growing(n)).problems, `in front of reading ${n}`).toEqual([]);
  });

  it('that a crash left is consistent, with a note', async () => {
    const files = await writeLog(10);
    files.set('tile/entries/000.p/12', Buffer.concat([files.get('tile/entries/000.p/10')!, Buffer.from('\0\x05half')]));
    files.set('checkpoint.next', Buffer.from('example'));
    const verdict = await verify(files);
    expect(verdict.problems).toEqual([]);
    expect(verdict.notes).toEqual([expect.stringMatching(/000\.p\/12: after the last checkpoint/)]);
  });
});

describe('tampering is found', () => {
  const index = fc.integer({ min: 0, max: SIZE - 1 });
  const check = <T>(property: fc.IAsyncProperty<T>): Promise<void> => fc.assert(property, { numRuns: 60 });
  const reset = (): void => {
    copy = new Map([...original].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  };

  it('where a bit of any file is flipped', async () => {
    const paths = [...original.keys()];
    await fc.assert(
      fc
        .asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, at) => {
          const bytes = copy.get(path)!;
          bytes[(at >> 3) % bytes.length]! ^= 1 << (at & 7);
          expect((await verify(copy)).problems).not.toEqual([]);
        })
        .beforeEach(reset),
      { numRuns: 300 },
    );
  });

  it('where an entry is altered, and the entry is named', () =>
    check(
      fc
        .asyncProperty(index, fc.nat(), async (at, bit) => {
          edit(copy, bundleOf(copy, at), (entries) => {
            const entry = entries[at % 256]!;
            entry[(bit >> 3) % entry.length]! ^= 1 << (bit & 7);
          });
          const verdict = await verify(copy);
          expect(firstEntry(verdict)).toBe(at);
          expect(verdict.problems[0]!.message).toMatch(`Entry ${at} is not the one whose hash was recorded`);
        })
        .beforeEach(reset),
    ));

  it('where an entry is deleted, and the entry is named', () =>
    check(
      fc
        .asyncProperty(index, async (at) => {
          edit(copy, bundleOf(copy, at), (entries) => entries.splice(at % 256, 1));
          const verdict = await verify(copy);
          expect(firstEntry(verdict)).toBe(at);
          expect(verdict.problems[0]!.message).toMatch(/was deleted|is missing/);
        })
        .beforeEach(reset),
    ));

  it('where an entry is inserted, and its place is named', () =>
    check(
      fc
        .asyncProperty(index, async (at) => {
          edit(copy, bundleOf(copy, at), (entries) => entries.splice(at % 256, 0, Buffer.from('{}')));
          const verdict = await verify(copy);
          expect(firstEntry(verdict)).toBe(at);
          expect(verdict.problems[0]!.message).toMatch(/was inserted|is not the one/);
        })
        .beforeEach(reset),
    ));

  it('where an entry is added after the last', async () => {
    reset();
    edit(copy, bundleOf(copy, SIZE - 1), (entries) => entries.push(Buffer.from('{}')));
    expect((await verify(copy)).problems).toEqual([
      { entry: SIZE, message: expect.stringMatching(/more than the checkpoint signs/) },
    ]);
  });

  it('where entries change places, and the first of them is named', () =>
    check(
      fc
        .asyncProperty(index, index, async (a, b) => {
          const [first, second] = [Math.min(a, b), Math.max(a, b)];
          fc.pre(first !== second);
          const [early, late] = [bundleOf(copy, first), bundleOf(copy, second)];
          const entryAt = (path: string, at: number) =>
            Buffer.from(readBundle(copy.get(path)!, 256).entries[at % 256]!);
          const [x, y] = [entryAt(early, first), entryAt(late, second)];
          edit(copy, early, (entries) => entries.splice(first % 256, 1, y));
          edit(copy, late, (entries) => entries.splice(second % 256, 1, x));
          expect(firstEntry(await verify(copy))).toBe(first);
        })
        .beforeEach(reset),
    ));

  it('where a file is cut at any length', async () => {
    const paths = [...original.keys()].filter((path) => path.startsWith('tile/') || path === 'checkpoint');
    await fc.assert(
      fc
        .asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, length) => {
          const bytes = copy.get(path)!;
          copy.set(path, bytes.subarray(0, length % bytes.length));
          expect((await verify(copy)).problems).not.toEqual([]);
        })
        .beforeEach(reset),
      { numRuns: 150 },
    );
  });

  it('where any file of the tree is deleted', async () => {
    for (const path of original.keys()) {
      if (!path.startsWith('tile/') && path !== 'checkpoint') continue;
      // A narrower tile that the full one has replaced is needed by nobody.
      if (/\.p\//.test(path) && ![bundleOf(original, SIZE - 1), 'tile/0/002.p/188', 'tile/1/000.p/2'].includes(path))
        continue;
      reset();
      copy.delete(path);
      expect((await verify(copy)).problems, path).not.toEqual([]);
    }
  });

  it('where the last bundle is cut off, and the first entry that is gone is named', async () => {
    reset();
    copy.delete(bundleOf(copy, SIZE - 1));
    expect(firstEntry(await verify(copy))).toBe(512);
  });

  it('where the log is rolled back to what it was', async () => {
    const before = await writeLog(300);
    const verdict = await verify(before, [checkpointOf(original)]);
    expect(firstEntry(verdict)).toBe(300);
    expect(verdict.problems[0]!.message).toMatch('rolled back: it had 700 entries (then), now it has 300');
  });

  it('where the log is rolled back and grows another way', async () => {
    const before = await writeLog(300);
    const disk = new MemoryDisk(before);
    const log = await AuditLog.open('audit', { key, disk });
    await Promise.all(Array.from({ length: 500 }, (_, i) => log.append(eventNumber(9_000 + i))));
    const verdict = await verify(disk.files, [checkpointOf(original), checkpointOf(before)]);
    expect(verdict.problems).toEqual([
      {
        entry: null,
        message: expect.stringMatching(/past was rewritten: the first 700 .* they differ, from entry 300 on/),
      },
    ]);
  });

  it('where the log was made anew with another key, and the old key is given', async () => {
    const forged = await writeLog(SIZE, makeKey(key.name));
    expect((await verify(forged)).problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/own vkey is another key/),
        expect.stringMatching(/The checkpoint is not signed by example.org\/site \(SHA256:/),
      ]),
    );
    forged.delete('vkey');
    expect((await verify(forged)).problems).not.toEqual([]);
    // Nobody can tell without the key.
    expect(await verify(forged, [], null)).toMatchObject({ problems: [], signer: null });
  });

  it("where it is another log's, of the same key or not", async () => {
    const elsewhere = await writeLog(3, makeKey('another.example'));
    expect((await verify(elsewhere)).problems.map(({ message }) => message)).toContain(
      'The checkpoint is of the log another.example; the key is of example.org/site.',
    );
    expect((await verify(original, [checkpointOf(elsewhere)])).problems.map(({ message }) => message)).toContain(
      'The checkpoint of then is of another log: another.example, not example.org/site.',
    );
  });

  it('where an entry and its hash are altered together: the tile above tells which 256 entries it is in', async () => {
    reset();
    edit(copy, 'tile/entries/001', (entries) => entries.splice(10, 1, Buffer.from('{}')));
    hashLeaf(Buffer.from('{}')).copy(copy.get('tile/0/001')!, 10 * 32);
    const { problems } = await verify(copy);
    expect(problems).toEqual([
      { entry: 256, message: expect.stringMatching(/^tile\/1\/000\.p\/2 .*one of entries 256 to 511 was altered/) },
    ]);
  });

  it('where a full tile high above the leaves is altered', async () => {
    const { files } = await bigLog(66_000, key);
    expect((await verify(files)).problems).toEqual([]);
    files.get('tile/1/000')![255 * 32]! ^= 1;
    expect((await verify(files)).problems).toEqual([
      {
        entry: 65_280,
        message: expect.stringMatching(/^tile\/1\/000 .* entries 65280 to 65535: the entries are as signed/),
      },
    ]);
  });

  it('where everything but the signature is computed anew', async () => {
    const other = await writeLog(SIZE, key, await writeLog(650, key, new Map()));
    const disk = new MemoryDisk();
    const log = await AuditLog.open('audit', { key: makeKey(key.name), disk });
    await Promise.all(Array.from({ length: SIZE }, (_, i) => log.append(eventNumber(i === 3 ? 999 : i))));
    for (const name of ['checkpoint', 'checkpoint.previous', 'vkey']) disk.files.set(name, other.get(name)!);
    expect((await verify(disk.files)).problems).not.toEqual([]);
    disk.files.delete('checkpoint.previous');
    expect((await verify(disk.files)).problems).toEqual([
      { entry: null, message: expect.stringMatching(/signs another tree than the 700 entries/) },
    ]);
  });

  it('where a tile alone is altered, the entries are said to be as signed', async () => {
    reset();
    copy.get('tile/0/001')![40]! ^= 1;
    const { problems } = await verify(copy);
    expect(problems).toEqual([{ entry: 257, message: expect.stringMatching(/as signed.*tile\/0\/001/) }]);
  });
});
