/** An expected word found in a text. */
export interface WordMatch {
  /** As it was expected. */
  readonly word: string;
  /** 1: letter by letter; less by the share of its characters that were read otherwise. */
  readonly likeness: number;
  /** Characters of the text, as `normalised` counts them, that stand for it: from, to (exclusive). */
  readonly from: number;
  readonly to: number;
}

/** Latin letters and digits that readers take for one another, each as one of its group. */
const CONFUSED: Record<string, string> = {
  '0': 'o',
  q: 'o',
  '1': 'i',
  l: 'i',
  '|': 'i',
  '!': 'i',
  '5': 's',
  '8': 'b',
  '2': 'z',
};

/** Of a word's characters so many may be read otherwise. Short Latin words ("CCTV") none: too much else is one letter away. */
const ALLOWED_LATIN = 0.2;
/** Of four Chinese characters one, of six or more two: no common sign of another kind is as near (see the benchmark's negatives). */
const ALLOWED_CHINESE = 0.27;

const isChinese = (character: string): boolean => /\p{Script=Han}/u.test(character);

/** The characters that count: compatibility forms made plain, no case, no spaces or punctuation, look-alikes as one. */
export const normalised = (text: string): string[] =>
  [...text.normalize('NFKC').toLowerCase()]
    .map((character) => CONFUSED[character] ?? character)
    .filter((character) => /[\p{L}\p{N}]/u.test(character));

/** How many characters of a word may be missing, additional or others. */
export function allowedErrors(word: readonly string[]): number {
  const share = word.some(isChinese) ? ALLOWED_CHINESE : ALLOWED_LATIN;
  return Math.floor(word.length * share);
}

/**
 * The expected word that a text holds, allowing for what readers confuse: the one most like it, and of those the longest.
 * Anywhere in the text, since a sign says more than its word.
 */
export function matchWords(text: string, expected: readonly string[]): WordMatch | null {
  const characters = normalised(text);
  let best: WordMatch | null = null;
  for (const word of expected) {
    const pattern = normalised(word);
    if (pattern.length === 0) continue;
    const { errors, from, to } = nearest(pattern, characters);
    if (errors > allowedErrors(pattern)) continue;
    const match = { word, likeness: 1 - errors / pattern.length, from, to };
    if (
      !best ||
      match.likeness > best.likeness ||
      (match.likeness === best.likeness && to - from > best.to - best.from)
    )
      best = match;
  }
  return best;
}

/** Where in `text` is `pattern` with fewest edits (Sellers' algorithm: the text's beginning and end are free). */
function nearest(pattern: readonly string[], text: readonly string[]): { errors: number; from: number; to: number } {
  let errors = Array.from({ length: pattern.length + 1 }, (_, i) => i);
  let starts = new Array<number>(pattern.length + 1).fill(0);
  let best = { errors: pattern.length, from: 0, to: 0 };
  for (let end = 1; end <= text.length; end++) {
    const next = [0];
    const nextStarts = [end];
    for (let i = 1; i <= pattern.length; i++) {
      const replaced = errors[i - 1]! + (pattern[i - 1] === text[end - 1] ? 0 : 1);
      const missing = next[i - 1]! + 1;
      const additional = errors[i]! + 1;
      const least = Math.min(replaced, missing, additional);
      next.push(least);
      nextStarts.push(least === replaced ? starts[i - 1]! : least === missing ? nextStarts[i - 1]! : starts[i]!);
    }
    [errors, starts] = [next, nextStarts];
    const found = errors[pattern.length]!;
    if (found < best.errors) best = { errors: found, from: starts[pattern.length]!, to: end };
  }
  return best;
}
