import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZONE } from './guard.fixture.js';
import { displacement, IDENTITY, worstDisplacement } from './similarity.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const small = fc.double({ min: -0.3, max: 0.3, noNaN: true });

describe('displacement', () => {
  it('of a shift is its length everywhere', () => {
    fc.assert(
      fc.property(unit, unit, small, small, (x, y, dx, dy) => {
        expect(displacement({ ...IDENTITY, dx, dy }, [x, y], 0.5625)).toBeCloseTo(Math.hypot(dx, dy), 9);
      }),
    );
  });

  it('of a turn is the chord at that distance from the middle', () => {
    fc.assert(
      fc.property(unit, unit, small, (x, y, turn) => {
        const radius = Math.hypot(x - 0.5, (y - 0.5) * 0.5625);
        expect(displacement({ ...IDENTITY, turn }, [x, y], 0.5625)).toBeCloseTo(
          2 * radius * Math.abs(Math.sin(turn / 2)),
          9,
        );
      }),
    );
  });

  it('counts at the vertices of masked zones alone', () => {
    const zoomed = { ...IDENTITY, zoom: 1.1 };
    expect(worstDisplacement(zoomed, [ZONE], 0.5625)).toBeCloseTo(0.1 * Math.hypot(0.25, 0.25 * 0.5625), 9);
    expect(worstDisplacement(zoomed, [{ ...ZONE, action: 'flag' }], 0.5625)).toBe(0);
  });
});
