import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinct, overlap } from './box.js';

const share = fc.double({ min: 0, max: 0.5, noNaN: true });
const boxes = fc.record({ x: share, y: share, width: share, height: share });
const objects = fc.array(
  fc.record({ label: fc.constantFrom('person', 'bed'), score: fc.double({ min: 0, max: 1, noNaN: true }), box: boxes }),
);

describe('overlap', () => {
  it('is that of the other to the one, and none of boxes apart', () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 12);
        expect(overlap(a, { ...b, x: b.x + 1 })).toBe(0);
      }),
    );
    const half = { x: 0, y: 0, width: 0.5, height: 1 };
    expect(overlap(half, { x: 0, y: 0, width: 1, height: 1 })).toBeCloseTo(0.5, 12);
  });
});

describe('distinct objects', () => {
  it('are surest first, apart from each other, and each that is left out lies on a surer one of its class', () => {
    fc.assert(
      fc.property(objects, (found) => {
        const kept = distinct(found, 0.5);
        for (const [i, one] of kept.entries())
          for (const other of kept.slice(i + 1)) {
            expect(one.score).toBeGreaterThanOrEqual(other.score);
            if (one.label === other.label) expect(overlap(one.box, other.box)).toBeLessThanOrEqual(0.5);
          }
        for (const lost of found.filter((each) => !kept.includes(each)))
          expect(
            kept.some((k) => k.label === lost.label && k.score >= lost.score && overlap(k.box, lost.box) > 0.5),
          ).toBe(true);
      }),
    );
  });
});
