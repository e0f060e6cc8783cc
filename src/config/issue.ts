/** Keys and indexes from the document's root to a value. */
export type Path = readonly (string | number)[];

/** What is wrong and what to do about it, each in a sentence or two that quote no secret. */
export interface Explanation {
  /** Stable, for scripts: `unknown-key`, `polygon-crosses-itself`... */
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** Something wrong with a value, before it is known where in which file the value stands. */
export interface Issue extends Explanation {
  readonly path: Path;
  /** What the position should point at: the value, or the key that names it. A missing key points at its group. */
  readonly at: 'value' | 'key';
}

/** `['cameras', 0, 'zones', 1]` is `cameras[0].zones[1]`; the document itself is `(document)`. */
export const formatPath = (path: Path): string => {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text === '' ? '(document)' : text;
};

/** The value at `path` inside `root`, or undefined. */
export const valueAt = (root: unknown, path: Path): unknown => {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
};
