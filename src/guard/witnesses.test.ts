import { describe, expect, it } from 'vitest';
import { learnedGuard, paint, scene } from './guard.fixture.js';
import { BLOCKS } from './view-reference.js';
import { Witnesses } from './witnesses.js';

const reference = learnedGuard(paint(scene())).learned[0]!;
const count = (witnesses: Witnesses) => witnesses.of(reference).reduce((sum, one) => sum + one, 0);
/** Shares of blocks: `value` in every `each`-th one, else none. */
const inEvery = (each: number, value = 0.9) =>
  Float32Array.from({ length: BLOCKS }, (_, i) => (i % each === 0 ? value : 0));
const ALL = inEvery(1);

describe('Witnesses', () => {
  it('are all informative blocks to begin with, and after a reset', () => {
    const witnesses = new Witnesses();
    expect(count(witnesses)).toBe(reference.informative);
    witnesses.steady(inEvery(2), null);
    expect(count(witnesses)).toBeLessThan(reference.informative);
    witnesses.reset();
    expect(count(witnesses)).toBe(reference.informative);
  });

  it('are those in their place, again as soon as they come back', () => {
    const witnesses = new Witnesses();
    witnesses.steady(inEvery(2), null);
    expect([...witnesses.of(reference)].every((one, i) => one === 0 || i % 2 === 0)).toBe(true);
    witnesses.steady(ALL, null);
    expect(count(witnesses)).toBe(reference.informative);
  });

  it('stay so as they go along with a drift, but no other block becomes one by it', () => {
    const witnesses = new Witnesses();
    witnesses.steady(inEvery(2), null);
    const before = [...witnesses.of(reference)];
    witnesses.steady(inEvery(BLOCKS), ALL);
    expect([...witnesses.of(reference)]).toEqual(before);
  });

  it('are all again where hardly one is left', () => {
    const witnesses = new Witnesses();
    witnesses.steady(inEvery(20), null);
    expect(count(witnesses)).toBe(reference.informative);
  });
});
