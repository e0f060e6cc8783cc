/** What two runs over the same items come to, where they differ. */
export interface McNemar {
  /** Right before, wrong now. */
  readonly lost: number;
  /** Wrong before, right now. */
  readonly won: number;
  /** Two-sided and exact: how often so uneven a split would come by chance. 1 where nothing differs. */
  readonly p: number;
}

/** McNemar's exact test (McNemar 1947; binomial with one half). */
export const mcnemar = (lost: number, won: number): McNemar => {
  const n = lost + won;
  const fewer = Math.min(lost, won);
  // Sum of C(n, k) / 2^n for k up to `fewer`, by logarithms: 2^n is soon beyond what a number holds.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return { lost, won, p: Math.min(1, 2 * tail) };
};
