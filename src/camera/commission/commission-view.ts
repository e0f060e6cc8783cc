import type { Frame } from 'node-av/lib';
import { encodeRaw } from './encode-raw.js';
import { type CommissionGrant, LONGEST_GRANT_MS, machineClock } from './grant.js';
import type { RawJpeg } from './raw-jpeg.js';

/** From one raw picture to the next at least, ms: enough to draw on, and no stream. */
const LEAST_INTERVAL_MS = 250;

export interface CommissionEvents {
  /** The answer to a grant; null: there is none. */
  picture(request: number, picture: RawJpeg | null): void;
  refused(why: string): void;
}

/**
 * The commissioning view in a worker. It was told at its start whether there may be one, and nothing that control says later changes
 * that; it looks at the clock itself, and gives one picture a grant.
 */
export class CommissionView {
  readonly #isAllowed: boolean;
  readonly #events: CommissionEvents;
  readonly #now: () => number;
  readonly #encode: (frame: Frame) => RawJpeg;
  #grant: CommissionGrant | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(isAllowed: boolean, events: CommissionEvents, now = machineClock, encode = encodeRaw) {
    this.#isAllowed = isAllowed;
    this.#events = events;
    this.#now = now;
    this.#encode = encode;
  }

  /** Takes a grant for the next frame. The one before it is over. */
  use(grant: CommissionGrant): void {
    this.#giveUp();
    const ms = grant.until - this.#now();
    this.#grant = grant;
    if (!this.#isAllowed) this.#refuse('commissioning is off');
    else if (!(ms > 0 && ms <= LONGEST_GRANT_MS)) this.#refuse(`a grant of ${ms} ms`);
  }

  /** Makes the picture of a frame where one is granted. @param frame upright; not kept @param isForbidden whatever was granted */
  offer(frame: Frame, isForbidden: boolean): void {
    const grant = this.#grant;
    if (!grant) return;
    const now = this.#now();
    if (now >= grant.until || isForbidden) return this.#giveUp();
    if (now - this.#lastAt < LEAST_INTERVAL_MS) return;
    try {
      const picture = this.#encode(frame);
      this.#grant = null;
      this.#lastAt = now;
      this.#events.picture(grant.request, picture);
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(why: string): void {
    this.#events.refused(why);
    this.#giveUp();
  }

  #giveUp(): void {
    const grant = this.#grant;
    this.#grant = null;
    if (grant) this.#events.picture(grant.request, null);
  }
}
