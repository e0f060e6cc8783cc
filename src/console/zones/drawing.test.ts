import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { area, findFlaw } from '../../masking/polygon.js';
import { masksLess } from '../../zones/coverage.js';
import type { Point, Zone } from '../../zones/zone.js';
import {
  addZone,
  begin,
  changeZone,
  coverageOf,
  type Drawing,
  insertCorner,
  moveCorner,
  moveZone,
  problemsOf,
  redo,
  removeCorner,
  removeZone,
  snap,
  splitZone,
  step,
  undo,
} from './drawing.js';

const EMPTY: Drawing = { zones: [], unmasked: null };

const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

const drawn = (...polygons: Point[][]): Drawing =>
  polygons.reduce<Drawing>((drawing, polygon) => addZone(drawing, polygon), EMPTY);

describe('a drawing', () => {
  it('begins every zone as strong as can be, under a name of its own', () => {
    const { zones } = addZone(removeZone(drawn(box(0, 0, 0.5, 0.5), box(0.5, 0.5, 1, 1)), 0), box(0, 0, 1, 1));
    expect(zones.map(({ id }) => id)).toEqual(['zone-2', 'zone-3']);
    expect(zones[1]).toMatchObject({ action: 'mask', style: 'solid', padding: 16 });
  });

  it('keeps every zone within the picture, wherever it is moved', () => {
    const share = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(share, share, (dx, dy) => {
        const [zone] = moveZone(drawn(box(0.1, 0.2, 0.4, 0.5)), 0, dx, dy).zones;
        expect(zone!.polygon.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(area(zone!.polygon)).toBeCloseTo(0.09, 4);
      }),
    );
    expect(moveCorner(drawn(box(0, 0, 1, 1)), 0, 2, [7, -7]).zones[0]!.polygon[2]).toEqual([1, 0]);
  });

  it('gains and loses corners, but never the last three', () => {
    const more = insertCorner(drawn(box(0, 0, 1, 1)), 0, 3);
    expect(more.zones[0]!.polygon).toHaveLength(5);
    expect(more.zones[0]!.polygon[4]).toEqual([0, 0.5]);
    const three = removeCorner(removeCorner(more, 0, 4), 0, 0);
    expect(three.zones[0]!.polygon).toHaveLength(3);
    expect(removeCorner(three, 0, 0)).toBe(three);
  });

  it('is cut in two parts that mask exactly what the whole did', () => {
    const arrow: Point[] = [
      [0.1, 0.1],
      [0.9, 0.5],
      [0.1, 0.9],
      [0.4, 0.5],
    ];
    for (const polygon of [box(0.1, 0.1, 0.9, 0.5), arrow, arrow.slice(0, 3)]) {
      for (let corner = 0; corner < polygon.length; corner++) {
        const before = drawn(polygon);
        const after = splitZone(before, 0, corner);
        if (after === before) continue;
        expect(after.zones).toHaveLength(2);
        expect(after.zones.map(({ polygon: part }) => findFlaw(part))).toEqual([null, null]);
        expect(masksLess(before.zones, after.zones)).toEqual([]);
        expect(masksLess(after.zones, before.zones)).toEqual([]);
        expect(new Set(after.zones.map(({ id }) => id)).size).toBe(2);
      }
    }
    expect(splitZone(drawn(box(0, 0, 1, 1)), 0, 0).zones.map(({ polygon }) => area(polygon))).toEqual([0.5, 0.5]);
  });

  it('takes the style that cannot be undone for places of Art. 15', () => {
    const weak = changeZone(drawn(box(0, 0, 1, 1)), 0, { style: 'blur' });
    expect(weak.zones[0]!.style).toBe('blur');
    expect(changeZone(weak, 0, { kind: 'restroom' }).zones[0]!.style).toBe('solid');
  });

  it('snaps to edges and corners that are near, and to nothing else', () => {
    expect(snap([0.005, 0.496], [[0.3, 0.5]], 0.01)).toEqual([0, 0.5]);
    expect(snap([0.05, 0.45], [[0.3, 0.5]], 0.01)).toEqual([0.05, 0.45]);
  });

  it.each<[string, Drawing, string]>([
    [
      'that crosses itself',
      drawn([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ]),
      'crossing',
    ],
    ['that is a sliver', drawn(box(0, 0, 0.001, 0.001)), 'sliver'],
    [
      'with a corner twice',
      drawn([
        [0, 0],
        [1, 0],
        [1, 0],
        [0, 1],
      ]),
      'repeated',
    ],
    ['with a bad name', changeZone(drawn(box(0, 0, 1, 1)), 0, { id: 'The Door' }), 'id-malformed'],
    ['without zones or reason', EMPTY, 'reason-missing'],
  ])('%s has a problem', (_, drawing, kind) => {
    expect(problemsOf(drawing).map((problem) => problem.kind)).toEqual([kind]);
  });

  it('without zones is fine where it says why', () => {
    expect(problemsOf({ zones: [], unmasked: 'An empty yard.' })).toEqual([]);
  });

  it('knows what is covered, and what is covered twice', () => {
    const { covered, overlap } = coverageOf(drawn(box(0, 0, 0.5, 1), box(0.25, 0, 0.75, 1)))!;
    expect(covered).toBeCloseTo(0.75, 9);
    expect(overlap).toBeCloseTo(0.25, 9);
    const flagged: Zone = { ...drawn(box(0, 0, 1, 1)).zones[0]!, action: 'flag' };
    expect(coverageOf({ zones: [flagged], unmasked: null })).toEqual({ covered: 0, overlap: 0 });
  });

  it('can be taken back and forth, step by step', () => {
    const [one, two] = [drawn(box(0, 0, 1, 1)), drawn(box(0, 0, 0.5, 0.5))];
    const history = step(step(begin(EMPTY), one), two);
    expect(undo(undo(undo(history))).present).toBe(EMPTY);
    expect(redo(undo(history)).present).toBe(two);
    expect(redo(step(undo(history), EMPTY)).present).toBe(EMPTY);
  });
});
