import { describe, expect, it } from 'vitest';
import { DEMO_FPS, DEMO_SCENES } from './demo-scene.js';

/** Bytes behind each row that are not the picture's. */
const PADDING = 32;
const UNTOUCHED = 7;

/** Draws frame `n` into planes with room between their rows. */
function draw(n: number): { planes: Uint8Array[]; strides: number[]; columns: number[] } {
  const scene = DEMO_SCENES.lobby();
  const columns = [scene.width, scene.width / 2, scene.width / 2];
  const strides = columns.map((width) => width + PADDING);
  const rows = [scene.height, scene.height / 2, scene.height / 2];
  const planes = strides.map((stride, p) => new Uint8Array(stride * rows[p]!).fill(UNTOUCHED));
  scene.draw(n, planes, strides);
  return { planes, strides, columns };
}

describe('the demo lobby', () => {
  it('fills the picture and nothing beside it', () => {
    const { planes, strides, columns } = draw(123);
    for (const [p, plane] of planes.entries()) {
      for (let at = 0; at < plane.length; at++) {
        const isPicture = at % strides[p]! < columns[p]!;
        if ((plane[at] === UNTOUCHED) === isPicture) expect.fail(`byte ${at} of plane ${p}`);
      }
    }
  });

  it('is studio range', () => {
    const { planes, strides, columns } = draw(300);
    for (let at = 0; at < planes[0]!.length; at++)
      if (at % strides[0]! < columns[0]! && (planes[0]![at]! < 16 || planes[0]![at]! > 235)) expect.fail(`byte ${at}`);
  });

  it('moves from each frame to the next, and draws the same frame the same way', () => {
    const scene = DEMO_SCENES.lobby();
    const planes = [0, 1, 2].map((p) => new Uint8Array((scene.width * scene.height) / (p === 0 ? 1 : 4)));
    const strides = [scene.width, scene.width / 2, scene.width / 2];
    const picture = (n: number): Buffer => {
      scene.draw(n, planes, strides);
      return Buffer.concat(planes);
    };
    const first = picture(40);
    expect(picture(41).equals(first)).toBe(false);
    expect(picture(40).equals(first)).toBe(true);
  });

  it('has somebody in the zone of zones/demo.yaml now and then', () => {
    const scene = DEMO_SCENES.lobby();
    const planes = [0, 1, 2].map((p) => new Uint8Array((scene.width * scene.height) / (p === 0 ? 1 : 4)));
    const strides = [scene.width, scene.width / 2, scene.width / 2];
    /** Of the zone's pixels in plane U, which a coat changes. */
    const look = (n: number): string => {
      scene.draw(n, planes, strides);
      const row = 300 / 2;
      return planes[1]!.subarray(row * strides[1]! + 130 / 2, row * strides[1]! + 380 / 2).join();
    };
    const looks = new Set(Array.from({ length: 40 }, (_, second) => look(second * DEMO_FPS)));
    expect(looks.size).toBeGreaterThan(5);
  });
});
