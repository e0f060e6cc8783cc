import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { area, containsPoint } from '../masking/polygon.js';
import { anyPolygon, box } from './polygons.fixture.js';
import { uncoveredArea } from './uncovered-area.js';

const unit = box(0, 0, 1, 1);

describe('the uncovered area', () => {
  test('of a polygon without cover is its own', () => {
    expect(uncoveredArea(box(0.25, 0.25, 0.75, 1), [])).toBeCloseTo(0.375, 12);
  });

  test('of a polygon that another one contains is nothing', () => {
    expect(uncoveredArea(box(0.25, 0.25, 0.5, 0.5), [unit])).toBe(0);
  });

  test('counts what two overlapping covers leave, once', () => {
    expect(uncoveredArea(unit, [box(0, 0, 0.6, 1), box(0.4, 0, 0.9, 0.5)])).toBeCloseTo(0.1 + 0.15, 12);
  });

  test('sees a gap between two covers that nearly meet', () => {
    expect(uncoveredArea(unit, [box(0, 0, 0.5, 1), box(0.5001, 0, 1, 1)])).toBeCloseTo(0.0001, 12);
  });

  test('follows slanted sides that cross', () => {
    const triangle = [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const;
    const mirrored = [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as const;
    expect(uncoveredArea(triangle, [mirrored])).toBeCloseTo(0.25, 12);
  });

  test('of a set of covers that is too intricate to compare is unknown', () => {
    const comb = Array.from({ length: 3000 }, (_, i) => [i / 3000, i % 2 === 0 ? 0.1 : 0.9] as const);
    expect(uncoveredArea(unit, [[...comb, [1, 1], [0, 1]]])).toBeNull();
  });

  test('never exceeds the area, and shrinks to nothing only where every corner is covered', () => {
    fc.assert(
      fc.property(anyPolygon, fc.array(anyPolygon, { maxLength: 4 }), (polygon, cover) => {
        const left = uncoveredArea(polygon, cover)!;
        expect(left).toBeGreaterThanOrEqual(-1e-12);
        expect(left).toBeLessThanOrEqual(area(polygon) + 1e-12);
        if (left < 1e-12) {
          for (const corner of polygon) expect(cover.some((other) => containsPoint(other, corner))).toBe(true);
        }
      }),
    );
  });

  test('agrees with counting the points of a fine grid', () => {
    fc.assert(
      fc.property(anyPolygon, fc.array(anyPolygon, { maxLength: 3 }), (polygon, cover) => {
        const cells = 64;
        let bare = 0;
        for (let row = 0; row < cells; row++) {
          for (let column = 0; column < cells; column++) {
            const point = [(column + 0.5) / cells, (row + 0.5) / cells] as const;
            if (containsPoint(polygon, point) && !cover.some((other) => containsPoint(other, point))) bare++;
          }
        }
        expect(Math.abs(uncoveredArea(polygon, cover)! - bare / cells ** 2)).toBeLessThan(0.03);
      }),
      { numRuns: 60 },
    );
  });
});
