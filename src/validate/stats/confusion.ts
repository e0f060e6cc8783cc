/** How often each truth was taken for what. */
export interface Confusion {
  /** What things are: the rows. */
  readonly truths: readonly string[];
  /** What they were taken for: the columns. */
  readonly answers: readonly string[];
  /** `counts[row][column]`. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * @param pairs truth and answer of each item
 * @param order names that come first, in this order, and have a row or column whatever was seen; others follow by alphabet
 */
export const confusion = (
  pairs: readonly (readonly [truth: string, answer: string])[],
  order: { readonly truths?: readonly string[]; readonly answers?: readonly string[] } = {},
): Confusion => {
  const names = (seen: readonly string[], first: readonly string[] = []): string[] => [
    ...first,
    ...[...new Set(seen)].filter((name) => !first.includes(name)).sort(),
  ];
  const truths = names(
    pairs.map(([truth]) => truth),
    order.truths,
  );
  const answers = names(
    pairs.map(([, answer]) => answer),
    order.answers,
  );
  const [rowOf, columnOf] = [indexOf(truths), indexOf(answers)];
  const counts = truths.map(() => new Array<number>(answers.length).fill(0));
  for (const [truth, answer] of pairs) counts[rowOf.get(truth)!]![columnOf.get(answer)!]!++;
  return { truths, answers, counts };
};

const indexOf = (names: readonly string[]): Map<string, number> => new Map(names.map((name, i) => [name, i]));
