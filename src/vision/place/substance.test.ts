import { describe, expect, it } from 'vitest';
import { isFeatureless, type Substance, SubstanceMeter } from './substance.js';

const SIDE = 64;
const measure = (value: (x: number, y: number) => number): Substance => {
  const plane = Float32Array.from({ length: SIDE * SIDE }, (_, at) => value(at % SIDE, Math.floor(at / SIDE)) / 128);
  return new SubstanceMeter(SIDE, SIDE).measure(Float32Array.of(...plane, ...plane, ...plane), 128);
};
const noise = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed >>> 24;
};

describe('whether there is anything in a picture', () => {
  it('measures contrast in grey levels', () => {
    expect(measure((x) => (x % 2 ? 20 : 60)).contrast).toBeCloseTo(20, 3);
    expect(measure(() => 77).contrast).toBeCloseTo(0, 3);
  });

  it('structure is what stays alike from here to there', () => {
    expect(measure((x, y) => (x < 32 === y < 32 ? 30 : 200)).structure).toBeGreaterThan(0.8);
    expect(Math.abs(measure(noise(5)).structure)).toBeLessThan(0.05);
  });

  it('finds nothing in one colour and in noise, and something in halves of a picture even under noise', () => {
    expect(isFeatureless(measure(() => 200))).toBe(true);
    expect(isFeatureless(measure(noise(6)))).toBe(true);
    const grain = noise(7);
    expect(isFeatureless(measure((x) => (x < 30 ? 60 : 180) + grain() / 4))).toBe(false);
  });
});
