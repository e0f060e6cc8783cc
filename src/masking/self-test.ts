/**
 * The self-test of every frame: does what the encoder will read hold the mask?
 *
 * The fault that it is there for is a mask drawn into memory that is not encoded (a view of a frame that has since moved), or not
 * drawn everywhere. So it works on planes that the caller has fetched anew, in two halves around the masking itself:
 * `poison` writes a wrong value into every canary pixel, masking must replace it, and `verifyMask` looks whether it did.
 * Without the poison, a dark scene would look like a mask.
 *
 * A fault says where, and what should have been there. What was there instead is left out: it may be a raw pixel, and faults end in
 * logs.
 */
import { blurredValue } from './blur.js';
import type { CanaryPixels } from './canaries.js';
import { PLANE_NAMES, type SelfTestFault } from './mask-fault.js';
import type { Picture } from './picture.js';
import { pixelatedValue } from './pixelate.js';
import type { MaskLayer, MaskPlan } from './plan.js';
import { solidValue } from './solid.js';

/** Turned over in every canary by `poison`: half the range away from what the mask writes. */
const POISON = 0x80;

/** Writes a value that masking cannot leave there into each canary of `layer`, whose means have been measured. */
export function poison(plan: MaskPlan, layer: MaskLayer, planes: Picture['planes']): void {
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    const { x, y } = canariesOf(layer, p);
    for (let i = 0; i < x.length; i++) {
      data[y[i]! * stride + x[i]!] = expectedValue(plan, layer, p, x[i]!, y[i]!) ^ POISON;
    }
  }
}

/** The first canary of `plan` that `planes` (fetched after masking) do not hold as masked, or null. */
export function verifyMask(plan: MaskPlan, planes: Picture['planes']): SelfTestFault | null {
  for (const layer of plan.layers) {
    for (let p = 0; p < 3; p++) {
      const { data, stride } = planes[p]!;
      const { x, y, zone } = canariesOf(layer, p);
      for (let i = 0; i < x.length; i++) {
        const expected = expectedValue(plan, layer, p, x[i]!, y[i]!);
        if (data[y[i]! * stride + x[i]!] === expected) continue;
        const id = plan.zones[zone[i]!]!.id;
        return { check: 'self-test', zone: id, plane: PLANE_NAMES[p]!, x: x[i]!, y: y[i]!, expected };
      }
    }
  }
  return null;
}

/** The canaries of `layer` in plane `plane`. */
export const canariesOf = (layer: MaskLayer, plane: number): CanaryPixels =>
  plane === 0 ? layer.canaries.luma : layer.canaries.chroma;

/** What the mask leaves at (`x`, `y`) of plane `plane`. */
function expectedValue(plan: MaskPlan, layer: MaskLayer, plane: number, x: number, y: number): number {
  switch (layer.style) {
    case 'solid':
      return solidValue(plane, plan.fullRange);
    case 'pixelate':
      return pixelatedValue(layer.grid, plane, x, y);
    case 'blur':
      return blurredValue(layer.grid, plane, x, y);
  }
}
