import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoxMask } from './box-mask.js';
import { Masker } from './masked-frame.js';
import { noisePicture } from './picture.fixture.js';
import { compileMask } from './plan.js';

const [WIDTH, HEIGHT] = [64, 48];
const NO_ZONES = compileMask([], WIDTH, HEIGHT, false);

/** Masks a picture with boxes alone. */
const maskWith = (boxes: BoxMask) => {
  const picture = noisePicture(WIDTH, HEIGHT, 1);
  const masker = new Masker(picture, () => picture.planes);
  masker.load(() => undefined);
  masker.mask(NO_ZONES, boxes);
  return picture;
};

const share = fc.double({ min: -0.5, max: 1.5, noNaN: true });

describe('boxes', () => {
  test('hide every pixel that they touch, in all planes, and nothing two pixels further', () => {
    fc.assert(
      fc.property(share, share, share, share, (a, b, c, d) => {
        const [left, right] = [Math.min(a, c), Math.max(a, c)];
        const [top, bottom] = [Math.min(b, d), Math.max(b, d)];
        const boxes = new BoxMask(WIDTH, HEIGHT);
        boxes.add(left, top, right, bottom);
        const before = noisePicture(WIDTH, HEIGHT, 1);
        const after = maskWith(boxes);
        const wrong: string[] = [];
        for (let y = 0; y < HEIGHT; y++)
          for (let x = 0; x < WIDTH; x++) {
            const isIn = x + 1 > left * WIDTH && x < right * WIDTH && y + 1 > top * HEIGHT && y < bottom * HEIGHT;
            const isNear =
              x + 3 >= left * WIDTH && x - 2 <= right * WIDTH && y + 3 >= top * HEIGHT && y - 2 <= bottom * HEIGHT;
            const [luma, u, v] = after.planes;
            const at = y * luma.stride + x;
            const chroma = (y >> 1) * u.stride + (x >> 1);
            const isBlack = luma.data[at] === 16 && u.data[chroma] === 128 && v.data[chroma] === 128;
            if (isIn && !isBlack) wrong.push(`${x}, ${y} is open`);
            if (!isNear && luma.data[at] !== before.planes[0].data[at]) wrong.push(`${x}, ${y} is changed`);
          }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('that are no numbers, or too many, hide the whole picture', () => {
    for (const spoil of [
      (boxes: BoxMask) => boxes.add(Number.NaN, 0, 1, 1),
      (boxes: BoxMask) => boxes.add(0, 0, Number.POSITIVE_INFINITY, 1),
      (boxes: BoxMask) => {
        for (let i = 0; i < 300; i++) boxes.add(0, 0, 0.1, 0.1);
      },
    ]) {
      const boxes = new BoxMask(WIDTH, HEIGHT);
      boxes.add(0.2, 0.2, 0.3, 0.3);
      spoil(boxes);
      const { data, stride } = maskWith(boxes).planes[0];
      for (let y = 0; y < HEIGHT; y++)
        expect(data.subarray(y * stride, y * stride + WIDTH).every((v) => v === 16)).toBe(true);
    }
  });

  test('only add: under them and beside them zones stay masked', () => {
    const zone = {
      id: 'door',
      kind: 'private',
      polygon: [
        [0, 0],
        [0.5, 0],
        [0.5, 0.5],
        [0, 0.5],
      ],
      action: 'mask',
      style: 'pixelate',
      padding: 0,
    } as const;
    const boxes = new BoxMask(WIDTH, HEIGHT);
    boxes.add(0.25, 0.25, 0.75, 0.75);
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    const masker = new Masker(picture, () => picture.planes);
    masker.load(() => undefined);
    masker.mask(compileMask([zone], WIDTH, HEIGHT, false), boxes);
    const alone = noisePicture(WIDTH, HEIGHT, 1);
    const other = new Masker(alone, () => alone.planes);
    other.load(() => undefined);
    other.mask(compileMask([zone], WIDTH, HEIGHT, false));
    const at = (x: number, y: number) => y * picture.planes[0].stride + x;
    expect(picture.planes[0].data[at(4, 4)]).toBe(alone.planes[0].data[at(4, 4)]);
    expect(picture.planes[0].data[at(20, 16)]).toBe(16);
    expect(picture.planes[0].data[at(40, 30)]).toBe(16);
  });

  test('that are drawn into memory which is not encoded are found out, and the frame is lost', () => {
    const boxes = new BoxMask(WIDTH, HEIGHT);
    boxes.add(0.25, 0.25, 0.75, 0.75);
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    const other = noisePicture(WIDTH, HEIGHT, 1);
    const masker = new Masker(picture, () => other.planes);
    masker.load(() => undefined);
    expect(() => masker.mask(NO_ZONES, boxes)).toThrow(expect.objectContaining({ code: 'mask-self-test' }));
  });

  test('for a picture of another size are refused', () => {
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    const masker = new Masker(picture, () => picture.planes);
    masker.load(() => undefined);
    expect(() => masker.mask(NO_ZONES, new BoxMask(32, 48))).toThrow(
      expect.objectContaining({ code: 'mask-geometry' }),
    );
  });
});
