import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredPixels, rasterize, subtract, union } from '../masking/raster.js';
import type { ZoneSet } from '../zones/zone.js';
import { Follow, followingZones, REGISTRATION_ERROR } from './follow.js';
import { HEIGHT, learnedGuard, paint, scene, WIDTH, ZONE } from './guard.fixture.js';
import { IDENTITY, moved, type Similarity } from './similarity.js';
import { DEFAULT_TOLERANCE } from './view-guard.js';

const SIZE = { width: WIDTH, height: HEIGHT };
const SHAPE = HEIGHT / WIDTH;

const small = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const drift = fc.record({
  dx: small(0.007),
  dy: small(0.007),
  turn: small(0.01),
  zoom: fc.double({ min: 0.99, max: 1.01, noNaN: true }),
});
const corner = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
const zones = fc
  .array(fc.array(corner, { minLength: 3, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((polygons): ZoneSet => polygons.map((polygon, i) => ({ ...ZONE, id: `z${i}`, polygon, padding: i * 4 })));

const covered = (set: ZoneSet, less = 0) => {
  const [first, ...others] = set.map(({ polygon, padding }) =>
    rasterize(polygon, WIDTH, HEIGHT, Math.max(0, padding - less)),
  );
  return union(first!, ...others);
};

describe('followingZones', () => {
  it('masks all that was accepted and, for any drift that is estimated to within its error, all that has drifted', () => {
    fc.assert(
      fc.property(zones, drift, small(REGISTRATION_ERROR * 0.7), small(REGISTRATION_ERROR * 0.7), (set, is, ex, ey) => {
        const estimate: Similarity = { ...is, dx: is.dx + ex, dy: is.dy + ey };
        const masked = covered(followingZones(set, estimate, SIZE));
        expect(coveredPixels(subtract(covered(set), masked))).toBe(0);
        const where = set.map((zone) => ({ ...zone, polygon: zone.polygon.map((p) => moved(is, p, SHAPE)) }));
        expect(coveredPixels(subtract(covered(where), masked))).toBe(0);
      }),
    );
  });

  it('leaves zones alone that do not move, and those that are only flagged', () => {
    expect(followingZones([ZONE], IDENTITY, SIZE)).toEqual([ZONE]);
    const flagged = { ...ZONE, action: 'flag' as const };
    expect(followingZones([flagged], { ...IDENTITY, dx: 0.005 }, SIZE)).toEqual([flagged]);
  });

  it('draws no copy that has left the picture', () => {
    const edge = {
      ...ZONE,
      padding: 0,
      polygon: [
        [0, 0.2],
        [0.004, 0.2],
        [0.004, 0.4],
      ] as const,
    };
    expect(followingZones([edge], { ...IDENTITY, dx: -0.02 }, SIZE)).toHaveLength(1);
  });
});

describe('Follow', () => {
  it('confirms a drift that stays for three seconds, and nothing that swings', () => {
    const follow = new Follow();
    const at = (dx: number, now: number) => follow.observe({ ...IDENTITY, dx }, [ZONE], SHAPE, now);
    for (let now = 0; now < 3000; now += 500) expect(at(0.006, now)).toBe(false);
    expect(at(0.006, 3000)).toBe(true);
    expect(follow.drift.dx).toBe(0.006);
    expect(at(0.006, 3500)).toBe(false);
    for (let now = 4000; now < 20_000; now += 500) expect(at(now % 1000 ? 0.006 : -0.002, now)).toBe(false);
    follow.interrupt();
    for (let now = 20_000; now < 23_000; now += 500) expect(at(0, now)).toBe(false);
    expect(at(0, 23_000)).toBe(true);
    expect(follow.drift.dx).toBe(0);
  });
});

describe('a guard that follows', () => {
  const view = scene();

  it('finds a drift of 0.8 % to within its error, and follows it back', () => {
    const { guard, drifts } = learnedGuard(paint(view), [ZONE], 'follow');
    const drifted = paint((x, y) => view(x - 5, y));
    for (let now = 2040; now < 7000; now += 200) expect(guard.look(drifted, WIDTH, HEIGHT, now).kind).toBe('steady');
    expect(drifts).toHaveLength(1);
    const off = Math.abs(drifts[0]!.dx - 5 / WIDTH);
    expect(off).toBeLessThanOrEqual(REGISTRATION_ERROR);
    for (let now = 7000; now < 12_000; now += 200) guard.look(paint(view), WIDTH, HEIGHT, now);
    expect(drifts[1]).toEqual(IDENTITY);
  });

  it('withholds what goes beyond the tolerance, and follows nothing meanwhile', () => {
    const { guard, drifts } = learnedGuard(paint(view), [ZONE], 'follow');
    const far = paint((x, y) => view(x - 3 * DEFAULT_TOLERANCE * WIDTH, y));
    for (let now = 2040; now < 8000; now += 200) expect(guard.look(far, WIDTH, HEIGHT, now).kind).toBe('moved');
    expect(drifts).toEqual([]);
  });

  it('does not follow unless it is asked to', () => {
    const { guard, drifts } = learnedGuard(paint(view));
    const drifted = paint((x, y) => view(x - 5, y));
    for (let now = 2040; now < 9000; now += 200) guard.look(drifted, WIDTH, HEIGHT, now);
    expect(drifts).toEqual([]);
  });
});
