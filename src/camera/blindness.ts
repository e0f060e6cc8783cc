import type { SeenPerson } from '../vision/link/messages.js';
import type { HeldFrames } from './held-frames.js';
import type { MaskStage } from './mask-stage.js';
import type { PipelineEvents } from './pipeline-events.js';
import type { StateKeeper } from './state-keeper.js';

/** Nobody can see anything of a picture of which so much is masked. */
const WHOLE = 0.999;

/** A late answer is no reason for the slate, which needs a keyframe to go; ms. */
const PATIENCE_MS = 1000;

/**
 * Zones that mask people are masked as a whole while it is not known where people are. Where that hides the whole picture for some
 * time, the stream is withheld (`analysis-stale`): the slate says why, a black picture does not.
 */
export class Blindness {
  readonly #mask: MaskStage;
  readonly #state: StateKeeper;
  readonly #held: HeldFrames;
  readonly #events: PipelineEvents;
  /** `performance.now()` when it was last known where people are; null: it is known. */
  #since: number | null = null;

  constructor(mask: MaskStage, state: StateKeeper, held: HeldFrames, events: PipelineEvents) {
    this.#mask = mask;
    this.#state = state;
    this.#held = held;
    this.#events = events;
  }

  /** Other zones: what was not known does not matter any more. Shown with the next `settle`. */
  forget(): void {
    this.#since = null;
    this.#state.release('analysis-stale');
  }

  /** @param share of the picture's area that was just masked, 0..1 */
  masked(share: number): void {
    if (!this.#mask.isBlind) {
      this.#since = null;
      return;
    }
    this.#since ??= performance.now();
    if (share < WHOLE || this.#state.has('analysis-stale')) return;
    if (!this.#mask.people.isEmpty && performance.now() - this.#since < PATIENCE_MS) return;
    this.#state.hold('analysis-stale');
    this.#held.clear();
    this.#state.settle('where people are is not known, and they are to be masked');
  }

  /** Everybody who was seen in the frame at `pts`. */
  sawPeople(pts: number, people: readonly SeenPerson[], validMs: number): void {
    this.#mask.people.add(pts, people, validMs);
    if (!this.#state.has('analysis-stale')) return;
    this.forget();
    this.#state.settle(null);
  }

  /** Nothing more is known of people until the vision process is back. */
  lostSight(): void {
    this.#mask.people.clear();
    if (this.#mask.people.isNeeded)
      this.#events.log('warn', 'people cannot be seen: what masks them is masked as a whole', {});
  }
}
