import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type DatasetProblem, type Imported, type Item, kindOf } from './item.js';
import { itemOf } from './manifest-item.js';
import { manifestHeadSchema, manifestItemSchema } from './manifest-schema.js';

/** @param path how the manifest is called in problems */
export function readYamlManifest(text: string, path: string): Imported {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: DatasetProblem[] = [];
  for (const error of document.errors)
    problems.push(problem(path, error.linePos?.[0].line ?? null, 'bad-yaml', error.message.split('\n')[0]!, false));
  if (problems.length > 0) return { name: path, items: [], labels: {}, problems };
  const value: unknown = document.toJS();
  const lineOf = (where: readonly PropertyKey[]): number | null => {
    for (let depth = where.length; depth >= 0; depth--) {
      const node: unknown = document.getIn(where.slice(0, depth) as (string | number)[], true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const head = manifestHeadSchema.safeParse(value);
  if (!head.success) {
    problems.push(...explain(head.error, [], path, lineOf, false));
    return { name: path, items: [], labels: {}, problems };
  }
  const items: Item[] = [];
  for (const [i, said] of head.data.items.entries()) {
    const item = manifestItemSchema.safeParse(said);
    const line = lineOf(['items', i]);
    if (!item.success) problems.push(...explain(item.error, ['items', i], path, lineOf, true));
    else if (kindOf(item.data.file) === null)
      problems.push(problem(path, line, 'unknown-format', `${item.data.file} is neither a picture nor a clip`, true));
    else items.push(itemOf(item.data));
  }
  return { name: head.data.name ?? path, items, labels: head.data.labels, problems };
}

const explain = (
  error: z.ZodError,
  below: readonly PropertyKey[],
  path: string,
  lineOf: (where: readonly PropertyKey[]) => number | null,
  skippable: boolean,
): DatasetProblem[] =>
  error.issues.map((issue) => {
    const where = [...below, ...issue.path];
    const name = where.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return problem(path, lineOf(where), 'bad-manifest', `${name.replace(/^\./, '')}: ${issue.message}`, skippable);
  });

const problem = (
  path: string,
  line: number | null,
  code: string,
  message: string,
  skippable: boolean,
): DatasetProblem => ({ path, line, code, message, skippable });
