import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../zones/zone.js';
import { containsPoint } from './polygon.js';
import { coveredPixels, covers, forEachSpan, intersect, type RowSpans, rasterize, subtract, union } from './raster.js';

/** Coordinates that like to lie exactly on pixel borders, outside the picture, and very near to each other. */
const coordinate = fc.oneof(
  fc.integer({ min: -8, max: 40 }).map((i) => i / 32),
  fc.double({ min: -0.2, max: 1.2, noNaN: true }),
  fc.double({ min: 0.5, max: 0.5 + 1e-6, noNaN: true }),
);
const polygon = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 8 });
const side = fc.integer({ min: 1, max: 40 });
const padding = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.double({ min: 0, max: 3, noNaN: true }));

/**
 * The oracle: does the polygon touch the square of `size` pixels at (`x`, `y`), grown by `grown`? By the separating axis theorem for
 * each edge, and by containment for squares inside.
 */
function touchesSquare(points: readonly Point[], x: number, y: number, size: number, grown: number): boolean {
  const half = size / 2 + grown;
  const centre: Point = [x + size / 2, y + size / 2];
  return (
    containsPoint(points, centre) || points.some((a, i) => edgeMeets(a, points[(i + 1) % points.length]!, centre, half))
  );
}

function edgeMeets(a: Point, b: Point, [cx, cy]: Point, half: number): boolean {
  const [ax, ay, bx, by] = [a[0] - cx, a[1] - cy, b[0] - cx, b[1] - cy];
  if (Math.min(ax, bx) > half || Math.max(ax, bx) < -half) return false;
  if (Math.min(ay, by) > half || Math.max(ay, by) < -half) return false;
  const [nx, ny] = [ay - by, bx - ax];
  return Math.abs(nx * ax + ny * ay) <= half * (Math.abs(nx) + Math.abs(ny));
}

const scaled = (points: readonly Point[], width: number, height: number) =>
  points.map(([x, y]): Point => [x * width, y * height]);

/** Every pixel of the picture, as `[x, y]`. */
function* pixels(width: number, height: number): Generator<readonly [number, number]> {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) yield [x, y];
}

/** Rounding that oracle and rasteriser may disagree about, in pixels. */
const ROUNDING = 1e-9;
/** More than the rasteriser's slack. */
const SLACK = 1e-5;

