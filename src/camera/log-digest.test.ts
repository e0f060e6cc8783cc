import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Digest, digestLines } from './log-digest.js';

describe('a digest of lines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells the last of many lines and how many there were, once in a while', () => {
    const told: Digest[] = [];
    const take = digestLines((digest) => told.push(digest));
    for (let i = 1; i <= 100; i++) take(`line ${i}`);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(5000);
    expect(told).toEqual([{ count: 100, last: 'line 100' }]);
  });

  it('begins to count anew, and says nothing while nothing comes', () => {
    const told: Digest[] = [];
    const take = digestLines((digest) => told.push(digest));
    take('a');
    vi.advanceTimersByTime(60_000);
    take('b');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([
      { count: 1, last: 'a' },
      { count: 1, last: 'b' },
    ]);
  });
});
