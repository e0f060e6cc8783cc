import type { Explanation } from './issue.js';

/** What came of reading a scalar that has a form of its own: its value, or why it has none. */
export type Reading<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Explanation);

export const refuse = (code: string, message: string, cure: string): Reading<never> => ({
  ok: false,
  code,
  message,
  cure,
});
