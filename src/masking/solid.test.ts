import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPolygon, anySize, copyOf, noisePicture } from './picture.fixture.js';
import { covers, rasterize } from './raster.js';
import { fillSolid } from './solid.js';

describe('solid', () => {
  it('leaves exactly black in the covered pixels of all planes, and everything else alone, padding of rows included', () => {
    fc.assert(
      fc.property(anyPolygon, anySize, fc.boolean(), fc.nat(9), (polygon, { width, height }, fullRange, gap) => {
        const spans = rasterize(polygon, width, height, 2);
        const picture = noisePicture(width, height, 1, fullRange, gap);
        const before = copyOf(picture);
        fillSolid(spans, picture);
        const black = [fullRange ? 0 : 16, 128, 128];
        for (const [p, { data, stride }] of picture.planes.entries()) {
          const scale = p === 0 ? 1 : 2;
          for (let at = 0; at < data.length; at++) {
            const [x, y] = [at % stride, Math.floor(at / stride)];
            const masked = x < width / scale && covers(spans, x * scale, y * scale);
            if (data[at] !== (masked ? black[p] : before.planes[p]!.data[at])) expect.fail(`plane ${p}, ${x}, ${y}`);
          }
        }
      }),
    );
  });
});
