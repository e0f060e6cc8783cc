/** From zod's issues to sentences that a person can act on. */
import type { z } from 'zod';
import { describeBound } from './explain-bound.js';
import { describeType } from './explain-type.js';
import { type Explanation, formatPath, type Issue, type Path, valueAt } from './issue.js';
import { knownKeys } from './known-keys.js';
import { nameOf, quote } from './quote.js';
import { didYouMean, KEYS_ELSEWHERE, suggestSlug, WORDS_ELSEWHERE } from './suggest.js';
import { SLUG } from './zone-schema.js';

type ZodIssue = z.core.$ZodIssue;

/** What to do about a mandatory key that is missing, by its path without indexes, from the camera or the zone on. */
const CURES_FOR_MISSING: Readonly<Record<string, string>> = {
  version: 'Begin the file with "version: 1".',
  site: 'Add "site: { name: ..., responsibleUnit: ... }".',
  'site.name': 'Add the name of the site.',
  'site.responsibleUnit': 'Add who is responsible: a name, or { name: ..., type: company }.',
  cameras: 'Add a list of cameras; "cameras: []" where the first one is added in the console.',
  'cameras.id': 'Give the camera a short name such as lobby-1; its stream is rtsp://HOST:8554/<id>.',
  'cameras.source': 'Add rtsp://HOST/PATH, the path of a video file, or demo:lobby.',
  'cameras.place': 'Say what the camera looks at: lobby, corridor, office... or other.',
  'cameras.zones':
    'List the privacy zones, or write "zones: []" and "unmasked: <reason>" where nothing is to be masked.',
  'zones.id': 'Give the zone a short name such as restroom-door.',
  'zones.kind': 'Say what the zone hides: restroom, private, neighbour...',
  'zones.polygon': 'Add three or more corners, such as [[0.1, 0.2], [0.3, 0.2], [0.3, 0.6]].',
};

/** Explains what zod found in `root`, which `schema` refused. */
export const explain = (schema: z.core.$ZodType, issues: readonly ZodIssue[], root: unknown): Issue[] => {
  const all = issues.flatMap((issue) => explainOne(schema, issue, issue.path as Path, root));
  // A mistyped key is one mistake: that the right one is missing goes without saying.
  const meant = new Set(all.flatMap(({ suggestion }) => suggestion ?? []));
  return all
    .filter(({ code, path }) => code !== 'missing-key' || !meant.has(formatPath(path)))
    .map(({ suggestion: _, ...issue }) => issue);
};

/** An issue, and for a mistyped key the path that was meant. */
type Explained = Issue & { readonly suggestion?: string };

const explainOne = (schema: z.core.$ZodType, issue: ZodIssue, path: Path, root: unknown): Explained[] => {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => unknownKey(key, path, known));
  }
  const value = valueAt(root, path);
  if (value === undefined) return [missing(path)];
  if (issue.code === 'invalid_union') return explainUnion(schema, issue.errors, path, root);
  return [{ path, at: 'value', ...explainValue(issue, path, value) }];
};

/** Of several forms, explains the one whose kind of value was written. */
const explainUnion = (
  schema: z.core.$ZodType,
  branches: readonly (readonly ZodIssue[])[],
  path: Path,
  root: unknown,
): Explained[] => {
  const isForeign = ({ code, path: within }: ZodIssue) => code === 'invalid_type' && within.length === 0;
  const meant = branches.find((issues) => !issues.some(isForeign));
  if (meant !== undefined) {
    return meant.flatMap((issue) => explainOne(schema, issue, [...path, ...(issue.path as Path)], root));
  }
  const expected = branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  return [{ path, at: 'value', ...describeType(expected[0] ?? 'string', path, valueAt(root, path)) }];
};

const missing = (path: Path): Issue => {
  const names = path.filter((part) => typeof part === 'string');
  const cure = CURES_FOR_MISSING[formatPath(names)] ?? CURES_FOR_MISSING[formatPath(names.slice(-2))];
  const key = String(names.at(-1) ?? 'version');
  return {
    path,
    at: 'key',
    code: 'missing-key',
    message: `"${key}" is missing.`,
    cure: cure ?? `Add "${key}: ..."; zones/example.yaml shows every key.`,
  };
};

const unknownKey = (key: string, parent: Path, known: readonly string[]): Explained => {
  const suggestion = didYouMean(key, known, KEYS_ELSEWHERE);
  return {
    path: [...parent, key],
    at: 'key',
    code: 'unknown-key',
    message: `There is no key ${quote(key)} here.`,
    cure: suggestion === null ? `Remove it. Known here: ${known.join(', ')}.` : `Did you mean "${suggestion}"?`,
    ...(suggestion === null ? {} : { suggestion: formatPath([...parent, suggestion]) }),
  };
};

const explainValue = (issue: ZodIssue, path: Path, value: unknown): Explanation => {
  switch (issue.code) {
    case 'custom':
      return { code: issue.params?.code, message: issue.message, cure: issue.params?.cure };
    case 'invalid_value':
      return explainWord(issue.values.map(String), value);
    case 'invalid_type':
      return describeType(issue.expected, path, value);
    case 'invalid_format':
      return issue.pattern === String(SLUG)
        ? {
            code: 'bad-id',
            message: `${quote(value)} cannot be an id: ids are 1 to 64 lower-case letters, digits and hyphens.`,
            cure: `Write "${suggestSlug(String(value))}", for example.`,
          }
        : {
            code: 'bad-name',
            message: 'The name contains a colon, a quote, a backslash or a control character.',
            cure: 'Use letters and digits.',
          };
    case 'too_small':
      return describeBound(path, value, { least: Number(issue.minimum) });
    case 'too_big':
      return describeBound(path, value, { most: Number(issue.maximum) });
    default:
      return {
        code: 'invalid',
        message: `${nameOf(value, path)} cannot stand here.`,
        cure: 'zones/example.yaml shows what can.',
      };
  }
};

const explainWord = (words: readonly string[], value: unknown): Explanation => {
  const known = words.length === 1 ? `Write ${words[0]}.` : `Known: ${words.join(', ')}.`;
  if (value === null) return { code: 'wrong-type', message: 'The value is missing.', cure: known };
  if (typeof value !== 'string' || words.length === 1) {
    return { code: 'unknown-word', message: `${nameOf(value, [])} cannot stand here.`, cure: known };
  }
  const suggestion = didYouMean(value, words, WORDS_ELSEWHERE);
  return {
    code: 'unknown-word',
    message: `${quote(value)} is not known here.`,
    cure: suggestion === null ? known : `Did you mean "${suggestion}"? ${known}`,
  };
};
