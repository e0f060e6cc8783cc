import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pace } from './pace.js';

const BURST = 48;
const PER_MS = 6;

it('never lets more go in any span of time than a burst and what the span allows, and lets that much go', () => {
  const waits = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(waits, (spans) => {
      const pace = new Pace(BURST, PER_MS, 0);
      const gone: { readonly at: number; readonly count: number }[] = [];
      let now = 0;
      for (const span of [0, ...spans]) {
        now += span;
        pace.advance(now);
        let count = 0;
        while (pace.take()) count++;
        gone.push({ at: now, count });
        // Whoever always has something to send gets all but the part of one that is left over.
        expect(count).toBeGreaterThan(Math.min(BURST, span * PER_MS) - 1);
      }
      for (const [i, { at }] of gone.entries()) {
        let sum = 0;
        for (const later of gone.slice(i)) {
          sum += later.count;
          expect(sum).toBeLessThanOrEqual(BURST + (later.at - at) * PER_MS + 1e-6);
        }
      }
    }),
  );
});
