import { type Alias, type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node } from 'yaml';
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
  /** The path of the innermost value around `offset`, as far as one can tell where the text is broken. */
  readonly pathAt: (offset: number) => Path;
}

/** Aliases repeat what they name, and aliases of aliases multiply: no site file has so many values. */
const MAX_VALUES = 50_000;
/** The deepest that aliases may lead. */
const MAX_DEPTH = 64;

/** Reads the tree. Never throws: what cannot be read is an issue, and undefined in `value`. */
export const readTree = (document: Document.Parsed, env: Environment): YamlTree => new TreeReader(document, env).read();

/** Where a value and its key stand, and whether the value holds others. */
interface Place {
  readonly value: Span;
  readonly key: Span;
  readonly holds: boolean;
}

class TreeReader {
  readonly #places = new Map<string, Place>();
  readonly #issues: LocatedIssue[] = [];
  readonly #secrets = new Set<string>();
  /** What the aliases on the way here name. */
  readonly #unfolding = new Set<Node>();
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
      pathAt: (offset) => this.#pathAt(offset),
    };
  }

  #pathAt(offset: number): Path {
    let [nearest, start] = ['[]', 0];
    for (const [path, { value, key, holds }] of this.#places) {
      const begins = Math.min(value.start, key.start);
      // Where a list or a group ends is not to be trusted: the fault may be that it does not.
      if (begins <= offset && begins >= start && (holds || offset <= value.end)) [nearest, start] = [path, begins];
    }
    return JSON.parse(nearest);
  }

  #locate(path: Path, at: 'value' | 'key'): Span {
    for (let length = path.length; length > 0; length--) {
      const found = this.#places.get(JSON.stringify(path.slice(0, length)));
      if (found !== undefined) return length === path.length && at === 'key' ? found.key : found.value;
    }
    return this.#places.get('[]')!.value;
  }

  #read(node: Node | null, path: Path, key: Span): unknown {
    this.#places.set(JSON.stringify(path), { value: spanOf(node) ?? key, key, holds: isCollection(node) });
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
    if (isAlias(node)) return this.#readAlias(node, path, spanOf(node) ?? key);
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

  #readAlias(alias: Alias, path: Path, key: Span): unknown {
    const target = alias.resolve(this.document);
    if (target === undefined || this.#unfolding.has(target)) {
      const message =
        target === undefined ? 'This "*" names no anchor above it.' : 'This "*" names an anchor that contains it.';
      this.#report(
        path,
        'yaml-bad-alias',
        message,
        'Write out what is meant; put a text that begins with "*" in quotes.',
      );
      return undefined;
    }
    this.#unfolding.add(target);
    const value = this.#read(target, path, key);
    this.#unfolding.delete(target);
    return value;
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
