import type { CheckedItem } from '../dataset/check-dataset.js';
import type { Answer } from '../subjects/answer.js';

/** One file, what is true of it and what was said of it. */
export interface Answered {
  readonly item: CheckedItem;
  readonly answer: Answer;
}

/** More values of a condition than this are no condition but a name. */
const MOST_VALUES = 12;

/** Scores of parts of the dataset: by tag, then by its value. */
export type ByCondition<T> = Record<string, Record<string, T>>;

/** The same score for each value of each tag that any file bears. */
export function byCondition<T>(answered: readonly Answered[], score: (part: readonly Answered[]) => T): ByCondition<T> {
  const tags = [...new Set(answered.flatMap(({ item }) => Object.keys(item.tags)))].sort();
  const result: ByCondition<T> = {};
  for (const tag of tags) {
    const values = [...new Set(answered.flatMap(({ item }) => item.tags[tag] ?? []))].sort();
    if (values.length > MOST_VALUES) continue;
    result[tag] = Object.fromEntries(
      values.map((value) => [value, score(answered.filter(({ item }) => item.tags[tag] === value))]),
    );
  }
  return result;
}
