/** Reads what clients send by the schemas that document it, and says what is wrong in sentences. */
import type { z } from 'zod';
import { formatPath } from '../config/issue.js';
import { RequestError } from './failure.js';

/**
 * A request's body.
 *
 * @throws RequestError 422 `body-invalid`, naming every fault with its path
 */
export const readBody = <S extends z.ZodType>(schema: S, body: unknown): z.output<S> =>
  read(schema, body, 'body-invalid', 'The body cannot be used');

/**
 * The query of a request's target; a name that comes several times is a list.
 *
 * @throws RequestError 422 `query-invalid`, naming every fault with its path
 */
export const readQuery = <S extends z.ZodObject>(schema: S, target: string): z.output<S> => {
  const start = target.indexOf('?');
  // A map: names that come from a stranger are no keys of an object of ours.
  const values = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : target.slice(start))) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return read(schema, Object.fromEntries(values), 'query-invalid', 'The query cannot be used');
};

const read = <S extends z.ZodType>(schema: S, value: unknown, code: string, what: string): z.output<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // zod's sentences quote no values: what was sent may be a password.
  const problems = parsed.error.issues.slice(0, MAX_PROBLEMS).map((issue) => ({
    path: formatPath(issue.path.map((part) => (typeof part === 'number' ? part : shorten(String(part))))),
    code: issue.code,
    message: shorten(issue.message),
    cure: 'GET /openapi.json says what can stand here.',
  }));
  const number = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  throw new RequestError(422, code, `${what}: ${number}.`, problems);
};

/** The first faults usually explain the rest. */
const MAX_PROBLEMS = 20;

/** Names that were sent are told back, and may be of any length. */
const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);
