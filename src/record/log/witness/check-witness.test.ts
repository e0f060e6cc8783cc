import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNumber, makeKey } from '../audit-log.fixture.js';
import { AuditLog } from '../audit-log.js';
import { MemoryDisk } from '../memory-disk.fixture.js';
import { EMPTY_ROOT } from '../merkle/hash.js';
import { signNote } from '../note/signed-note.js';
import { checkWitness } from './check-witness.js';
import { openWitness } from './open-witness.js';
import type { Witness } from './witness.js';

const key = makeKey();
let folder: string;
let witness: Witness;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veilgate-witness-'));
  witness = openWitness(join(folder, 'elsewhere', 'checkpoint'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const writeLog = async (numbers: readonly number[], disk = new MemoryDisk()) => {
  const log = await AuditLog.open('audit', { key, disk });
  await Promise.all(numbers.map((n) => log.append(eventNumber(n))));
  return log;
};

describe('a log and its witness', () => {
  it('agree where the log has grown since', async () => {
    const disk = new MemoryDisk();
    const log = await writeLog([0, 1, 2], disk);
    await witness.publish(log.checkpoint);
    await Promise.all([3, 4].map((n) => log.append(eventNumber(n))));
    expect(await checkWitness(log.reader(), witness, key)).toBe(3);
  });

  it('do not know each other where the witness has seen nothing', async () => {
    expect(await checkWitness((await writeLog([0])).reader(), witness, key)).toBeNull();
  });

  it('disagree where the log was rolled back', async () => {
    await witness.publish((await writeLog([0, 1, 2])).checkpoint);
    await expect(checkWitness((await writeLog([0, 1])).reader(), witness, key)).rejects.toMatchObject({
      code: 'audit-log-rolled-back',
      message: expect.stringMatching(/saw 3 entries, and there are 2/),
    });
  });

  it('disagree where the log has another past, of any length', async () => {
    await witness.publish((await writeLog([0, 1, 2])).checkpoint);
    for (const numbers of [
      [0, 1, 9],
      [0, 9, 2, 3, 4],
    ]) {
      await expect(checkWitness((await writeLog(numbers)).reader(), witness, key)).rejects.toMatchObject({
        code: 'audit-log-rolled-back',
      });
    }
  });

  it('disagree where one of them is of another key', async () => {
    await witness.publish((await writeLog([0])).checkpoint);
    const other = makeKey();
    const log = await AuditLog.open('audit', { key: other, disk: new MemoryDisk() });
    await expect(checkWitness(log.reader(), witness, other)).rejects.toMatchObject({ code: 'witness-foreign' });
  });

  it('disagree where what the witness has is of another log of the same key, or no checkpoint', async () => {
    const log = await writeLog([0]);
    for (const text of [signNote(`another.example\n0\n${EMPTY_ROOT.toString('base64')}\n`, key), 'gone']) {
      await witness.publish(text);
      await expect(checkWitness(log.reader(), witness, key)).rejects.toMatchObject({ code: 'witness-foreign' });
    }
  });
});
