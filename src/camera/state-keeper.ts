import { deriveState, type SourceCondition, type StreamState, sameState, type WithheldReason } from './state.js';

/**
 * Keeps what is known of one camera (how far the way from its source is open, and which reasons to withhold hold) and works out
 * what viewers get. The detail is the last failure in words.
 */
export class StateKeeper {
  readonly #changed: (state: StreamState, detail: string | null, isNew: boolean) => void;
  #condition: SourceCondition = { kind: 'starting', reason: 'connecting' };
  #state: StreamState = { state: 'starting', reason: 'connecting' };
  #detail: string | null = null;
  #given: readonly WithheldReason[];
  readonly #own = new Set<WithheldReason>();

  /**
   * @param given reasons that somebody else knows of
   * @param changed called with each change; `isNew` where the state itself is another, not only the detail
   */
  constructor(
    given: readonly WithheldReason[],
    changed: (state: StreamState, detail: string | null, isNew: boolean) => void,
  ) {
    this.#given = given;
    this.#changed = changed;
  }

  get state(): StreamState {
    return this.#state;
  }

  get condition(): SourceCondition {
    return this.#condition;
  }

  /** The last frame was decoded, matched to the zones in force and masked, and nothing is to be said of a failure. */
  get isSettledMasking(): boolean {
    return this.#condition.kind === 'masking' && this.#detail === null;
  }

  has(reason: WithheldReason): boolean {
    return this.#own.has(reason);
  }

  /** Whether one of these reasons holds, whoever knows of it. */
  hasAny(reasons: readonly WithheldReason[]): boolean {
    return reasons.some((reason) => this.#own.has(reason) || this.#given.includes(reason));
  }

  /** Begins a reason to withhold. Shown with the next `settle`. */
  hold(reason: WithheldReason): void {
    this.#own.add(reason);
  }

  /** Ends one. Shown with the next `settle`. */
  release(reason: WithheldReason): void {
    this.#own.delete(reason);
  }

  /** Replaces the reasons that somebody else knows of. */
  give(reasons: readonly WithheldReason[]): void {
    this.#given = reasons;
    this.settle();
  }

  be(condition: SourceCondition, detail: string | null): void {
    this.#condition = condition;
    this.settle(detail);
  }

  /** Works the state out anew, and tells it where it changed. */
  settle(detail: string | null = this.#detail): void {
    const holds = new Set<WithheldReason>([...this.#given, ...this.#own]);
    // Withheld streams decode keyframes alone, so what follows a release begins with one.
    if (this.#state.state === 'withheld' && holds.size === 0 && this.#condition.kind === 'masking')
      this.#condition = { kind: 'starting', reason: 'waiting-for-keyframe' };
    const state = deriveState(this.#condition, holds);
    const isNew = !sameState(state, this.#state);
    if (!isNew && detail === this.#detail) return;
    this.#state = state;
    this.#detail = detail;
    this.#changed(state, detail, isNew);
  }
}
