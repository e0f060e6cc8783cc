import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../zones/zone.js';
import { chooseCanaries, packCanaries } from './canaries.js';
import { anySize, anyZone, zoneOf } from './picture.fixture.js';
import { covers, rasterize } from './raster.js';

describe('canaries', () => {
  it('all lie where the rasteriser masks, and in the picture', () => {
    fc.assert(
      fc.property(anyZone, anySize, (zone, { width, height }) => {
        const spans = rasterize(zone.polygon, width, height, zone.padding);
        for (const [x, y] of chooseCanaries(zone, width, height)) expect(covers(spans, x, y), `${x}, ${y}`).toBe(true);
      }),
    );
  });

  it('leave out no pixel row of the zone nor of its padding above and below', () => {
    fc.assert(
      fc.property(anyZone, anySize, (zone, { width, height }) => {
        const ys = zone.polygon.map(([, y]) => y * height);
        const [top, bottom] = [Math.min(...ys) - zone.padding, Math.max(...ys) + zone.padding];
        const rows = new Set(chooseCanaries(zone, width, height).map(([, y]) => y));
        for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
          expect(rows.has(y), `row ${y}`).toBe(true);
        }
      }),
    );
  });

  it('stand at every point of the polygon and at the corners of its padding', () => {
    const zone = zoneOf({ padding: 5 });
    const canaries = new Set(chooseCanaries(zone, 200, 100).map(String));
    for (const [x, y] of zone.polygon) {
      for (const [dx, dy] of [
        [0, 0],
        [-5, -5],
        [5, -5],
        [-5, 5],
        [5, 5],
      ] as const) {
        expect(canaries).toContain(`${Math.floor(x * 200 + dx)},${Math.floor(y * 100 + dy)}`);
      }
    }
  });

  it('are spread over the inside of a large zone: no 20th of its width goes without', () => {
    const zone = zoneOf({
      polygon: [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.9, 0.9],
        [0.1, 0.9],
      ],
    });
    const inside = chooseCanaries(zone, 1000, 1000).filter(([x, y]) => x > 110 && x < 890 && y > 110 && y < 890);
    const columns = new Set(inside.map(([x]) => Math.floor((x - 100) / 40)));
    expect(columns.size).toBe(20);
  });

  it('stay few enough to be checked each frame, however many points a zone has', () => {
    const zigzag = Array.from({ length: 1000 }, (_, i): Point => [i / 1000, i % 2]);
    expect(chooseCanaries(zoneOf({ polygon: zigzag }), 1920, 1080).length).toBeLessThanOrEqual(4096);
  });

  it('know which of them are far enough inside not to be touched by a codec', () => {
    const spans = rasterize(
      [
        [0.2, 0.2],
        [0.8, 0.2],
        [0.8, 0.8],
        [0.2, 0.8],
      ],
      200,
      200,
      0,
    );
    const { luma, chroma } = packCanaries(
      [
        [100, 100, 0],
        [60, 100, 0],
        [50, 100, 0],
        [100, 150, 0],
        [101, 101, 0],
      ],
      spans,
    );
    expect([...luma.inner]).toEqual([1, 1, 0, 0, 1]);
    expect([...chroma.x]).toEqual([50, 30, 25, 50]);
    expect([...chroma.inner]).toEqual([1, 1, 0, 0]);
  });
});
