import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.js';

const STARTED = 1000;
const dues = (times: readonly (number | null)[]): number[] => {
  const pacer = new Pacer(3600, STARTED);
  return times.map((time) => pacer.due(time) - STARTED);
};

describe('when the pictures of a file are due', () => {
  it('is as far apart as their times are', () => {
    expect(dues([-7200, -3600, 0, 9000])).toEqual([0, 40, 80, 180]);
  });

  it('is a usual step later where a picture has no time, or one that stands still or steps back', () => {
    expect(dues([null, null, null])).toEqual([0, 40, 80]);
    expect(dues([0, 3600, 3600, 0, 3600])).toEqual([0, 40, 80, 120, 160]);
  });

  it('is not an hour later because the times jump by an hour, and goes on from there', () => {
    const hour = 3600 * 90_000;
    expect(dues([0, hour, hour + 3600, hour + 7200])).toEqual([0, 40, 80, 120]);
  });

  it('never goes back, and never waits for more than 10 s', () => {
    const time = fc.option(fc.integer({ min: -(2 ** 33), max: 2 ** 33 }));
    fc.assert(
      fc.property(fc.array(time, { minLength: 2, maxLength: 60 }), (times) => {
        const found = dues(times);
        for (let n = 1; n < found.length; n++) {
          expect(found[n]! - found[n - 1]!).toBeGreaterThan(0);
          expect(found[n]! - found[n - 1]!).toBeLessThanOrEqual(10_000);
        }
      }),
    );
  });
});
