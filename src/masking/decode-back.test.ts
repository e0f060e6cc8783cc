import { describe, expect, it } from 'vitest';
import { compareDecodedMask } from './decode-back.js';
import { Masker } from './masked-frame.js';
import { copyOf, noisePicture, zoneOf } from './picture.fixture.js';
import type { Picture } from './picture.js';
import { compileMask } from './plan.js';

const WIDTH = 320;
const HEIGHT = 240;
const zones = [
  zoneOf({ padding: 16 }),
  zoneOf({
    id: 'lamp',
    polygon: [
      [0.02, 0.02],
      [0.05, 0.02],
      [0.03, 0.05],
    ],
    padding: 0,
  }),
];
const plan = compileMask(zones, WIDTH, HEIGHT, false);
const raw = noisePicture(WIDTH, HEIGHT, 8);

function masked(by = plan): Picture {
  const picture = copyOf(raw);
  const masker = new Masker(picture, () => picture.planes);
  masker.load(() => undefined);
  return masker.mask(by).picture;
}

/** A codec's loss, roughly: every value off by up to `by`. */
function lossy(picture: Picture, by: number): Picture {
  const noise = noisePicture(WIDTH, HEIGHT, 4);
  const copy = copyOf(picture);
  for (const [p, { data }] of copy.planes.entries()) {
    data.forEach((value, i) => {
      data[i] = Math.max(0, Math.min(255, value + Math.round((noise.planes[p]!.data[i]! / 127.5 - 1) * by)));
    });
  }
  return copy;
}

describe('the decoded picture', () => {
  it('passes with the loss of a codec', () => {
    const picture = masked();
    expect(compareDecodedMask(plan, picture.planes, lossy(picture, 8).planes)).toBeNull();
  });

  it('fails where the encoder was given the raw picture', () => {
    expect(compareDecodedMask(plan, masked().planes, raw.planes)).toMatchObject({
      zone: 'desk',
      plane: 'luma',
      exceeded: 'pixel',
    });
  });

  it('fails where one chroma plane was not masked', () => {
    const decoded = masked();
    decoded.planes[2].data.set(raw.planes[2].data);
    expect(compareDecodedMask(plan, masked().planes, decoded.planes)).toMatchObject({ zone: 'desk', plane: 'v' });
  });

  it('fails where one small patch deep in a zone shines through', () => {
    const decoded = masked();
    const { x, y, inner } = plan.layers[0]!.canaries.luma;
    const canary = inner.indexOf(1);
    decoded.planes[0].data[y[canary]! * WIDTH + x[canary]!] = 200;
    expect(compareDecodedMask(plan, masked().planes, decoded.planes)).toMatchObject({
      zone: 'desk',
      exceeded: 'pixel',
    });
  });

  it('may ring at the edge of a zone', () => {
    const decoded = masked();
    const { x, y, inner } = plan.layers[0]!.canaries.luma;
    const canary = inner.indexOf(0);
    decoded.planes[0].data[y[canary]! * WIDTH + x[canary]!] = 80;
    expect(compareDecodedMask(plan, masked().planes, decoded.planes)).toBeNull();
  });

  it('fails where a zone too small to have an inside is not masked', () => {
    const decoded = masked();
    for (let row = 0; row < 20; row++) {
      decoded.planes[0].data.set(raw.planes[0].data.subarray(row * WIDTH, row * WIDTH + 30), row * WIDTH);
    }
    expect(compareDecodedMask(plan, masked().planes, decoded.planes)).toMatchObject({ zone: 'lamp', exceeded: 'mean' });
  });

  it.each(['pixelate', 'blur'] as const)('fails where a zone that should be in %s is not', (style) => {
    const by = compileMask([zoneOf({ style })], WIDTH, HEIGHT, false);
    const picture = masked(by);
    expect(compareDecodedMask(by, picture.planes, lossy(picture, 8).planes)).toBeNull();
    expect(compareDecodedMask(by, picture.planes, raw.planes)).toMatchObject({ zone: 'desk' });
  });

  it('fails where it is smaller than the canvas', () => {
    const [y, u, v] = masked().planes;
    const half = { data: y.data.subarray(0, y.data.length / 2), stride: y.stride };
    expect(compareDecodedMask(plan, [y, u, v], [half, u, v])).toMatchObject({ zone: 'desk', plane: 'luma' });
  });
});
