import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RtpClock } from './client-clock.js';

it('counts from the first picture on, over the wrap of the timestamps', () => {
  const clock = new RtpClock(90_000);
  expect([0xffffff00, 0xffffff80, 0, 0x80].map((timestamp) => clock.to90k(timestamp))).toEqual([0, 0x80, 0x100, 0x180]);
});

it('steps back for pictures that come in decoding order, also over the wrap', () => {
  const clock = new RtpClock(90_000);
  expect([0, 7200, 3600, 0xffffffff].map((timestamp) => clock.to90k(timestamp))).toEqual([0, 7200, 3600, -1]);
});

it('converts another clock without drifting', () => {
  const clock = new RtpClock(1000);
  let last = 0;
  for (let i = 0; i <= 100_000; i++) last = clock.to90k(i * 33);
  expect(last).toBe(100_000 * 33 * 90);
});

it('follows any steps of less than half a wrap exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.array(fc.integer({ min: -0x7fffffff, max: 0x7fffffff })),
      (first, steps) => {
        const clock = new RtpClock(90_000);
        let expected = 0;
        let timestamp = first;
        expect(clock.to90k(timestamp)).toBe(0);
        for (const step of steps) {
          expected += step;
          timestamp = (timestamp + step) >>> 0;
          expect(clock.to90k(timestamp)).toBe(expected);
        }
      },
    ),
  );
});