describe('rasterising a polygon', () => {
  it('covers every pixel whose area the polygon touches, and as many around it as the padding says', () => {
    fc.assert(
      fc.property(polygon, side, side, padding, (points, width, height, pad) => {
        const spans = rasterize(points, width, height, pad);
        const onPixels = scaled(points, width, height);
        for (const [x, y] of pixels(width, height)) {
          if (touchesSquare(onPixels, x, y, 1, pad - ROUNDING))
            expect(covers(spans, x, y), `pixel ${x}, ${y}`).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('covers no chroma block that neither the polygon nor its padding touches', () => {
    fc.assert(
      fc.property(polygon, side, side, padding, (points, width, height, pad) => {
        const spans = rasterize(points, width, height, pad);
        const onPixels = scaled(points, width, height);
        for (const [x, y] of pixels(Math.ceil(width / 2), Math.ceil(height / 2))) {
          if (!touchesSquare(onPixels, 2 * x, 2 * y, 2, pad + SLACK)) expect(covers(spans, 2 * x, 2 * y)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('covers the scaled polygon at any size', () => {
    const size = fc.integer({ min: 1, max: 4000 });
    const within = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(
        polygon,
        size,
        size,
        fc.array(fc.tuple(within, within), { minLength: 20, maxLength: 20 }),
        (points, width, height, probes) => {
          const spans = rasterize(points, width, height, 0);
          for (const probe of [...probes, ...points]) {
            const [x, y] = [Math.floor(probe[0] * width), Math.floor(probe[1] * height)];
            if (x < 0 || y < 0 || x >= width || y >= height || !containsPoint(points, probe)) continue;
            expect(covers(spans, x, y)).toBe(true);
          }
        },
      ),
    );
  });

  it('covers whole chroma blocks, so that chroma is hidden wherever luma is', () => {
    fc.assert(
      fc.property(polygon, side, side, padding, (points, width, height, pad) => {
        const spans = rasterize(points, width, height, pad);
        for (const [x, y] of pixels(width, height)) {
          expect(covers(spans, x, y)).toBe(covers(spans, x - (x % 2), y - (y % 2)));
        }
      }),
    );
  });

  it('covers a sliver that hits no pixel centre, along its whole length', () => {
    const spans = rasterize(
      [
        [0.1, 0.50001],
        [0.9, 0.50001],
        [0.9, 0.50002],
      ],
      100,
      100,
      0,
    );
    for (let x = 10; x < 90; x++) expect(covers(spans, x, 50)).toBe(true);
  });

  it('covers both pixels beside an edge that runs exactly between them', () => {
    const spans = rasterize(
      [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.75, 0.75],
        [0.25, 0.75],
      ],
      16,
      16,
      0,
    );
    expect(covers(spans, 3, 8)).toBe(true);
    expect(covers(spans, 12, 8)).toBe(true);
    expect(covers(spans, 8, 3)).toBe(true);
    expect(covers(spans, 8, 12)).toBe(true);
  });

  it('covers both lobes of a bow-tie and the middle of a pentagram, should one ever get here', () => {
    const bowTie = rasterize(
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
      32,
      32,
      0,
    );
    expect([covers(bowTie, 4, 16), covers(bowTie, 28, 16), covers(bowTie, 16, 4)]).toEqual([true, true, false]);
    const star = [0, 2, 4, 1, 3].map(
      (i): Point => [0.5 + 0.5 * Math.cos(i * 0.4 * Math.PI), 0.5 + 0.5 * Math.sin(i * 0.4 * Math.PI)],
    );
    expect(covers(rasterize(star, 64, 64, 0), 32, 32)).toBe(true);
  });

  it('lets the padding of a part outside the picture reach in', () => {
    const spans = rasterize(
      [
        [-0.5, 0.5],
        [-0.1, 0.5],
        [-0.1, 0.6],
      ],
      100,
      100,
      16,
    );
    expect(covers(spans, 5, 50)).toBe(true);
    expect(covers(spans, 9, 50)).toBe(false);
  });

  it('refuses what cannot be drawn', () => {
    const triangle: readonly Point[] = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    expect(() => rasterize([], 8, 8, 0)).toThrow(/without points/);
    expect(() => rasterize([...triangle, [Number.NaN, 0]], 8, 8, 0)).toThrow(/not finite/);
    expect(() => rasterize(triangle, 0, 8, 0)).toThrow(/0x8/);
    expect(() => rasterize(triangle, 8, 7.5, 0)).toThrow(/8x7.5/);
    expect(() => rasterize(triangle, 8, 8, -1)).toThrow(/padding of -1/);
    expect(() => rasterize(triangle, 8, 8, Number.POSITIVE_INFINITY)).toThrow(/padding/);
  });
});

describe('spans', () => {
  const pair = fc
    .tuple(side, side, fc.array(polygon, { minLength: 2, maxLength: 4 }))
    .map(([width, height, polygons]) => polygons.map((points) => rasterize(points, width, height, 1)));

  it('combine as the sets of pixels that they are', () => {
    fc.assert(
      fc.property(pair, (sets) => {
        const [a, b] = sets as [RowSpans, RowSpans];
        const [joined, without, common] = [union(a, b, ...sets), subtract(a, b), intersect(a, b)];
        for (const [x, y] of pixels(a.width, a.height)) {
          expect(covers(joined, x, y)).toBe(sets.some((set) => covers(set, x, y)));
          expect(covers(without, x, y)).toBe(covers(a, x, y) && !covers(b, x, y));
          expect(covers(common, x, y)).toBe(covers(a, x, y) && covers(b, x, y));
        }
      }),
    );
  });

  it('visit each covered pixel of the picture once, also at odd sizes', () => {
    fc.assert(
      fc.property(pair, ([spans]) => {
        const { width, height } = spans!;
        const visits = new Uint8Array(width * height);
        forEachSpan(spans!, (y, start, end) => {
          expect(end).toBeLessThanOrEqual(width);
          for (let x = start; x < end; x++) visits[y * width + x]!++;
        });
        for (const [x, y] of pixels(width, height)) expect(visits[y * width + x]).toBe(covers(spans!, x, y) ? 1 : 0);
        expect(coveredPixels(spans!)).toBe(visits.reduce((sum, visited) => sum + visited, 0));
      }),
    );
  });

  it('are sorted, and neither overlap nor adjoin within a row', () => {
    fc.assert(
      fc.property(pair, (sets) => {
        const { bounds, rowOffsets } = union(...(sets as [RowSpans, ...RowSpans[]]));
        for (let row = 0; row + 1 < rowOffsets.length; row++) {
          const inRow = [...bounds.subarray(rowOffsets[row], rowOffsets[row + 1])];
          expect(inRow.every((bound, i) => i === 0 || inRow[i - 1]! < bound)).toBe(true);
        }
      }),
    );
  });

  it('of different sizes do not combine', () => {
    const [a, b] = [rasterize([[0, 0]], 8, 8, 0), rasterize([[0, 0]], 8, 10, 0)];
    expect(() => union(a, b)).toThrow(/8x8 and of 8x10/);
    expect(() => subtract(a, b)).toThrow(/8x8 and of 8x10/);
  });
});
