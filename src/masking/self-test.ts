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
import { sampleOffset } from './canaries.js';

import type { Picture } from './picture.js';
import { pixelatedValue } from './pixelate.js';
import type { MaskLayer, MaskPlan } from './plan.js';
import { CHROMA_BLOCK } from './raster.js';
import { solidValue } from './solid.js';

/** A canary pixel that does not hold what masking should have left there. */
export interface MaskFault {
  readonly check: 'self-test';
  readonly zone: string;
  readonly plane: PlaneName;
  /** In pixels of the plane. */
  readonly x: number;
  readonly y: number;
  readonly expected: number;
}

export const PLANE_NAMES = ['luma', 'u', 'v'] as const;
export type PlaneName = (typeof PLANE_NAMES)[number];

/** Turned over in every canary by `poison`: far from any value that a lossy or a rounded mask could hold. */
const POISON = 0x80;

/** Writes a value that masking cannot leave there into each canary of `layer`, once its means have been measured. */
export function poison(plan: MaskPlan, layer: MaskLayer, planes: Picture['planes']): void {
  const { x, y } = layer.canaries;
  for (let p = 0; p < 3; p++) {
    const { data, stride } = planes[p]!;
    for (let i = 0; i < x.length; i++) {
      data[sampleOffset(p, x[i]!, y[i]!, stride)] = expectedValue(plan, layer, p, x[i]!, y[i]!) ^ POISON;
    }
  }
}

/** The first canary of `plan` that `planes` (fetched after masking) do not hold as masked, or null. */
export function verifyMask(plan: MaskPlan, planes: Picture['planes']): MaskFault | null {
  for (const layer of plan.layers) {
    const { x, y, zone } = layer.canaries;
    for (let p = 0; p < 3; p++) {
      const { data, stride } = planes[p]!;
      for (let i = 0; i < x.length; i++) {
        const expected = expectedValue(plan, layer, p, x[i]!, y[i]!);
        if (data[sampleOffset(p, x[i]!, y[i]!, stride)] === expected) continue;
        const scale = p === 0 ? 1 : CHROMA_BLOCK;
        return {
          check: 'self-test',
          zone: plan.zones[zone[i]!]!.id,
          plane: PLANE_NAMES[p]!,
          x: Math.floor(x[i]! / scale),
          y: Math.floor(y[i]! / scale),
          expected,
        };
      }
    }
  }
  return null;
}

/** What the mask leaves over luma pixel (`x`, `y`) in plane `plane`. */
function expectedValue(plan: MaskPlan, layer: MaskLayer, plane: number, x: number, y: number): number {
  if (layer.style === 'solid') return solidValue(plane, plan.fullRange);
  const scale = plane === 0 ? 1 : CHROMA_BLOCK;
  const value = layer.style === 'pixelate' ? pixelatedValue : blurredValue;
  return value(layer.grid, plane, Math.floor(x / scale), Math.floor(y / scale));
}
