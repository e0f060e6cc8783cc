import type { Explanation, Path } from './issue.js';
import { isSensitive, nameOf } from './quote.js';

/** Explains a value of the wrong type; `expected` is zod's name of the right one. */
export const describeType = (expected: string, path: Path, value: unknown): Explanation => {
  const found = nameOf(value, path);
  const wrong = (needed: string, cure: string): Explanation => ({
    code: 'wrong-type',
    message: `${found} stands where ${needed} is needed.`,
    cure,
  });
  const cutShort = value === null ? ' The file may have been cut short here.' : '';
  switch (expected) {
    case 'string':
      return wrong('a text', cureForText(path, value));
    case 'boolean':
      return wrong('true or false', cureForBoolean(value));
    case 'number':
      return wrong('a number', cureForNumber(value));
    case 'int':
      return wrong('a whole number', cureForNumber(value));
    case 'tuple':
      return wrong('a point', 'Write a point as [x, y], such as [0.1, 0.25].');
    case 'array':
      return wrong('a list', `Write a list: entries that begin with "- ", or [...].${cutShort}`);
    default:
      return wrong('a group of keys', `Write its keys below, indented, or { key: value }.${cutShort}`);
  }
};

const cureForText = (path: Path, value: unknown): string => {
  if (value === null || typeof value === 'object') return 'Write a text.';
  return isSensitive(path) ? 'Put it in quotes.' : `Put it in quotes: "${value}".`;
};

const cureForBoolean = (value: unknown): string => {
  if (/^(?:yes|on|y|true)$/i.test(String(value))) return 'Write true, without quotes.';
  if (/^(?:no|off|n|false)$/i.test(String(value))) return 'Write false, without quotes.';
  return 'Write true or false.';
};

const cureForNumber = (value: unknown): string => {
  if (typeof value === 'number') return Number.isFinite(value) ? `Write ${Math.round(value)}.` : 'Write a number.';
  const text = typeof value === 'string' ? value.trim() : '';
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) return `Write ${Number((Number(percent) / 100).toPrecision(4))} instead of ${percent} %.`;
  return text !== '' && Number.isFinite(Number(text)) ? 'Remove the quotes.' : 'Write a number.';
};
