import { beforeAll, describe, expect, it } from 'vitest';
import { bigLog, eventNumber, makeKey } from './audit-log.fixture.js';
import { AuditLog } from './audit-log.js';
import { LogReader } from './log-reader.js';
import { MemoryDisk } from './memory-disk.fixture.js';
import { verifyConsistency } from './merkle/consistency.js';
import { hashLeaf } from './merkle/hash.js';
import { verifyInclusion } from './merkle/inclusion.js';
import { naiveConsistency, naiveInclusion, naiveRoot } from './merkle/naive.fixture.js';
import { parseInclusionNote, verifyInclusionNote } from './note/inclusion-note.js';

const key = makeKey();
const SIZE = 66_000;
let disk: MemoryDisk;
let log: AuditLog;
let reader: LogReader;
const entries: Buffer[] = [];
beforeAll(async () => {
  disk = await bigLog(SIZE, key);
  log = await AuditLog.open('audit', { key, disk });
  reader = log.reader();
  for await (const { bytes } of reader.entries()) entries.push(bytes);
});

describe('a log is read', () => {
  it('entry by entry, from and to anywhere', async () => {
    for (const [start, end] of [
      [0, 1],
      [250, 260],
      [65_530, 66_000],
      [5, 5],
    ] as const) {
      const found: number[] = [];
      for await (const { index, bytes } of reader.entries(start, end)) {
        expect(bytes).toEqual(entries[index]);
        found.push(index);
      }
      expect(found).toEqual(Array.from({ length: end - start }, (_, i) => start + i));
    }
  });

  it.each([0, 1, 255, 256, 300, 65_535, 65_536, 65_537, SIZE])(
    'at %d entries, with the head of that size',
    async (size) => {
      expect(await reader.root(size)).toEqual(naiveRoot(entries.slice(0, size)));
    },
  );

  it.each([
    [0, 1],
    [0, 66_000],
    [65_999, 66_000],
    [65_535, 65_537],
    [300, 1000],
  ])('with a proof that entry %d is among the first %d', async (index, size) => {
    const proof = await reader.inclusionProof(index, size);
    expect(proof.path).toEqual(naiveInclusion(index, entries.slice(0, size)));
    expect(proof.leafHash).toEqual(hashLeaf(entries[index]!));
    expect(verifyInclusion({ ...proof, root: await reader.root(size) }, proof.path)).toBe(true);
  });

  it.each([
    [1, 66_000],
    [256, 66_000],
    [65_536, 66_000],
    [300, 65_537],
    [7, 7],
  ])('with a proof that the first %d are the beginning of the first %d', async (first, second) => {
    const path = await reader.consistencyProof(first, second);
    expect(path).toEqual(naiveConsistency(first, entries.slice(0, second)));
    const heads = await Promise.all([first, second].map(async (size) => ({ size, root: await reader.root(size) })));
    expect(verifyConsistency(heads[0]!, heads[1]!, path)).toBe(true);
  });

  it('with a proof for a third party that has the key alone', async () => {
    const note = parseInclusionNote(Buffer.from(await reader.inclusionNote(12_345)))!;
    expect(verifyInclusionNote(note, hashLeaf(entries[12_345]!), key)).toBe(true);
    expect(verifyInclusionNote(note, hashLeaf(entries[12_346]!), key)).toBe(false);
  });

  it('as it was, also after it has grown over full tiles', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => log.append(eventNumber(SIZE + i))));
    expect(log.size).toBe(SIZE + 300);
    expect(await reader.root()).toEqual(naiveRoot(entries));
    expect((await reader.entry(SIZE - 1)).bytes).toEqual(entries.at(-1));
  });

  it.each([-1, 66_000, 0.5, Number.NaN])('but has no entry %d', async (index) => {
    await expect(reader.entry(index)).rejects.toThrow(RangeError);
    await expect(reader.inclusionProof(index)).rejects.toThrow(RangeError);
  });

  it.each([-1, 66_001, 0.5])('but never had %d entries', async (size) => {
    await expect(reader.root(size)).rejects.toThrow(RangeError);
    await expect(reader.consistencyProof(size)).rejects.toThrow(RangeError);
  });

  it('and says what is missing', async () => {
    const damaged = new MemoryDisk(disk.files);
    damaged.files.delete('tile/entries/002');
    damaged.files.delete('tile/0/003');
    const broken = new LogReader(damaged, SIZE, log.checkpoint);
    await expect(broken.entry(600)).rejects.toThrow(/entry 512 is missing/);
    await expect(broken.inclusionProof(800)).rejects.toThrow(/tile 3 of level 0 is missing/);
  });
});
