import type { CheckedItem } from '../dataset/check-dataset.js';
import type { Answer } from './answer.js';

/** A model that took part. */
export interface UsedModel {
  readonly name: string;
  readonly task: string;
  readonly sha256: string;
}

/** A number that decisions hang on, and where it came from: never the data that is validated. */
export interface UsedThreshold {
  readonly what: string;
  readonly value: number;
  readonly from: string;
}

/** One part of the product, put to the test as it runs in production. */
export interface Subject extends AsyncDisposable {
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  /** @param path absolute @param onProgress share of the file that is done, 0..1 */
  measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>>;
}

/** What can be asked of a dataset. */
export const QUESTIONS = ['place', 'mask', 'view', 'people', 'objects', 'sign'] as const;
export type Question = (typeof QUESTIONS)[number];

/** Whether a file says something that the question can be compared with. */
export const asks: Record<Question, (item: CheckedItem) => boolean> = {
  place: ({ place }) => place.length > 0,
  mask: ({ masks }) => masks.length > 0,
  view: ({ kind, view }) => kind === 'clip' && view !== null,
  people: ({ kind, people }) => kind === 'clip' && people !== null,
  objects: ({ objects }) => objects !== null,
  sign: ({ sign }) => sign.length > 0,
};
