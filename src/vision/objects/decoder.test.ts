import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NanodetDecoder } from './nanodet.js';
import { SsdDecoder } from './ssd.js';
import { YoloxDecoder } from './yolox.js';

it('NanoDet’s box has its sides at the means of their distributions, from the centre of its cell', () => {
  // One grid of 3 x 2 cells of 32 px, two classes; class 1 in the cell of column 2, row 1.
  const cells = 6;
  const cell = 5;
  const scores32 = new Float32Array(2 * cells);
  scores32[cells + cell] = 0.9;
  const boxes32 = new Float32Array(44 * cells);
  const sure = (side: number, bin: number) => {
    boxes32[(side * 11 + bin) * cells + cell] = 50;
  };
  sure(0, 2);
  sure(1, 1);
  sure(3, 0);
  // Right: half at 1, half at 2.
  sure(2, 1);
  sure(2, 2);
  const [found, ...others] = new NanodetDecoder([32]).decode({ scores32, boxes32 }, { width: 96, height: 64 }, 2, 0.5);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ label: 1, score: Math.fround(0.9) });
  const { left, top, right, bottom } = found!;
  expect([left, top, right, bottom].map((each) => Math.round(each))).toEqual([80 - 64, 48 - 32, 80 + 48, 48]);
});

it('a single-shot detector’s boxes come top, left, bottom, right', () => {
  const scores = new Float32Array(6);
  scores[4] = 0.7;
  const boxes = Float32Array.from([0, 0, 0, 0, 0.25, 0.5, 0.75, 1]);
  expect(new SsdDecoder().decode({ scores, boxes }, { width: 300, height: 200 }, 3, 0.5)).toEqual([
    { label: 1, score: Math.fround(0.7), left: 150, top: 50, right: 300, bottom: 150 },
  ]);
});

it('YOLOX’s box lies round a point that its cell says, of a size that it says as a logarithm, all in strides', () => {
  const strides = [8, 16, 32];
  const [width, height, classes] = [96, 64, 3];
  const cells = strides.map((stride) => (width / stride) * (height / stride));
  const boxes = fc.record({
    grid: fc.nat(2),
    cell: fc.nat(1e6),
    label: fc.nat(classes - 1),
    x: fc.double({ min: -20, max: 120, noNaN: true }),
    y: fc.double({ min: -20, max: 120, noNaN: true }),
    wide: fc.double({ min: 1, max: 200, noNaN: true }),
    high: fc.double({ min: 1, max: 200, noNaN: true }),
    anything: fc.double({ min: 0.1, max: 1, noNaN: true }),
    score: fc.double({ min: 0.1, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(boxes, ({ grid, cell, label, x, y, wide, high, anything, score }) => {
      const stride = strides[grid]!;
      const at = cell % cells[grid]!;
      const columns = width / stride;
      const output = new Float32Array((5 + classes) * cells.reduce((sum, each) => sum + each, 0));
      const first = (5 + classes) * (cells.slice(0, grid).reduce((sum, each) => sum + each, 0) + at);
      output.set([x / stride - (at % columns), y / stride - Math.floor(at / columns)], first);
      output.set([Math.log(wide / stride), Math.log(high / stride), anything], first + 2);
      output[first + 5 + label] = score;
      const [found, ...others] = new YoloxDecoder(strides).decode({ output }, { width, height }, classes, 0.009);
      expect(others).toEqual([]);
      expect(found!.label).toBe(label);
      expect(found!.score).toBeCloseTo(anything * score, 5);
      const { left, top, right, bottom } = found!;
      const wanted = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
      for (const [i, edge] of [left, top, right, bottom].entries()) expect(edge).toBeCloseTo(wanted[i]!, 2);
      expect(new YoloxDecoder(strides).decode({ output }, { width, height }, classes, 1.01)).toEqual([]);
    }),
  );
});
