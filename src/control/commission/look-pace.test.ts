import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LookPace, TooManyLooks } from './look-pace.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('looks at a camera', () => {
  it('are two in any second, not two before and two after a full one', () => {
    const pace = new LookPace();
    vi.advanceTimersByTime(900);
    pace.take('lobby');
    pace.take('lobby');
    expect(() => pace.take('lobby')).toThrow(TooManyLooks);
    vi.advanceTimersByTime(999);
    expect(() => pace.take('lobby')).toThrow(expect.objectContaining({ code: 'too-many-looks', retryAfterS: 1 }));
    vi.advanceTimersByTime(1);
    pace.take('lobby');
  });

  it('are counted for each camera, and a refused one is none', () => {
    const pace = new LookPace();
    pace.take('lobby');
    vi.advanceTimersByTime(600);
    pace.take('lobby');
    pace.take('yard');
    expect(() => pace.take('lobby')).toThrow();
    vi.advanceTimersByTime(400);
    pace.take('lobby');
  });
});
