import { describe, expect, it } from 'vitest';
import { InputMaker } from './input-maker.js';
import type { ModelInput } from './model-card.js';

const input: ModelInput = {
  name: 'x',
  shape: [1, 3, 4, 4],
  layout: 'NCHW',
  colour: 'rgb',
  fit: 'stretch',
  mean: [10, 20, 30],
  std: [1, 2, 4],
};

/** Red 50, green 60, blue 70. */
const picture = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => [50, 60, 70][i % 3]!),
});

describe('a model’s input', () => {
  it('is normalised in planes', () => {
    const maker = new InputMaker(input);
    expect(maker.fill(picture(9, 5))).toEqual({ x: 0, y: 0, width: 4, height: 4 });
    expect([maker.tensor[0], maker.tensor[16], maker.tensor[32]]).toEqual([40, 20, 10]);
  });

  it('is normalised pixel by pixel', () => {
    const maker = new InputMaker({ ...input, layout: 'NHWC', shape: [1, 4, 4, 3] });
    maker.fill(picture(4, 4));
    expect([...maker.tensor.slice(45)]).toEqual([40, 20, 10]);
  });

  it('has its means in the order of its channels', () => {
    const maker = new InputMaker({ ...input, colour: 'bgr' });
    maker.fill(picture(4, 4));
    expect([maker.tensor[0], maker.tensor[16], maker.tensor[32]]).toEqual([60, 20, 5]);
    const pixels = new InputMaker({ ...input, colour: 'bgr', layout: 'NHWC', shape: [1, 4, 4, 3] });
    pixels.fill(picture(4, 4));
    expect([...pixels.tensor.slice(0, 3)]).toEqual([60, 20, 5]);
  });

  it('is padded with the mean where the whole picture must fit, and forgets the picture before', () => {
    const maker = new InputMaker({ ...input, fit: 'letterbox' });
    maker.fill(picture(4, 4));
    expect(maker.fill(picture(8, 4))).toEqual({ x: 0, y: 1, width: 4, height: 2 });
    expect([...maker.tensor.slice(0, 16)]).toEqual([0, 0, 0, 0, 40, 40, 40, 40, 40, 40, 40, 40, 0, 0, 0, 0]);
  });

  it.each([
    ['NCHW', [1, 3, 4, 4], (x: number, y: number) => y * 4 + x],
    ['NHWC', [1, 4, 4, 3], (x: number, y: number) => (y * 4 + x) * 3],
  ] as const)(
    'has the picture in the corner and a colour of its own beside it where the model wants that (%s)',
    (layout, shape, at) => {
      const maker = new InputMaker({ ...input, fit: 'corner', pad: 114, layout, shape: [...shape] });
      maker.fill(picture(4, 4));
      expect(maker.fill(picture(8, 4))).toEqual({ x: 0, y: 0, width: 4, height: 2 });
      for (let x = 0; x < 4; x++)
        expect([0, 1, 2, 3].map((y) => maker.tensor[at(x, y)])).toEqual([40, 40, 114 - 10, 114 - 10]);
      const [green, blue] = layout === 'NCHW' ? [16 + 15, 32 + 15] : [46, 47];
      expect([maker.tensor[green], maker.tensor[blue]]).toEqual([(114 - 20) / 2, (114 - 30) / 4]);
    },
  );

  it('is the middle where the picture may be cut', () => {
    const wide = picture(8, 4);
    for (let y = 0; y < 4; y++) for (const x of [0, 1, 6, 7]) wide.data.fill(255, (y * 8 + x) * 3, (y * 8 + x) * 3 + 3);
    const maker = new InputMaker({ ...input, fit: 'cover' });
    maker.fill(wide);
    expect(maker.tensor.slice(0, 16).every((value) => value === 40)).toBe(true);
  });

  it('takes pictures of changing sizes, down to one pixel', () => {
    const maker = new InputMaker({ ...input, fit: 'letterbox' });
    for (const [width, height] of [
      [1, 1],
      [300, 2],
      [2, 300],
      [4, 4],
    ] as const) {
      maker.fill(picture(width, height));
      expect(maker.tensor.every(Number.isFinite)).toBe(true);
    }
  });
});
