import { VeilgateError } from '../errors.js';
import type { AnswerJournal } from './answer-journal.js';
import { absolutePath, type CheckedDataset, type CheckedItem } from './dataset/check-dataset.js';
import type { Answer } from './subjects/answer.js';
import { asks, type Question, type Subject } from './subjects/subject.js';

/** What a second of a clip takes, in still pictures. */
const STILLS_A_SECOND = 5;

export interface AnswerProgress {
  /** Of all the work, 0..1. */
  readonly share: number;
  readonly files: number;
  readonly total: number;
}

/** Puts every file of a dataset to the product, one after the other, in the order of their paths. Answers that are there are taken. */
export async function answerAll(
  { items, root }: CheckedDataset,
  subjects: ReadonlyMap<Question, Subject>,
  journal: AnswerJournal,
  { onProgress, signal }: { readonly onProgress: (progress: AnswerProgress) => void; readonly signal?: AbortSignal },
): Promise<{ readonly answers: readonly Answer[]; readonly resumed: number }> {
  const whole = items.reduce((sum, item) => sum + workOf(item), 0);
  const answers: Answer[] = [];
  let [done, resumed] = [0, 0];
  for (const item of items) {
    if (signal?.aborted)
      throw new VeilgateError('interrupted', 'Interrupted. The same command goes on where it stopped.');
    const known = journal.find(item);
    if (known) resumed++;
    const say = (share: number): void =>
      onProgress({ share: (done + share * workOf(item)) / whole, files: answers.length, total: items.length });
    const answer = known ?? (await answerOne(item, absolutePath(root, item), subjects, say));
    if (!known) await journal.add(item, answer);
    answers.push(answer);
    done += workOf(item);
    onProgress({ share: done / whole, files: answers.length, total: items.length });
  }
  return { answers, resumed };
}

const workOf = ({ seconds }: CheckedItem): number => 1 + seconds * STILLS_A_SECOND;

async function answerOne(
  item: CheckedItem,
  path: string,
  subjects: ReadonlyMap<Question, Subject>,
  onProgress: (share: number) => void,
): Promise<Answer> {
  const asked = [...subjects].filter(([question]) => asks[question](item));
  let answer: Answer = { file: item.file, sha256: item.sha256 };
  try {
    for (const [i, [, subject]] of asked.entries()) {
      const part = await subject.measure(item, path, (share) => onProgress((i + share) / asked.length));
      answer = { ...answer, ...part };
    }
  } catch (error) {
    // A file that fails half-way is named in the report; the others count.
    answer = { ...answer, failure: (error as Error).message };
  }
  return answer;
}
