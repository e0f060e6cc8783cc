import {
  deriveState,
  type SourceCondition,
  type StreamState,
  sameState,
  type WithheldReason,
} from '../camera/state.js';

/** A time without a picture, after there was one. However short, people see afterwards that it was. */
export interface Interruption {
  /** What began it. */
  readonly reason: NonNullable<StreamState['reason']>;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601; null: it goes on. */
  readonly until: string | null;
}

/** What is known of one camera's state, and since when. */
export interface Standing {
  readonly state: StreamState;
  /** The failure in words, or null. */
  readonly detail: string | null;
  readonly since: Date;
  /** The last time that viewers had no picture any more; null: not since the first one. */
  readonly interruption: Interruption | null;
}

/**
 * Works out what viewers get, from what the worker says of itself (or control of a worker that cannot) and from the reasons to
 * withhold that control knows of. A reason to withhold always wins, whoever knows of it.
 */
export class ViewerState {
  readonly #changed: (before: StreamState, state: StreamState, detail: string | null) => void;
  readonly #holds = new Set<WithheldReason>();
  #worker: StreamState = { state: 'starting', reason: 'worker-starting' };
  #standing: Standing = { state: this.#worker, detail: null, since: new Date(), interruption: null };

  /** @param changed called when the state itself is another, not only the detail */
  constructor(changed: (before: StreamState, state: StreamState, detail: string | null) => void) {
    this.#changed = changed;
  }

  get standing(): Standing {
    return this.#standing;
  }

  get state(): StreamState {
    return this.#standing.state;
  }

  /** The reasons to withhold that control knows of. */
  get holds(): readonly WithheldReason[] {
    return [...this.#holds];
  }

  /** Begins reasons to withhold, or ends them. */
  hold(reasons: Iterable<WithheldReason>, held: boolean): void {
    for (const reason of reasons) {
      if (held) this.#holds.add(reason);
      else this.#holds.delete(reason);
    }
    this.#settle(this.#standing.detail);
  }

  /** What the worker does, or what is to be said of one that does nothing any more. */
  workerIs(state: StreamState, detail: string | null): void {
    this.#worker = state;
    this.#settle(detail);
  }

  #settle(detail: string | null): void {
    const before = this.#standing.state;
    const state = deriveState(conditionOf(this.#worker), this.#allHolds());
    if (sameState(state, before)) {
      this.#standing = { ...this.#standing, detail };
      return;
    }
    const since = new Date();
    const interruption = interruptedBy(this.#standing.interruption, before, state, since.toISOString());
    this.#standing = { state, detail, since, interruption };
    this.#changed(before, state, detail);
  }

  #allHolds(): ReadonlySet<WithheldReason> {
    if (this.#worker.state !== 'withheld') return this.#holds;
    return new Set([...this.#holds, this.#worker.reason]);
  }
}

/** One goes from the loss of the picture to the next picture, whatever states are between. */
const interruptedBy = (
  last: Interruption | null,
  before: StreamState,
  state: StreamState,
  at: string,
): Interruption | null => {
  if (state.state === 'masked') return last && { ...last, until: last.until ?? at };
  return before.state === 'masked' ? { reason: state.reason, since: at, until: null } : last;
};

const conditionOf = (state: StreamState): SourceCondition => {
  switch (state.state) {
    case 'masked':
      return { kind: 'masking' };
    case 'offline':
      return { kind: 'offline', reason: state.reason };
    case 'starting':
      return { kind: 'starting', reason: state.reason };
    // Which source is behind a withheld stream is not known, and does not matter: its hold decides.
    case 'withheld':
      return { kind: 'starting', reason: 'waiting-for-keyframe' };
  }
};
