import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOver, measureCells } from './cells.js';
import { anyPolygon, anySize, copyOf, noisePicture } from './picture.fixture.js';
import { fillCells, pixelatedValue } from './pixelate.js';
import { covers, rasterize } from './raster.js';

describe('pixelate', () => {
  const size = fc.constantFrom(16, 18, 26);

  it('leaves one value a cell and plane, and everything outside the zone alone', () => {
    fc.assert(
      fc.property(anyPolygon, anySize, size, fc.nat(9), (polygon, { width, height }, cell, gap) => {
        const spans = rasterize(polygon, width, height, 2);
        const grid = gridOver(spans, cell, 0);
        const picture = noisePicture(width, height, 1, false, gap);
        const before = copyOf(picture);
        measureCells(grid, picture);
        fillCells(spans, grid, picture);
        for (const [p, { data, stride }] of picture.planes.entries()) {
          const scale = p === 0 ? 1 : 2;
          const seen = new Map<string, number>();
          for (let at = 0; at < data.length; at++) {
            const [x, y] = [at % stride, Math.floor(at / stride)];
            if (x < width / scale && covers(spans, x * scale, y * scale)) {
              const column = Math.min(Math.max(1, Math.floor(width / cell)) - 1, Math.floor((x * scale) / cell));
              const row = Math.min(Math.max(1, Math.floor(height / cell)) - 1, Math.floor((y * scale) / cell));
              const value = seen.get(`${column},${row}`) ?? data[at]!;
              seen.set(`${column},${row}`, value);
              if (data[at] !== value) expect.fail(`a second value in cell ${column}, ${row} of plane ${p}`);
              if (data[at] !== pixelatedValue(grid, p, x, y)) expect.fail(`plane ${p}, ${x}, ${y} is not as foretold`);
            } else if (data[at] !== before.planes[p]!.data[at]) expect.fail(`plane ${p}, ${x}, ${y} changed`);
          }
        }
      }),
    );
  });

  it('shows nothing of a picture but the means of its cells', () => {
    const spans = rasterize(
      [
        [0.1, 0.1],
        [0.9, 0.2],
        [0.5, 0.9],
      ],
      160,
      128,
      4,
    );
    const grid = gridOver(spans, 16, 0);
    const picture = noisePicture(160, 128, 7);
    const shuffled = copyOf(picture);
    // Turning every cell upside down keeps its mean.
    for (const [p, { data, stride }] of shuffled.planes.entries()) {
      const cell = p === 0 ? 16 : 8;
      data.forEach((_, at) => {
        const [x, y] = [at % stride, Math.floor(at / stride)];
        const flipped = y - (y % cell) + (cell - 1 - (y % cell));
        data[at] = picture.planes[p]!.data[flipped * stride + x]!;
      });
    }
    for (const each of [picture, shuffled]) {
      measureCells(grid, each);
      fillCells(spans, grid, each);
    }
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 160; x++) {
        if (covers(spans, x, y)) expect(shuffled.planes[0].data[y * 160 + x]).toBe(picture.planes[0].data[y * 160 + x]);
      }
    }
  });
});
