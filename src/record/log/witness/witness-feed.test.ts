import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Witness } from './witness.js';
import { WitnessFeed } from './witness-feed.js';

/** Remembers what arrived; away while `isAway`. */
class FakeWitness implements Witness {
  readonly name = 'witness.example';
  readonly arrived: string[] = [];
  isAway = false;

  async publish(checkpoint: string): Promise<void> {
    if (this.isAway) throw new Error('away');
    this.arrived.push(checkpoint);
  }

  async latest(): Promise<string | null> {
    return this.arrived.at(-1) ?? null;
  }
}

let witness: FakeWitness;
let feed: WitnessFeed;
beforeEach(() => {
  vi.useFakeTimers();
  witness = new FakeWitness();
  feed = new WitnessFeed(witness, { intervalMs: 10_000 });
});
afterEach(() => vi.useRealTimers());

describe("a witness's feed", () => {
  it('sends the first checkpoint at once, then the newest once an interval', async () => {
    for (let n = 0; n < 25; n++) {
      feed.take(`checkpoint ${n}`);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(witness.arrived).toEqual(['checkpoint 0', 'checkpoint 9', 'checkpoint 19']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(witness.arrived.at(-1)).toBe('checkpoint 24');
  });

  it('sends nothing twice', async () => {
    feed.take('checkpoint');
    await vi.advanceTimersByTimeAsync(100_000);
    expect(witness.arrived).toEqual(['checkpoint']);
    feed.take('another');
    await vi.advanceTimersByTimeAsync(0);
    expect(witness.arrived).toEqual(['checkpoint', 'another']);
  });

  it('tries again, ever more seldom, until the witness is back', async () => {
    witness.isAway = true;
    const publish = vi.spyOn(witness, 'publish');
    feed.take('old');
    await vi.advanceTimersByTimeAsync(0);
    feed.take('new');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(publish).toHaveBeenCalledTimes(5);
    witness.isAway = false;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(witness.arrived).toEqual(['new']);
  });

  it('sends what waits when it is closed, once', async () => {
    feed.take('first');
    await vi.advanceTimersByTimeAsync(0);
    feed.take('last');
    await feed.close();
    expect(witness.arrived).toEqual(['first', 'last']);
    witness.isAway = true;
    const other = new WitnessFeed(witness);
    other.take('lost');
    await other.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
