import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../masking/masked-frame.js';
import type { Picture, Plane } from '../../masking/picture.js';
import { compileMask } from '../../masking/plan.js';
import type { Point, ZoneStyle } from '../../zones/zone.js';
import { countLeaks } from './count-leaks.js';
import { hiddenPixels } from './hidden-pixels.js';

const SIZE = 128;
const SQUARE: readonly Point[] = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
];

/** A picture full of fine detail. */
function lively(): Picture {
  const plane = (side: number, of: (x: number, y: number) => number): Plane => ({
    data: Uint8Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side))),
    stride: side,
  });
  const luma = plane(SIZE, (x, y) => 60 + ((x * 37 + y * 91 + ((x * y) >> 2)) % 150));
  const chroma = (): Plane => plane(SIZE / 2, (x, y) => 60 + ((x * 13 + y * 7) % 130));
  return { width: SIZE, height: SIZE, fullRange: false, planes: [luma, chroma(), chroma()] };
}

const copyOf = (picture: Picture): Picture => ({
  ...picture,
  planes: picture.planes.map(({ data, stride }) => ({
    data: Uint8Array.from(data),
    stride,
  })) as unknown as Picture['planes'],
});

/** What the product makes of it. */
function masked(picture: Picture, style: ZoneStyle, polygon = SQUARE): Picture {
  const zone = { id: 'z', kind: 'private', polygon, action: 'mask', style, padding: 16 } as const;
  const copy = copyOf(picture);
  const masker = new Masker(copy, () => copy.planes);
  masker.load(() => undefined);
  masker.mask(compileMask([zone], SIZE, SIZE, false));
  return copy;
}

describe('hidden pixels', () => {
  it('of a rectangle are those whose centres lie in it', () => {
    const hidden = hiddenPixels([SQUARE], 8, 8);
    const rows = Array.from({ length: 8 }, (_, y) => hidden.subarray(y * 8, y * 8 + 8).join(''));
    expect(rows).toEqual([
      '00000000',
      '00000000',
      '00111100',
      '00111100',
      '00111100',
      '00111100',
      '00000000',
      '00000000',
    ]);
  });

  it('of any triangle are those that a test of each centre finds', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const point = fc.tuple(share, share);
    fc.assert(
      fc.property(fc.tuple(point, point, point), (triangle) => {
        const hidden = hiddenPixels([triangle], 20, 20);
        const side = ([ax, ay]: Point, [bx, by]: Point, x: number, y: number): number =>
          (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        for (let y = 0; y < 20; y++)
          for (let x = 0; x < 20; x++) {
            const [cx, cy] = [(x + 0.5) / 20, (y + 0.5) / 20];
            const sides = triangle.map((corner, i) => side(corner, triangle[(i + 1) % 3]!, cx, cy));
            if (sides.some((s) => Math.abs(s) < 1e-9)) continue;
            const inside = sides.every((s) => s > 0) || sides.every((s) => s < 0);
            expect(hidden[y * 20 + x], `${x},${y}`).toBe(inside ? 1 : 0);
          }
      }),
    );
  });
});

describe('counting leaks', () => {
  const hidden = hiddenPixels([SQUARE], SIZE, SIZE);
  const area = hidden.reduce((sum, value) => sum + value, 0);
  const source = lively();
  const count = (output: Picture, test: 'black' | 'detail'): number =>
    countLeaks(source, output, hidden, { test, fullRange: false });

  it('finds none in what the product masks, in any style', () => {
    expect(count(masked(source, 'solid'), 'black')).toBe(0);
    expect(count(masked(source, 'pixelate'), 'detail')).toBe(0);
    expect(count(masked(source, 'blur'), 'detail')).toBe(0);
  });

  it('finds all of it where nothing is masked', () => {
    expect(count(source, 'black')).toBeGreaterThan(0.9 * area);
    expect(count(source, 'detail')).toBeGreaterThan(0.5 * area);
  });

  it('finds a mask that lies beside, and one of luma or chroma alone', () => {
    const beside = SQUARE.map(([x, y]): Point => [Math.min(1, x + 0.25), y]);
    expect(count(masked(source, 'solid', beside), 'black')).toBeGreaterThan(0.1 * area);
    expect(count(masked(source, 'pixelate', beside), 'detail')).toBeGreaterThan(0);
    const [good, naked] = [masked(source, 'solid'), source.planes];
    const half = (planes: readonly Plane[]): Picture => ({ ...good, planes: planes as unknown as Picture['planes'] });
    expect(count(half([good.planes[0], naked[1], naked[2]]), 'black')).toBeGreaterThan(0.3 * area);
    expect(count(half([naked[0], good.planes[1], good.planes[2]]), 'black')).toBeGreaterThan(0.8 * area);
  });

  it('finds half of the detail, and counts what lies in the zone alone', () => {
    const faint = copyOf(source);
    for (const [i, value] of faint.planes[0].data.entries()) faint.planes[0].data[i] = 90 + (value >> 1);
    expect(count(faint, 'detail')).toBeGreaterThan(0.5 * area);
    const outside = masked(source, 'solid');
    outside.planes[0].data[0] = 255;
    expect(count(outside, 'black')).toBe(0);
    outside.planes[0].data[64 * SIZE + 64] = 255;
    expect(count(outside, 'black')).toBe(1);
  });
});
