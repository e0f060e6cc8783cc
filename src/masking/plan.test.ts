import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySize, anyZoneSet, zoneOf } from './picture.fixture.js';
import { coarsePicturePlan, compileMask, wholePicturePlan } from './plan.js';
import { coveredPixels, covers, intersect, rasterize } from './raster.js';

const rectangle = (left: number, top: number, right: number, bottom: number) =>
  [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;

describe('a mask plan', () => {
  it('gives each pixel of the zones to one layer, of the strongest style that any zone wants there', () => {
    fc.assert(
      fc.property(anyZoneSet, anySize, (zones, { width, height }) => {
        const plan = compileMask(zones, width, height, false);
        const wanted = zones.map((zone) => ({
          style: zone.style,
          spans: rasterize(zone.polygon, width, height, zone.padding),
        }));
        let masked = 0;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const styles = wanted.filter(({ spans }) => covers(spans, x, y)).map(({ style }) => style);
            const strongest = (['solid', 'pixelate', 'blur'] as const).find((style) => styles.includes(style));
            const layers = plan.layers.filter(({ spans }) => covers(spans, x, y)).map(({ style }) => style);
            if (layers.join() !== (strongest ?? '')) expect.fail(`${x}, ${y}: ${layers} for ${styles}`);
            if (strongest) masked++;
          }
        }
        expect(plan.maskedShare).toBeCloseTo(masked / (width * height), 12);
      }),
      { numRuns: 50 },
    );
  });

  it('applies the stronger styles first, so that the weaker ones average what is hidden already', () => {
    const zones = (['blur', 'solid', 'pixelate'] as const).map((style) => zoneOf({ id: style, style, padding: 0 }));
    zones[0] = { ...zones[0]!, polygon: rectangle(0, 0, 1, 1) };
    zones[2] = { ...zones[2]!, polygon: rectangle(0, 0, 1, 0.5) };
    expect(compileMask(zones, 320, 240, false).layers.map(({ style }) => style)).toEqual(['solid', 'pixelate', 'blur']);
  });

  it('joins pixelated zones that overlap into one grid with the larger cells, and keeps the others apart', () => {
    const pixelated = (id: string, polygon: ReturnType<typeof rectangle>) =>
      zoneOf({ id, polygon, style: 'pixelate', padding: 0 });
    const zones = [
      pixelated('small', rectangle(0.05, 0.05, 0.2, 0.2)),
      pixelated('large', rectangle(0.3, 0.1, 0.9, 0.9)),
      pixelated('on its edge', rectangle(0.25, 0.3, 0.35, 0.4)),
      pixelated('chained to that', rectangle(0.22, 0.35, 0.26, 0.5)),
    ];
    const layers = compileMask(zones, 1000, 1000, false).layers;
    const sizes = layers.map((layer) => (layer.style === 'pixelate' ? layer.grid.size : 0));
    expect(sizes.toSorted((a, b) => a - b)).toEqual([16, 26]);
    expect(coveredPixels(intersect(layers[0]!.spans, layers[1]!.spans))).toBe(0);
  });

  it('masks nothing for a zone that only flags', () => {
    const plan = compileMask([zoneOf({ action: 'flag' })], 320, 240, false);
    expect([plan.layers.length, plan.zones.length, plan.maskedShare]).toEqual([0, 0, 0]);
  });

  it('masks the kinds of Art. 15 solid, whatever style they ask for', () => {
    const plan = compileMask([zoneOf({ kind: 'restroom', style: 'blur' })], 320, 240, false);
    expect(plan.layers.map(({ style }) => style)).toEqual(['solid']);
  });

  it('of the whole picture covers all of it', () => {
    const plan = wholePicturePlan(322, 242, true);
    expect(plan.maskedShare).toBe(1);
    expect(plan.layers.map(({ style }) => style)).toEqual(['solid']);
  });

  it('of a coarse picture masks its zones besides, the solid ones to nothing', () => {
    const solid = zoneOf({ kind: 'restroom' });
    const plan = coarsePicturePlan([solid], 322, 242, false);
    expect(plan.maskedShare).toBe(1);
    expect(plan.layers.map(({ style }) => style)).toEqual(['solid', 'pixelate']);
    expect(plan.layers[0]!.spans).toEqual(compileMask([solid], 322, 242, false).layers[0]!.spans);
    expect(coarsePicturePlan([], 322, 242, false).layers.map(({ style }) => style)).toEqual(['pixelate']);
  });

  it('is refused for odd sizes and for a zone that lies beside the picture', () => {
    expect(() => compileMask([zoneOf()], 321, 240, false)).toThrow(/321x240/);
    const beside = zoneOf({ id: 'beside', polygon: rectangle(1.5, 0, 1.8, 1) });
    expect(() => compileMask([beside], 320, 240, false)).toThrow(/Zone beside covers nothing/);
  });
});
