import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZONE_STYLES, type ZoneStyle } from '../zones/zone.js';
import { MaskError } from './mask-error.js';
import type { MaskFault } from './mask-fault.js';
import { Masker } from './masked-frame.js';
import { anySize, anyZoneSet, copyOf, noisePicture, zoneOf } from './picture.fixture.js';
import type { Picture } from './picture.js';
import { compileMask, type MaskPlan } from './plan.js';
import type { RowSpans } from './raster.js';
import { verifyMask } from './self-test.js';

const WIDTH = 160;
const HEIGHT = 128;

const planOf = (style: ZoneStyle): MaskPlan =>
  compileMask(
    [
      zoneOf({ style }),
      zoneOf({
        id: 'door',
        style,
        polygon: [
          [0.02, 0.8],
          [0.2, 0.8],
          [0.1, 0.95],
        ],
      }),
    ],
    WIDTH,
    HEIGHT,
    false,
  );

function mask(plan: MaskPlan, picture = noisePicture(plan.width, plan.height, 9)): Picture {
  const masker = new Masker(picture, () => picture.planes);
  masker.load(() => undefined);
  return masker.mask(plan).picture;
}

/** The plan with one block row's spans cut away from what is drawn, while what is checked stays. */
function withoutRow(plan: MaskPlan, layer: number, row: number): MaskPlan {
  const cut = ({ rowOffsets, bounds, ...size }: RowSpans): RowSpans => {
    const [from, to] = [rowOffsets[row]!, rowOffsets[row + 1]!];
    const kept = [...bounds].filter((_, i) => i < from || i >= to);
    const offsets = rowOffsets.map((offset, r) => (r > row ? offset - (to - from) : offset));
    return { ...size, rowOffsets: offsets, bounds: Int32Array.from(kept) };
  };
  return { ...plan, layers: plan.layers.map((each, i) => (i === layer ? { ...each, spans: cut(each.spans) } : each)) };
}

function faultOf(attempt: () => unknown): MaskFault | null {
  try {
    attempt();
  } catch (error) {
    if (error instanceof MaskError) return error.fault;
    throw error;
  }
  return null;
}

const rowsOf = ({ rowOffsets }: RowSpans): number[] =>
  [...rowOffsets.keys()].filter((row) => rowOffsets[row + 1]! > rowOffsets[row]!);

describe('the self-test', () => {
  it('passes every frame that was masked', () => {
    fc.assert(
      fc.property(anyZoneSet, anySize, fc.boolean(), (zones, { width, height }, fullRange) => {
        const plan = compileMask(zones, width, height, fullRange);
        expect(verifyMask(plan, mask(plan, noisePicture(width, height, 3, fullRange, 5)).planes)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  describe.each(ZONE_STYLES)('of a %s zone', (style) => {
    it('catches a zone that was skipped', () => {
      const plan = planOf(style);
      const raw = noisePicture(WIDTH, HEIGHT, 9);
      const picture = mask(plan, copyOf(raw));
      for (const [p, { data }] of picture.planes.entries()) {
        const below = (data.length * 104) / 128;
        data.set(raw.planes[p]!.data.subarray(below), below);
      }
      expect(verifyMask(plan, picture.planes)).toMatchObject({ zone: 'door', plane: 'luma' });
    });

    it.each([1, 2] as const)('catches chroma plane %i left as it was', (p) => {
      const plan = planOf(style);
      const raw = noisePicture(WIDTH, HEIGHT, 9);
      const picture = mask(plan, copyOf(raw));
      picture.planes[p].data.set(raw.planes[p].data);
      expect(verifyMask(plan, picture.planes)).toMatchObject({ plane: p === 1 ? 'u' : 'v' });
    });

    it('catches a view of memory that is not encoded, in flat grey as in noise', () => {
      const plan = planOf(style);
      const flat = noisePicture(WIDTH, HEIGHT, 1);
      for (const { data } of flat.planes) data.fill(90);
      for (const encoded of [flat, noisePicture(WIDTH, HEIGHT, 1)]) {
        const masker = new Masker(copyOf(encoded), () => encoded.planes);
        masker.load(() => undefined);
        expect(faultOf(() => masker.mask(plan))).toMatchObject({ check: 'self-test' });
      }
    });

    it('catches any one block row that was left out, whatever lies there', () => {
      const plan = planOf(style);
      plan.layers.forEach((layer, index) => {
        for (const row of rowsOf(layer.spans)) {
          const flat = noisePicture(WIDTH, HEIGHT, 1);
          flat.planes[0].data.fill(16);
          for (const { data } of flat.planes.slice(1)) data.fill(128);
          expect(
            faultOf(() => mask(withoutRow(plan, index, row), flat)),
            `row ${row}`,
          ).toMatchObject({ check: 'self-test' });
        }
      });
    });

    it('catches a plane that is too short to hold the mask', () => {
      const plan = planOf(style);
      const [y, u, v] = mask(plan).planes;
      const cut = { data: v.data.subarray(0, v.data.length / 2), stride: v.stride };
      expect(verifyMask(plan, [y, u, cut])).toMatchObject({ plane: 'v' });
    });
  });

  it('catches full-range black in a studio-range picture', () => {
    const picture = mask(compileMask([zoneOf()], WIDTH, HEIGHT, true), noisePicture(WIDTH, HEIGHT, 9, true));
    expect(verifyMask(compileMask([zoneOf()], WIDTH, HEIGHT, false), picture.planes)).toMatchObject({ expected: 16 });
  });
});
