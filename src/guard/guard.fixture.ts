import type { Plane } from '../masking/picture.js';
import type { Zone } from '../zones/zone.js';
import type { Similarity } from './similarity.js';
import { type GuardMode, ViewGuard } from './view-guard.js';
import { ViewReference } from './view-reference.js';

export const WIDTH = 640;
export const HEIGHT = 360;

export const ZONE: Zone = {
  id: 'door',
  kind: 'restroom',
  polygon: [
    [0.25, 0.25],
    [0.5, 0.25],
    [0.5, 0.75],
    [0.25, 0.75],
  ],
  action: 'mask',
  style: 'solid',
  padding: 16,
};

/**
 * A scene of plain patches with a grain, which focus shows, endless on all sides. Their edges are bent, each in its own way: on a
 * straight lattice a shift by whole patches puts edges on edges, and what has moved cannot be told by them.
 * @param seed another scene
 */
export const scene =
  (seed = 1) =>
  (x: number, y: number): number => {
    const across = 0.9 * x + 0.35 * y + 14 * Math.sin(x / 47) + 9 * Math.sin(y / 31);
    const down = 0.9 * y - 0.35 * x + 12 * Math.sin(y / 53) + 8 * Math.sin(x / 37);
    const [column, row] = [Math.floor(across / 40), Math.floor(down / 36)];
    const mixed = Math.imul(column * 73_856_093 + row * 19_349_663 + seed * 83_492_791, 2_654_435_761);
    return 40 + ((mixed >>> 8) % 160) + ((x * 5 + y * 3) & 7);
  };

/** Luma of a picture, pixel by pixel. */
export function paint(luma: (x: number, y: number) => number): Plane {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) data[y * WIDTH + x] = Math.max(0, Math.min(255, luma(x, y)));
  return { data, stride: WIDTH };
}

/** A guard that has learned a view, at 0 to 2000 ms; `learned` are the references that it told of, `drifts` the drifts. */
export function learnedGuard(plane: Plane, zones = [ZONE], mode: GuardMode = 'withhold') {
  const learned: ViewReference[] = [];
  const unlearnable: string[] = [];
  const drifts: Similarity[] = [];
  const guard = new ViewGuard(
    { mode, mayLearn: true, reference: null, zones },
    {
      learned: (reference) => {
        if (reference instanceof ViewReference) learned.push(reference);
      },
      drifted: (drift) => drifts.push(drift),
      unlearnable: (why) => unlearnable.push(why),
    },
  );
  for (let now = 0; now <= 2000; now += 40) guard.look(plane, WIDTH, HEIGHT, now);
  return { guard, learned, unlearnable, drifts };
}
