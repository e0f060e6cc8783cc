import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_DELAY_MS, LONGEST_DELAY_MS, publishDelay } from './publish-delay.js';

describe('the pause before publishing again', () => {
  it('doubles from a second to half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 1000].map((failures) => publishDelay(failures, 0.999_999))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
  });

  it('stays within its bounds, whatever the dice say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const delay = publishDelay(failures, random);
          expect(delay).toBeGreaterThanOrEqual(FIRST_DELAY_MS);
          expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
        },
      ),
    );
  });
});
