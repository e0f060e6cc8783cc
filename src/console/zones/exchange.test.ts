import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Point, ZONE_ACTIONS, ZONE_KINDS, ZONE_STYLES, type Zone } from '../../zones/zone.js';
import { ExchangeError, exportZones, importZones } from './exchange.js';

const share = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
const anyZone = fc.record<Zone>({
  id: fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/),
  kind: fc.constantFrom(...ZONE_KINDS),
  polygon: fc.array(fc.tuple(share, share) as fc.Arbitrary<Point>, { minLength: 3, maxLength: 8 }),
  action: fc.constantFrom(...ZONE_ACTIONS),
  style: fc.constantFrom(...ZONE_STYLES),
  padding: fc.integer({ min: 0, max: 256 }),
});
const anyZones = fc.uniqueArray(anyZone, { minLength: 1, maxLength: 5, selector: ({ id }) => id });

describe('zones', () => {
  it('come back from our own format as they went', () => {
    fc.assert(
      fc.property(anyZones, (zones) => {
        expect(importZones(exportZones(zones, 'lobby', 'veilgate'))).toEqual(zones);
      }),
    );
  });

  it('come back from Frigate and ONVIF with the same masked shapes', () => {
    fc.assert(
      fc.property(anyZones, (zones) => {
        const masks = zones.filter(({ action }) => action === 'mask');
        fc.pre(masks.length > 0);
        const shapes = (from: readonly Zone[]) =>
          from.filter(({ action }) => action === 'mask').map(({ polygon }) => polygon);
        expect(shapes(importZones(exportZones(zones, 'lobby', 'frigate')))).toEqual(shapes(zones));
        const back = shapes(importZones(exportZones(zones, 'lobby', 'onvif'))).flat(2);
        const sent = shapes(zones).flat(2);
        expect(back).toHaveLength(sent.length);
        for (const [i, value] of sent.entries()) expect(back[i]).toBeCloseTo(value, 5);
      }),
    );
  });

  it('are turned as ONVIF counts: the origin in the middle, y upwards', () => {
    const corner = (x: number, y: number) => `<tt:Point x="${x}" y="${y}"/>`;
    const text = `<m:Mask token="Door 1"><m:Polygon>${corner(-1, 1)}${corner(0, 1)}${corner(0, 0)}</m:Polygon><m:Type>Blurred</m:Type></m:Mask>`;
    expect(importZones(text)).toEqual([
      {
        id: 'door-1',
        kind: 'private',
        polygon: [
          [0, 0],
          [0.5, 0],
          [0.5, 0.5],
        ],
        action: 'mask',
        style: 'blur',
        padding: 16,
      },
    ]);
  });

  it('become no weaker by a word that is not known', () => {
    const [zone] = importZones(
      'zones: [{ id: a, polygon: [[0,0],[1,0],[1,1]], style: mosaic, action: ignore, kind: sauna }]',
    );
    expect(zone).toMatchObject({ style: 'solid', action: 'mask', kind: 'private' });
  });

  it.each([
    ['pixels instead of shares', 'cameras: { a: { motion: { mask: ["100,100,200,100,200,200"] } } }', 'unreadable'],
    ['no YAML', 'zones: [', 'unreadable'],
    ['no zones', 'cameras: { a: {} }', 'no-zones'],
    ['half a point', 'zones: [{ id: a, polygon: [0, 0, 1, 0, 1, 1, 0] }]', 'unreadable'],
  ])('are refused with %s', (_, text, code) => {
    expect(() => importZones(text)).toThrow(new ExchangeError(code as 'no-zones'));
  });
});
