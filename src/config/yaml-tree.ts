import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { type Environment, interpolate } from './interpolate.js';
import type { Issue, Path } from './issue.js';
import { quote } from './quote.js';

/** Where something stands in the text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type LocatedIssue = Issue & { readonly span: Span };

/** A YAML document as plain values, with variables put in and the place of everything remembered. */
export interface YamlTree {
  readonly value: unknown;
  readonly issues: readonly LocatedIssue[];
  /** Values of variables. */
  readonly secrets: readonly string[];
  /** Where the value (or its key) at `path` stands; where it is missing, what should have held it. */
  readonly locate: (path: Path, at: 'value' | 'key') => Span;
}

/** Aliases repeat what they name, and aliases of aliases multiply: no site file has so many values. */
const MAX_VALUES = 100_000;
/** The deepest that aliases may lead; also what ends an alias of itself. */
const MAX_DEPTH = 64;

/** Reads the tree. Never throws: what cannot be read is an issue, and undefined in `value`. */
export const readTree = (document: Document.Parsed, env: Environment): YamlTree => new TreeReader(document, env).read();

class TreeReader {
  readonly #spans = new Map<string, { readonly value: Span; readonly key: Span }>();
  readonly #issues: LocatedIssue[] = [];
  readonly #secrets = new Set<string>();
  #values = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly env: Environment,
  ) {}

  read(): YamlTree {
    const root = this.document.contents;
    const value = this.#read(root, [], spanOf(root) ?? { start: 0, end: 0 });
    return {
      value,
      issues: this.#issues,
      secrets: [...this.#secrets],
      locate: (path, at) => this.#locate(path, at),
    };
  }

  #locate(path: Path, at: 'value' | 'key'): Span {
    for (let length = path.length; length > 0; length--) {
      const found = this.#spans.get(JSON.stringify(path.slice(0, length)));
      if (found !== undefined) return length === path.length && at === 'key' ? found.key : found.value;
    }
    return this.#spans.get('[]')!.value;
  }

  #read(node: Node | null, path: Path, key: Span): unknown {
    this.#spans.set(JSON.stringify(path), { value: spanOf(node) ?? key, key });
    if (++this.#values > MAX_VALUES || path.length > MAX_DEPTH) {
      if (this.#issues.at(-1)?.code !== 'yaml-too-large') {
        this.#report(
          path,
          'yaml-too-large',
          'The aliases of this file unfold to too much.',
          'Write out what "*" repeats.',
        );
      }
      return undefined;
    }
    if (isAlias(node)) return this.#read(node.resolve(this.document) ?? null, path, spanOf(node) ?? key);
    if (isSeq<Node | null>(node)) {
      return node.items.map((item, index) => this.#read(item, [...path, index], spanOf(item) ?? key));
    }
    if (isMap<Node, Node | null>(node)) {
      const entries: [string, unknown][] = [];
      const seen = new Set<string>();
      for (const pair of node.items) {
        const span = spanOf(pair.key) ?? key;
        if (!isScalar(pair.key) || typeof pair.key.value !== 'string') continue; // the composer has reported it
        const name = pair.key.value;
        if (seen.has(name)) {
          this.#issues.push({
            path: [...path, name],
            at: 'key',
            span,
            code: 'duplicate-key',
            message: `The key ${quote(name)} stands here for the second time.`,
            cure: 'Remove one of the two.',
          });
          continue;
        }
        seen.add(name);
        entries.push([name, this.#read(pair.value, [...path, name], span)]);
      }
      return fromEntries(entries);
    }
    if (!isScalar(node)) return null;
    return typeof node.value === 'string' ? this.#interpolate(node.value, path) : node.value;
  }

  #interpolate(template: string, path: Path): string {
    const { text, values, problems } = interpolate(template, this.env);
    for (const value of values) this.#secrets.add(value);
    for (const { code, message, cure } of problems) this.#report(path, code, message, cure);
    return text;
  }

  #report(path: Path, code: string, message: string, cure: string): void {
    this.#issues.push({ path, at: 'value', span: this.#locate(path, 'value'), code, message, cure });
  }
}

/** `Object.fromEntries`, but a key `__proto__` stays a key. */
const fromEntries = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
};

const spanOf = (node: Node | null | undefined): Span | undefined =>
  node?.range ? { start: node.range[0], end: node.range[1] } : undefined;
