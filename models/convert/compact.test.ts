import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, fromHalf, toHalf } from './compact.js';
import { floats } from './onnx-file.js';

describe('16-bit floats', () => {
  it('come back as they were, every one of them', () => {
    const all = Array.from({ length: 0x10000 }, (_, bits) => bits);
    expect(all.filter((bits) => !Number.isNaN(fromHalf(bits)) && toHalf(fromHalf(bits)) !== bits)).toEqual([]);
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
  });

  it('are the nearest ones', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const bits = toHalf(value);
        const error = Math.abs(fromHalf(bits) - value);
        for (const other of [bits - 1, bits + 1].map((each) => fromHalf(each & 0xffff)))
          if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
      }),
    );
  });
});

describe('what is stored in 16 bits', () => {
  const graph = (values: readonly number[]) =>
    compact({
      name: 'g',
      inputs: [],
      outputs: [],
      nodes: [],
      constants: [floats('w', [2, values.length / 2], values), floats('bias', [1], [0.1])],
    });

  it('is exact where that can be', () => {
    const { constants, nodes } = graph(Array.from({ length: 2048 }, (_, i) => i / 8));
    expect(constants.map(({ name, type }) => `${name} ${type}`)).toEqual(['w.half float16', 'bias float']);
    expect(nodes.map(({ op, outputs }) => `${op} ${outputs}`)).toEqual(['Cast w']);
  });

  it('is scaled by channel where not', () => {
    const { constants, nodes } = graph(Array.from({ length: 2048 }, (_, i) => i / 7));
    expect(constants.map(({ type }) => type)).toEqual(['int16', 'float', 'float']);
    expect(nodes.map(({ op }) => op)).toEqual(['Cast', 'Mul']);
  });
});
