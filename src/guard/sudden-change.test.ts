import { describe, expect, it } from 'vitest';
import type { Match } from './match.js';
import { SuddenChange } from './sudden-change.js';

const seen = (share: number, goodBlocks: number) => ({ share, goodBlocks }) as Match;
/** Which of these pictures, 40 ms apart, are of a view that has changed at once. */
function changes(pictures: readonly Match[], apart = 40): boolean[] {
  const sudden = new SuddenChange();
  return pictures.map((picture, n) => sudden.isOn(picture, n * apart));
}

describe('SuddenChange', () => {
  it('is on from the picture in which a view has turned into another until it is back', () => {
    const pictures = [seen(1, 1), seen(0.43, 0.4), seen(0.43, 0.4), seen(0.48, 0.55), seen(0.9, 0.9), seen(0.43, 0.7)];
    expect(changes(pictures)).toEqual([false, true, true, true, false, false]);
  });

  it('is not what light does, nor what comes before the camera over several pictures', () => {
    expect(changes([seen(0.99, 0.99), seen(0.63, 0.5), seen(0.81, 0.75)])).toEqual([false, false, false]);
    expect(changes([seen(1, 1), seen(0.6, 0.7), seen(0.48, 0.5), seen(0.35, 0.35)])).not.toContain(true);
  });

  it('is not what a sensor’s noise does in the dark, where hardly half of the edges are in place', () => {
    expect(changes([seen(0.51, 0.37), seen(0.52, 0.43), seen(0.49, 0.25), seen(0.51, 0.35)])).not.toContain(true);
  });

  it('asks nothing of pictures that are far apart, or after a new start', () => {
    expect(changes([seen(1, 1), seen(0.43, 0.4)], 200)).toEqual([false, false]);
    const sudden = new SuddenChange();
    expect(sudden.isOn(seen(1, 1), 0)).toBe(false);
    sudden.reset();
    expect(sudden.isOn(seen(0.4, 0.3), 40)).toBe(false);
  });
});
