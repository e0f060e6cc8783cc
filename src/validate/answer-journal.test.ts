import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AnswerJournal } from './answer-journal.js';
import type { CheckedItem } from './dataset/check-dataset.js';
import { always, bareItem } from './dataset/item.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-journal-'));
});
afterEach(() => rm(dir, { recursive: true }));

const item: CheckedItem = { ...bareItem('a.jpg', 'still'), sha256: '00', bytes: 1, width: 9, height: 9, seconds: 0 };
const answer = { file: 'a.jpg', sha256: '00' };

it('an interrupted run finds what it had answered, of the same file under the same labels', async () => {
  const path = join(dir, 'answers.jsonl');
  const journal = await AnswerJournal.open(path, { version: 1 });
  expect(journal.find(item)).toBeNull();
  await journal.add(item, answer);
  await appendFile(path, '["cut o');
  const again = await AnswerJournal.open(path, { version: 1 });
  expect(again.find(item)).toEqual(answer);
  expect(again.find({ ...item, sha256: '01' })).toBeNull();
  expect(again.find({ ...item, place: [always('lobby')] })).toBeNull();
  await again.remove();
  await expect(readFile(path)).rejects.toThrow();
});

it('what another version answered is not taken', async () => {
  const path = join(dir, 'answers.jsonl');
  await (await AnswerJournal.open(path, { version: 1 })).add(item, answer);
  expect((await AnswerJournal.open(path, { version: 2 })).find(item)).toBeNull();
});
