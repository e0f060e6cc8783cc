import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { RisingClock } from './clock.js';

const run = (clock: RisingClock, times: readonly number[]): number[] => times.map((time) => clock.next(time));

/** 33 bits: what an MPEG clock can show. */
const anyTime = fc.integer({ min: -(2 ** 33), max: 2 ** 33 });

describe('a rising clock', () => {
  it('always rises, whatever the source says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 240 }),
        fc.array(anyTime, { minLength: 2, maxLength: 100 }),
        (fps, times) => {
          const out = run(new RisingClock(fps), times);
          for (let n = 1; n < out.length; n++) expect(out[n]!).toBeGreaterThan(out[n - 1]!);
        },
      ),
    );
  });

  it('never steps farther than the longest pause', () => {
    fc.assert(
      fc.property(fc.array(anyTime, { minLength: 2, maxLength: 100 }), (times) => {
        const out = run(new RisingClock(25), times);
        for (let n = 1; n < out.length; n++) expect(out[n]! - out[n - 1]!).toBeLessThan(10 * CLOCK_HZ);
      }),
    );
  });

  it('keeps the steps of a source that rises, however uneven', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 10 * CLOCK_HZ - 1 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(anyTime, steps, (start, uneven) => {
        const times = [start];
        for (const step of uneven) times.push(times.at(-1)! + step);
        expect(run(new RisingClock(25), times)).toEqual(times.map((time) => time - start));
      }),
    );
  });

  it('makes one usual step of a jump, a wrap and a stand', () => {
    const clock = new RisingClock(25);
    const jump = 2 ** 33;
    expect(run(clock, [0, 3600, jump, jump + 3600, 0, 3600, 3600])).toEqual([
      0, 3600, 7200, 10800, 14400, 18000, 21600,
    ]);
  });

  it('learns the usual step', () => {
    const clock = new RisingClock(25);
    run(
      clock,
      Array.from({ length: 200 }, (_, n) => n * 9000),
    );
    expect(clock.step).toBeCloseTo(9000, -2);
    const before = clock.next(200 * 9000);
    expect(clock.next(0) - before).toBeCloseTo(9000, -2);
  });

  it('takes every pause for one where it is told to', () => {
    const hour = 3600 * CLOCK_HZ;
    expect(run(new RisingClock(25, Number.POSITIVE_INFINITY), [0, hour, hour + 3600])).toEqual([0, hour, hour + 3600]);
  });

  it('moves on even for a source that claims a million frames a second', () => {
    expect(run(new RisingClock(1_000_000), [5, 5, 5])).toEqual([0, 1, 2]);
  });
});
