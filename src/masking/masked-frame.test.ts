import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MaskError } from './mask-error.js';
import { type MaskedFrame, Masker } from './masked-frame.js';
import { anySize, anyZoneSet, copyOf, noisePicture, zoneOf } from './picture.fixture.js';
import type { Picture } from './picture.js';
import { compileMask, type MaskPlan } from './plan.js';
import { covers } from './raster.js';

const WIDTH = 128;
const HEIGHT = 96;
const plan = compileMask([zoneOf()], WIDTH, HEIGHT, false);
const nothing = (): undefined => undefined;

const maskerOf = (picture: Picture) => new Masker(picture, () => picture.planes);

/** What `attempt` throws, as code; 'nothing' where it does not. */
function codeOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return error instanceof MaskError ? error.code : String(error);
  }
  return 'nothing';
}

function masked(picture: Picture, by: MaskPlan): Picture {
  const masker = maskerOf(copyOf(picture));
  masker.load(nothing);
  return masker.mask(by).picture;
}

describe('a masked frame', () => {
  it('gives out the picture it was masked in, and the plan', () => {
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    const masker = maskerOf(picture);
    masker.load(nothing);
    const frame = masker.mask(plan);
    expect(frame.picture).toBe(picture);
    expect(frame.plan).toBe(plan);
    expect(covers(plan.layers[0]!.spans, 64, 48)).toBe(true);
    expect(picture.planes[0].data[48 * WIDTH + 64]).toBe(16);
  });

  it('cannot be imitated: not by a picture, not by an object of the same shape', () => {
    const encode = (frame: MaskedFrame) => frame.picture;
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    // @ts-expect-error a raw picture is no masked frame
    encode(picture);
    // @ts-expect-error the type is nominal
    encode({ picture, plan });
    const genuine = maskerOf(picture);
    genuine.load(nothing);
    const copied = Object.create(Object.getPrototypeOf(genuine.mask(plan)));
    expect(() => encode(copied)).toThrow(TypeError);
  });

  it('is closed from the moment that raw pixels are written again, before the first of them', () => {
    const masker = maskerOf(noisePicture(WIDTH, HEIGHT, 1));
    masker.load(nothing);
    const frame = masker.mask(plan);
    let duringLoad = '';
    masker.load(() => {
      duringLoad = codeOf(() => frame.picture);
    });
    expect(duringLoad).toBe('mask-state');
    expect(codeOf(() => frame.picture)).toBe('mask-state');
    expect(codeOf(() => frame.plan)).toBe('mask-state');
    expect(masker.mask(plan)).toBe(frame);
    expect(codeOf(() => frame.picture)).toBe('nothing');
  });

  it('is never had from a canvas that was not loaded, was loaded in vain, or is masked already', () => {
    const masker = maskerOf(noisePicture(WIDTH, HEIGHT, 1));
    expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
    const broken = () => {
      throw new Error('the copy failed');
    };
    masker.load(nothing);
    expect(() => masker.load(broken)).toThrow('the copy failed');
    expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
    masker.load(() => {
      expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
    });
    masker.mask(plan);
    expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
  });

  it.each([
    ['width', compileMask([zoneOf()], WIDTH + 2, HEIGHT, false)],
    ['height', compileMask([zoneOf()], WIDTH, HEIGHT - 2, false)],
    ['range', compileMask([zoneOf()], WIDTH, HEIGHT, true)],
  ])('is refused where the plan is for another %s, and stays closed', (_name, other) => {
    const masker = maskerOf(noisePicture(WIDTH, HEIGHT, 1));
    masker.load(nothing);
    const frame = masker.mask(plan);
    masker.load(nothing);
    expect(codeOf(() => masker.mask(other))).toBe('mask-geometry');
    expect(codeOf(() => frame.picture)).toBe('mask-state');
    expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
  });

  it('is refused and closed where the mask went to memory that is not encoded, even over a black scene', () => {
    const stale = noisePicture(WIDTH, HEIGHT, 1);
    const encoded = copyOf(stale);
    encoded.planes[0].data.fill(16);
    encoded.planes[1].data.fill(128);
    encoded.planes[2].data.fill(128);
    const masker = new Masker(stale, () => encoded.planes);
    masker.load(nothing);
    expect(codeOf(() => masker.mask(plan))).toBe('mask-self-test');
    expect(codeOf(() => masker.mask(plan))).toBe('mask-state');
  });

  it('names the zone in the error and the fault, and no pixel value', () => {
    const encoded = noisePicture(WIDTH, HEIGHT, 2);
    const masker = new Masker(noisePicture(WIDTH, HEIGHT, 1), () => encoded.planes);
    masker.load(nothing);
    let error: unknown;
    try {
      masker.mask(plan);
    } catch (thrown) {
      error = thrown;
    }
    const { fault, message } = error as MaskError;
    expect(fault).toMatchObject({ check: 'self-test', zone: 'desk', plane: 'luma' });
    expect(message).toMatch(
      /^Zone desk is not masked in what would be encoded \(luma pixel \d+, \d+\); the frame is withheld\.$/,
    );
    expect(Object.keys(fault ?? {})).not.toContain('found');
  });

  it('shows where it is solid the same bytes whatever was under them, and elsewhere exactly what was there', () => {
    fc.assert(
      fc.property(anyZoneSet, anySize, fc.boolean(), (zones, { width, height }, fullRange) => {
        const by = compileMask(zones, width, height, fullRange);
        const [one, other] = [noisePicture(width, height, 1, fullRange), noisePicture(width, height, 2, fullRange)];
        const [maskedOne, maskedOther] = [masked(one, by), masked(other, by)];
        for (let p = 0; p < 3; p++) {
          const scale = p === 0 ? 1 : 2;
          maskedOne.planes[p]!.data.forEach((value, at) => {
            const stride = maskedOne.planes[p]!.stride;
            const [x, y] = [(at % stride) * scale, Math.floor(at / stride) * scale];
            const layer = by.layers.find(({ spans }) => covers(spans, x, y));
            if (!layer && value !== one.planes[p]!.data[at]) expect.fail(`${x}, ${y} changed`);
            if (layer?.style === 'solid' && value !== maskedOther.planes[p]!.data[at])
              expect.fail(`${x}, ${y} shines through`);
          });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('shows in its pixelated parts nothing of what lies under a solid one', () => {
    const polygon = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const;
    const by = compileMask(
      [zoneOf(), zoneOf({ id: 'around', polygon, style: 'pixelate' }), zoneOf({ id: 'too', polygon, style: 'blur' })],
      WIDTH,
      HEIGHT,
      false,
    );
    const one = noisePicture(WIDTH, HEIGHT, 1);
    const other = copyOf(one);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++)
        if (covers(by.layers[0]!.spans, x, y)) other.planes[0].data[y * WIDTH + x]! ^= 0xff;
    }
    expect(masked(one, by).planes).toEqual(masked(other, by).planes);
  });

  it.each(['pixelate', 'blur'] as const)('shows the colours of its own frame under %s', (style) => {
    const picture = noisePicture(WIDTH, HEIGHT, 1);
    for (const [p, { data }] of picture.planes.entries()) data.fill(90 + p);
    expect(masked(picture, compileMask([zoneOf({ style })], WIDTH, HEIGHT, false)).planes).toEqual(picture.planes);
  });

  it('depends on nothing that an earlier frame left in the plan', () => {
    const by = compileMask(
      [zoneOf({ style: 'blur' }), zoneOf({ id: 'b', style: 'pixelate', padding: 0 })],
      WIDTH,
      HEIGHT,
      false,
    );
    const picture = noisePicture(WIDTH, HEIGHT, 5);
    const first = masked(picture, by);
    masked(noisePicture(WIDTH, HEIGHT, 6), by);
    expect(masked(picture, by).planes).toEqual(first.planes);
  });
});
