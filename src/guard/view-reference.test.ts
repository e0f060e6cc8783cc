import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnedGuard, paint, scene, ZONE } from './guard.fixture.js';
import { ViewReference } from './view-reference.js';

describe('ViewReference', () => {
  it('is the same for whatever lies inside a zone', () => {
    const view = scene();
    const isInside = (x: number, y: number) => x >= 160 && x <= 320 && y >= 90 && y <= 270;
    const plain = learnedGuard(paint(view)).learned[0]!.toString();
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1000 }), (seed) => {
        const other = scene(seed);
        const plane = paint((x, y) => (isInside(x, y) ? other(x, y) : view(x, y)));
        expect(learnedGuard(plane).learned[0]!.toString()).toBe(plain);
      }),
      { numRuns: 5 },
    );
  });

  it('reads back what it wrote', () => {
    const [reference] = learnedGuard(paint(scene())).learned;
    const again = ViewReference.parse(reference!.toString());
    expect(again.map).toEqual(reference!.map);
    expect(again.cells).toEqual(reference!.cells);
    expect(again.sharpness).toBeCloseTo(reference!.sharpness, 3);
  });

  it('refuses what is cut, of another version, or no edges', () => {
    const text = learnedGuard(paint(scene()), [ZONE]).learned[0]!.toString();
    const other = Buffer.from(text, 'base64');
    other[0] = 9;
    const odd = Buffer.from(text, 'base64');
    odd[50] = 0xff;
    for (const bad of [text.slice(0, 400), other.toString('base64'), odd.toString('base64'), ''])
      expect(() => ViewReference.parse(bad)).toThrow(expect.objectContaining({ code: 'view-reference-unreadable' }));
  });
});
