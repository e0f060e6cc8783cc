import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blurLine, blurredValue, fillBlurred } from './blur.js';
import { gridOver, measureCells } from './cells.js';
import { anyPolygon, anySize, copyOf, noisePicture } from './picture.fixture.js';
import { covers, type RowSpans, rasterize } from './raster.js';

function blurred(spans: RowSpans, cell: number, gap = 0) {
  const grid = gridOver(spans, cell, 1);
  const picture = noisePicture(spans.width, spans.height, 1, false, gap);
  const before = copyOf(picture);
  measureCells(grid, picture);
  fillBlurred(spans, grid, blurLine(grid), picture);
  return { grid, picture, before };
}

describe('blur', () => {
  it('leaves the interpolated means of the cells, and everything outside the zone alone', () => {
    fc.assert(
      fc.property(
        anyPolygon,
        anySize,
        fc.constantFrom(16, 18, 26),
        fc.nat(9),
        (polygon, { width, height }, cell, gap) => {
          const spans = rasterize(polygon, width, height, 2);
          const { grid, picture, before } = blurred(spans, cell, gap);
          for (const [p, { data, stride }] of picture.planes.entries()) {
            const scale = p === 0 ? 1 : 2;
            for (let at = 0; at < data.length; at++) {
              const [x, y] = [at % stride, Math.floor(at / stride)];
              const masked = x < width / scale && covers(spans, x * scale, y * scale);
              const expected = masked ? blurredValue(grid, p, x, y) : before.planes[p]!.data[at];
              if (data[at] !== expected) expect.fail(`plane ${p}, ${x}, ${y}`);
            }
          }
        },
      ),
    );
  });

  it('is bilinear between the centres of cells and flat beyond the outer ones', () => {
    const spans = rasterize(
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      64,
      64,
      0,
    );
    const { grid } = blurred(spans, 16);
    const mean = (column: number, row: number) => grid.means[0][row * 4 + column]!;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const [u, v] = [(x + 0.5) / 16 - 0.5, (y + 0.5) / 16 - 0.5].map((at) => Math.min(3, Math.max(0, at))) as [
          number,
          number,
        ];
        const [c, r] = [Math.min(2, Math.floor(u)), Math.min(2, Math.floor(v))];
        const upper = mean(c, r) + (mean(c + 1, r) - mean(c, r)) * (u - c);
        const lower = mean(c, r + 1) + (mean(c + 1, r + 1) - mean(c, r + 1)) * (u - c);
        expect(Math.abs(blurredValue(grid, 0, x, y) - (upper + (lower - upper) * (v - r)))).toBeLessThanOrEqual(
          0.5 + 1e-9,
        );
      }
    }
  });
});
