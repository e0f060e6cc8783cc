import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_DELAY_MS, LONG_DELAY_MS, PATIENCE_MS, reconnectDelay, SHORT_DELAY_MS } from './backoff.js';

const failures = fc.integer({ min: 1, max: 1_000_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the pause before a camera is asked again', () => {
  it('is at once after the first failure, then doubles up to its limit', () => {
    const steady = (count: number): number => reconnectDelay(count, 0, 0.5);
    expect([1, 2, 3, 4].map(steady)).toEqual([FIRST_DELAY_MS, 2 * FIRST_DELAY_MS, SHORT_DELAY_MS, SHORT_DELAY_MS]);
  });

  it('is never so long that a camera that is back waits for 1 s, while it is not thought switched off', () => {
    fc.assert(
      fc.property(failures, fc.integer({ min: 0, max: PATIENCE_MS }), random, (count, lostFor, luck) => {
        expect(reconnectDelay(count, lostFor, luck)).toBeLessThan(1000);
      }),
    );
  });

  it('is jittered by a quarter to each side, and never nothing', () => {
    fc.assert(
      fc.property(failures, fc.integer({ min: 0, max: 10 * PATIENCE_MS }), random, (count, lostFor, luck) => {
        const middle = reconnectDelay(count, lostFor, 0.5);
        const delay = reconnectDelay(count, lostFor, luck);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(middle * 0.75));
        expect(delay).toBeLessThanOrEqual(Math.ceil(middle * 1.25));
        expect(delay).toBeGreaterThan(0);
      }),
    );
  });

  it('grows when patience is over', () => {
    expect(reconnectDelay(1000, PATIENCE_MS + 1, 0.5)).toBe(LONG_DELAY_MS);
  });
});
