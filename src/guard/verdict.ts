/** What the guard says of a view. `steady`: the zones lie where they were drawn. */
export type ViewKind = 'steady' | 'moved' | 'covered' | 'lost';

export interface Observation {
  readonly kind: ViewKind;
  /** In words, for a person. */
  readonly detail: string;
}

export const STEADY: Observation = { kind: 'steady', detail: 'the view is the accepted one' };

/** So long, ms, a view must be seen in its old place before it is shown again. */
export const PROOF_MS = 5000;

/** Looks further apart than this, ms, prove nothing of the time between them. Keyframes, which are all that is seen of a withheld view, come oftener. */
const LONGEST_GAP_MS = 15_000;

/**
 * The verdict that follows from observations. Total. What is not steady counts at once; steady again counts after `PROOF_MS`
 * of nothing else.
 */
export class VerdictMachine {
  #verdict: Observation;
  #proofSince: number | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(start: Observation) {
    this.#verdict = start;
  }

  get verdict(): Observation {
    return this.#verdict;
  }

  /** @param now ms, on any clock that rises */
  observe(seen: Observation, now: number): Observation {
    const gap = now - this.#lastAt;
    this.#lastAt = now;
    if (seen.kind !== 'steady') {
      this.#proofSince = null;
      // While it stays what it is, so does the sentence: a camera that swings would say something else with each frame.
      if (seen.kind !== this.#verdict.kind) this.#verdict = seen;
      return this.#verdict;
    }
    if (this.#verdict.kind === 'steady') return this.#verdict;
    if (this.#proofSince === null || gap > LONGEST_GAP_MS) this.#proofSince = now;
    if (now - this.#proofSince >= PROOF_MS) this.#verdict = seen;
    return this.#verdict;
  }
}
