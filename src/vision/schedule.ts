/**
 * Whose turn it is to be looked at: earliest deadline first. A look is due one period after the last one was begun, whatever
 * became of it, so debts do not pile up. Where there is too much to do, everybody's looks come later by the same time: what is due
 * longest goes first, and nobody starves. Pure: time comes in.
 */
export class Schedule<Key> {
  readonly #entries = new Map<Key, { periodMs: number; dueAt: number; isOut: boolean }>();

  /** Looks at `key` every `periodMs` from now on; the first time at once. */
  set(key: Key, periodMs: number, now: number): void {
    const known = this.#entries.get(key);
    if (known) {
      known.dueAt = Math.min(known.dueAt, now + periodMs);
      known.periodMs = periodMs;
    } else this.#entries.set(key, { periodMs, dueAt: now, isOut: false });
  }

  remove(key: Key): void {
    this.#entries.delete(key);
  }

  /** Looks at it next, whatever its period. */
  hurry(key: Key, now: number): void {
    const entry = this.#entries.get(key);
    if (entry) entry.dueAt = Math.min(entry.dueAt, now);
  }

  /** Takes the one that has been due longest out, until `back`. */
  take(now: number): Key | null {
    let first: Key | null = null;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [key, { dueAt, isOut }] of this.#entries) {
      if (isOut || dueAt > now || dueAt >= earliest) continue;
      first = key;
      earliest = dueAt;
    }
    if (first === null) return null;
    const entry = this.#entries.get(first)!;
    entry.isOut = true;
    entry.dueAt = now + entry.periodMs;
    return first;
  }

  back(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry) entry.isOut = false;
  }

  /** Until something is due, ms; 0: now. Infinite where nothing ever will be by itself. */
  wait(now: number): number {
    let wait = Number.POSITIVE_INFINITY;
    for (const { dueAt, isOut } of this.#entries.values()) if (!isOut) wait = Math.min(wait, Math.max(0, dueAt - now));
    return wait;
  }
}
