/** What a site file says, line by line, for people who may read but not edit it. Pure. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { formatPath, type Path } from './issue.js';
import type { Redactor } from './redact.js';
import { REDACTED } from './secret.js';

/** One value of a site file. */
export interface Setting {
  /** `cameras[0].source` */
  readonly path: string;
  /** As written, variables not put in, secrets blotted out. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Keys whose value is nobody's to read, however it is written. */
const SECRET = /password|secret|token|^url$|witness|service/i;
const USERINFO = /^(\w+:\/\/)[^/?#]*@/;

/** Every value but those of zones, which have a page and a history of their own. */
export const settingsOf = (text: string, { text: redact }: Redactor): readonly Setting[] => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false });
  const settings: Setting[] = [];
  const visit = (node: unknown, path: Path): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (path[0] !== 'cameras' || name !== 'zones') visit(value, [...path, name]);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    } else if (isScalar(node) || isAlias(node)) {
      const line = lines.linePos((node as Node).range?.[0] ?? 0).line;
      const shown = isAlias(node) ? `*${node.source}` : String(node.value);
      const isSecret = path.some((part) => typeof part === 'string' && SECRET.test(part));
      const value = isSecret ? REDACTED : redact(shown.replace(USERINFO, `$1${REDACTED}@`));
      settings.push({ path: formatPath(path), value, line });
    }
  };
  visit(document.contents, []);
  return settings;
};
