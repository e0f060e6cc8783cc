import { containsPoint } from '../../masking/polygon.js';
import type { Point } from '../../zones/zone.js';
import type { Track } from './tracker.js';

/** Somebody who is out of the zone, or not seen, for so long, s, has left it: feet are hidden, and boxes jump. */
const LEFT_AFTER = 2;

export interface ZoneEvents {
  entered(person: number): void;
  dwelling(person: number, seconds: number): void;
  /** How many are in it, when it changes. */
  count(people: number): void;
}

/** Who comes into one zone, and who stays. Somebody is where his feet are, or the middle of what is seen of him. Pure. */
export class ZoneWatch {
  readonly #polygon: readonly Point[];
  readonly #dwell: number | null;
  readonly #events: ZoneEvents;
  readonly #inside = new Map<number, { since: number; lastIn: number; told: boolean }>();
  #count = 0;

  /** @param dwell s; null: staying is not told */
  constructor(polygon: readonly Point[], dwell: number | null, events: ZoneEvents) {
    this.#polygon = polygon;
    this.#dwell = dwell;
    this.#events = events;
  }

  /** @param at s, rising */
  update(tracks: readonly Track[], at: number): void {
    for (const { id, box, isConfirmed } of tracks) {
      if (!isConfirmed || !this.#contains(box)) continue;
      const known = this.#inside.get(id);
      if (known) known.lastIn = at;
      else {
        this.#inside.set(id, { since: at, lastIn: at, told: false });
        this.#events.entered(id);
      }
    }
    for (const [id, stay] of this.#inside) {
      if (at - stay.lastIn > LEFT_AFTER) this.#inside.delete(id);
      else if (this.#dwell !== null && !stay.told && stay.lastIn - stay.since >= this.#dwell) {
        stay.told = true;
        this.#events.dwelling(id, Math.round(stay.lastIn - stay.since));
      }
    }
    if (this.#inside.size === this.#count) return;
    this.#count = this.#inside.size;
    this.#events.count(this.#count);
  }

  #contains([left, top, right, bottom]: Track['box']): boolean {
    const middle = (left + right) / 2;
    return containsPoint(this.#polygon, [middle, bottom]) || containsPoint(this.#polygon, [middle, (top + bottom) / 2]);
  }
}
