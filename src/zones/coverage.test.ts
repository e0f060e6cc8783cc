import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masksLess } from './coverage.js';
import { anyZoneSet, box } from './polygons.fixture.js';
import { masksAtLeast } from './raster-comparison.fixture.js';
import type { Point, Zone, ZoneSet } from './zone.js';

const door: Zone = {
  id: 'door',
  kind: 'restroom',
  polygon: box(0.25, 0.25, 0.5, 0.75),
  action: 'mask',
  style: 'solid',
  padding: 16,
};
const pane: Zone = { ...door, id: 'pane', kind: 'private', style: 'pixelate' };

const messages = (before: ZoneSet, after: ZoneSet) => masksLess(before, after).map(({ message }) => message);

describe('masking less', () => {
  test('is nothing where nothing changed, in whatever order', () => {
    expect(masksLess([door, pane], [pane, door])).toEqual([]);
  });

  test('is nothing where a zone grew, was added, or became stronger', () => {
    const grown = { ...door, polygon: box(0.2, 0.2, 0.6, 0.8) };
    const added = { ...door, id: 'window', polygon: box(0, 0, 0.1, 0.1) };
    expect(masksLess([door, pane], [grown, added, { ...pane, style: 'solid', padding: 32 }])).toEqual([]);
  });

  test('is nothing where a zone was renamed, or cut into parts that cover it', () => {
    const parts = [box(0.25, 0.25, 0.5, 0.5), box(0.25, 0.5, 0.5, 0.75)];
    expect(masksLess([door], [{ ...door, id: 'other' }])).toEqual([]);
    expect(
      masksLess(
        [door],
        parts.map((polygon, index) => ({ ...door, id: `part-${index}`, polygon })),
      ),
    ).toEqual([]);
  });

  test('is nothing where a flagged zone goes away: it never masked', () => {
    expect(masksLess([{ ...door, action: 'flag' }], [])).toEqual([]);
  });

  test('is a removed zone', () => {
    expect(messages([door, pane], [pane])).toEqual([
      'door: removed; 12.5 % of the picture would be masked more weakly.',
    ]);
    expect(messages([door], [])).toEqual(['door: removed; 12.5 % of the picture would no longer be masked.']);
  });

  test('is a zone that is only flagged any more', () => {
    expect(messages([door], [{ ...door, action: 'flag' }])).toEqual([
      'door: only flagged, no longer masked; 12.5 % of the picture would no longer be masked.',
    ]);
  });

  test('is a zone of which people alone are masked any more, and not one of people that is masked as a whole', () => {
    const people = { ...pane, style: 'solid' as const, mask: 'people' as const };
    expect(messages([{ ...pane, style: 'solid' }], [people])).toEqual([
      'pane: only the people in it, no longer all of it; 12.5 % of the picture would no longer be masked.',
    ]);
    expect(masksLess([people], [people])).toEqual([]);
    expect(masksLess([people], [{ ...people, mask: 'all' }])).toEqual([]);
    expect(messages([people], [])).toEqual(['pane: removed; 12.5 % of the picture would no longer be masked.']);
  });

  test('is a weaker style', () => {
    expect(messages([door], [{ ...door, style: 'blur' }])).toEqual([
      'door: blur instead of solid; 12.5 % of the picture would be masked more weakly.',
    ]);
    expect(messages([pane], [{ ...pane, style: 'blur' }])).toHaveLength(1);
  });

  test('is less padding', () => {
    expect(messages([door], [{ ...door, padding: 1 }])).toEqual([
      'door: padding 1 px instead of 16 px; 12.5 % of the picture would be masked more weakly.',
    ]);
  });

  test('is a zone that shrank or moved, by however little', () => {
    expect(messages([door], [{ ...door, polygon: box(0.3, 0.25, 0.5, 0.75) }])).toEqual([
      'door: smaller, or moved; 2.5 % of the picture would no longer be masked.',
    ]);
    const barely: readonly Point[] = [
      [0.25, 0.25],
      [0.4999999, 0.25],
      [0.5, 0.75],
      [0.25, 0.75],
    ];
    expect(messages([door], [{ ...door, polygon: barely }])).toEqual([
      'door: smaller, or moved; under 0.1 % of the picture would no longer be masked.',
    ]);
  });

  test('is all of it at once, each named', () => {
    const after = { ...pane, style: 'blur', padding: 8, polygon: box(0.25, 0.25, 0.5, 0.55) } as const;
    expect(messages([pane], [after])).toEqual([
      'pane: blur instead of pixelate, padding 8 px instead of 16 px, smaller, or moved; 5.0 % of the picture would no longer be masked, and 7.5 % more weakly.',
    ]);
  });

  test('is a pixelated zone cut into parts, whose cells are smaller', () => {
    const upper = { ...pane, polygon: box(0.2, 0.2, 0.55, 0.5) };
    const lower = { ...pane, id: 'lower', polygon: box(0.25, 0.5, 0.5, 0.75) };
    const [loss] = masksLess([pane], [upper, lower]);
    expect(loss?.weakenings).toContain('shrunk-or-moved');
    expect(loss?.bare).toBe(0);
  });

  test('is a set that is too intricate to compare', () => {
    const comb = Array.from({ length: 1500 }, (_, i) => [i / 1500, i % 2 === 0 ? 0.1 : 0.9] as const);
    const [loss] = masksLess([door], [{ ...door, polygon: [...comb, [1, 1], [0, 1]] }]);
    expect(loss?.weakenings).toEqual(['too-intricate']);
    expect(loss?.share).toBeCloseTo(0.125, 9);
  });

  test('of a set against itself is nothing, for any set', () => {
    fc.assert(fc.property(anyZoneSet, (zones) => masksLess(zones, zones).length === 0));
  });

  test('of a set with anything added is nothing, for any sets', () => {
    fc.assert(
      fc.property(anyZoneSet, anyZoneSet, (zones, more) => {
        const renamed = more.map((zone) => ({ ...zone, id: `more-${zone.id}` }));
        expect(masksLess(zones, [...renamed, ...zones])).toEqual([]);
      }),
    );
  });

  test('is found wherever any pixel at any size would be masked less', () => {
    const size = fc.integer({ min: 8, max: 200 });
    const shift = fc.constantFrom(0, 0, 1 / 16, -1 / 16);
    let compared = 0;
    fc.assert(
      fc.property(anyZoneSet, shift, size, size, (before, dx, width, height) => {
        const after = before.flatMap((zone) => halves(zone, dx));
        if (masksLess(before, after).length > 0) return;
        compared++;
        expect(masksAtLeast(after, before, width, height)).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

/** The two halves of the zone's bounding box, which cover it together; moved by `dx`, the zone itself moves. */
const halves = (zone: Zone, dx: number): Zone[] => {
  if (dx !== 0) return [{ ...zone, polygon: zone.polygon.map(([x, y]) => [x + dx, y] as const) }];
  const [xs, ys] = [zone.polygon.map(([x]) => x), zone.polygon.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const middle = (left + right) / 2;
  return [box(left, top, middle, bottom), box(middle, top, right, bottom)].map((polygon, index) => ({
    ...zone,
    id: `${zone.id}-${index}`,
    style: 'solid',
    polygon,
  }));
};
