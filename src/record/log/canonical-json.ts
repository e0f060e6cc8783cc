import { VeilgateError } from '../../errors.js';

/** What JSON can say. A property that is `undefined` is as good as absent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Deeper than any event is; keeps a cycle from running forever. */
const MAX_DEPTH = 16;

/** Half of a character: UTF-8 cannot carry it. */
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * JSON in its one canonical spelling: keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes
 * them (RFC 8785). Equal values are equal bytes.
 *
 * @throws VeilgateError `not-json` for anything JSON cannot say (buffers, dates, NaN, lone surrogates), naming where it is.
 */
export function canonicalJson(value: Json): string {
  return write(value, '$', 0);
}

function write(value: Json | undefined, at: string, depth: number): string {
  if (depth > MAX_DEPTH) throw notJson(at, 'is nested too deeply');
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw notJson(at, 'is no finite number');
      return JSON.stringify(value);
    case 'string':
      if (LONE_SURROGATE.test(value)) throw notJson(at, 'holds half a character');
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, at, depth + 1);
    default:
      throw notJson(at, `is of type ${typeof value}`);
  }
}

function writeObject(value: object, at: string, depth: number): string {
  if (Array.isArray(value)) {
    return `[${value.map((item: Json, i) => write(item, `${at}[${i}]`, depth)).join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw notJson(at, `is a ${value.constructor.name}`);
  }
  const properties = Object.entries(value as Record<string, Json | undefined>)
    .filter(([, property]) => property !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, property]) => `${write(key, at, depth)}:${write(property, `${at}.${key}`, depth)}`);
  return `{${properties.join(',')}}`;
}

const notJson = (at: string, why: string): VeilgateError =>
  new VeilgateError('not-json', `${at} ${why}: an audit entry holds plain JSON values only.`);
