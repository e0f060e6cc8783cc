import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, type Quad, rectangle } from '../quad.js';
import { board, cover, hang, scene } from './photo.fixture.js';
import { SignPhoto } from './sign-photo.js';

const PHOTO = SignPhoto.of(board(1))!;
const PLACE = rectangle(200, 90, 220, 88);

/** Furthest corner, px. */
const off = (a: Quad, b: Quad): number => Math.max(...a.map((corner, i) => distance(corner, b[i]!)));

function hung(quad: Quad, seed = 1, light = 1) {
  const picture = scene(seed);
  hang(picture, board(1), quad, light);
  return picture;
}

describe('knowing a sign again by its photo', () => {
  it.each([
    ['from the front', PLACE],
    ['from far away', rectangle(300, 200, 110, 44)],
    ['from near', rectangle(40, 40, 540, 216)],
    [
      'from its left, in perspective',
      [
        [200, 90],
        [330, 108],
        [330, 182],
        [200, 190],
      ],
    ],
    [
      'rolled by six degrees',
      [
        [200, 90],
        [419, 113],
        [410, 200],
        [191, 177],
      ],
    ],
  ] as const)('finds its corners %s', (_, quad) => {
    const found = PHOTO.find(hung(quad))!;
    expect(found).not.toBeNull();
    expect(off(found.corners, quad)).toBeLessThan(0.03 * distance(quad[0], quad[1]) + 2);
    expect(found.agreement).toBeGreaterThan(0.9);
    expect(found.hidden).toBeLessThan(0.1);
  });

  it('needs no light of its own', () => {
    expect(PHOTO.find(hung(PLACE, 2, 0.35))).toMatchObject({ agreement: expect.closeTo(1, 1) });
  });

  it('says what share of it is hidden, whatever the scene', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 45 }), (seed, percent) => {
        const picture = hung(PLACE, seed);
        cover(picture, PLACE, percent / 100);
        const found = PHOTO.find(picture);
        expect(found).not.toBeNull();
        expect(Math.abs(found!.hidden - percent / 100)).toBeLessThan(0.12);
      }),
      { numRuns: 12 },
    );
  });

  it('does not find other boards of the same make, nor anything where none hangs', () => {
    for (let seed = 2; seed < 10; seed++) {
      const picture = scene(seed);
      expect(PHOTO.find(picture)).toBeNull();
      hang(picture, board(seed), PLACE);
      expect(PHOTO.find(picture)).toBeNull();
    }
  });

  it('looks nowhere but within its bounds, and finds it there at the same place', () => {
    const picture = hung(PLACE);
    expect(PHOTO.find(picture, [0, 0, 180, 360])).toBeNull();
    expect(off(PHOTO.find(picture, [150, 60, 500, 240])!.corners, PLACE)).toBeLessThan(8);
  });

  it('cannot be made of an even board', () => {
    expect(SignPhoto.of({ width: 200, height: 80, data: new Uint8Array(48_000).fill(180) })).toBeNull();
  });
});
