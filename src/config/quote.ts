import type { Path } from './issue.js';

/** As much of a value as fits into a sentence. */
const MAX_QUOTE = 40;

/** The value in quotes, cut short where it is long. */
export const quote = (value: unknown): string => {
  const text = String(value);
  return JSON.stringify(text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}...` : text);
};

/** Whether what stands at `path` may hold a password, so that no message may quote it. */
export const isSensitive = (path: Path): boolean =>
  path.some((part) => part === 'source' || part === 'publish' || part === 'password' || part === 'rtspUsers');

/** A value, named so that a person recognises it: `The number 5`, `A list`. What may be secret is named by its type alone. */
export const nameOf = (value: unknown, path: Path): string => {
  if (value === null || value === undefined) return 'Nothing';
  if (Array.isArray(value)) return 'A list';
  if (typeof value === 'object') return 'A group of keys';
  if (isSensitive(path)) return typeof value === 'string' ? 'The text' : `A ${typeof value}`;
  switch (typeof value) {
    case 'string':
      return `The text ${quote(value)}`;
    case 'number':
      return `The number ${value}`;
    default:
      return `The value ${value}`;
  }
};
