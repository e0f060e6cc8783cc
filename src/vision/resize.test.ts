import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crop, Resizer, resize } from './resize.js';

const flat = (width: number, height: number, value: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe('resizing', () => {
  it('keeps a flat picture flat, whatever the sizes', () => {
    const side = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, width, height, value) => {
        const { data } = resize(flat(w, h, value), width, height);
        expect(data.length).toBe(width * height * 3);
        expect(data.every((each) => each === value)).toBe(true);
      }),
    );
  });

  it('leaves a picture of the size alone', () => {
    const picture = flat(4, 4, 9);
    expect(resize(picture, 4, 4)).toBe(picture);
    const data = Uint8Array.from({ length: 48 }, (_, i) => i);
    expect([...new Resizer(picture, picture).resize({ ...picture, data }).data]).toEqual([...data]);
  });

  it('weighs a reduction by a triangle twice as wide as the reduction, as Pillow does', () => {
    // Pillow 11: Image.frombytes('L', (8, 1), bytes([0,0,0,0,255,255,255,255])).resize((4, 1), Image.BILINEAR) -> 0, 32, 223, 255
    const data = Uint8Array.from({ length: 24 }, (_, i) => (i < 12 ? 0 : 255));
    const { data: small } = resize({ width: 8, height: 1, data }, 4, 1);
    expect([0, 3, 6, 9].map((i) => small[i])).toEqual([0, 32, 223, 255]);
  });

  it('does not mix colours', () => {
    const data = Uint8Array.from({ length: 27 }, (_, i) => [10, 100, 200][i % 3]!);
    expect([...resize({ width: 3, height: 3, data }, 2, 2).data.slice(0, 3)]).toEqual([10, 100, 200]);
  });
});

it('a cut-out is what lay there', () => {
  const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => Math.floor(i / 3));
  const { data: part } = crop({ width: 4, height: 3, data }, 1, 1, 2, 2);
  expect([0, 3, 6, 9].map((i) => part[i])).toEqual([5, 6, 9, 10]);
});
