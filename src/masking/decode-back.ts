/**
 * The second proof, at an interval: the encoder's own output, decoded again as a client would, still shows the mask.
 *
 * The self-test compares bytes before encoding, exactly; this looks at what has left, through a lossy codec, so it is coarse. It
 * is there for faults that the bytes cannot show: an encoder that reads other memory than was masked, a picture swapped for
 * another. Those change a zone wholesale.
 *
 * Tolerances, measured on 30 frames of 768x576 street footage, one zone, libx264 and libx265 `ultrafast`, from 2 Mb/s down to
 * 50 kb/s, at the canaries well inside the zone. Masked / not masked at all:
 *
 * | | any pixel, luma | any, chroma | mean, luma | mean, chroma |
 * | --- | --- | --- | --- | --- |
 * | solid | <= 24 / >= 231 | <= 11 / >= 17 | <= 2.6 / >= 111 | <= 2.5 / >= 2.2 |
 * | pixelate, blur | <= 66 / >= 124 | <= 19 / >= 16 | <= 7.3 / >= 6.3 | <= 3.3 / >= 1.1 |
 *
 * (`npx tsx benchmarks/masking/decode-back.bench.ts` measures them again.) So luma decides: for `solid` clearly, for the others by the
 * largest deviation, while the mean only catches the gross. An encoder so starved that it codes nothing (10 kb/s here: plain
 * grey) fails as well: that is the safe side.
 */
import type { CanaryPixels } from './canaries.js';
import { type DecodeBackFault, PLANE_NAMES } from './mask-fault.js';
import type { Picture, Plane } from './picture.js';
import type { MaskPlan } from './plan.js';
import { canariesOf } from './self-test.js';

/** How far decoded canaries may be from the canvas: any one of them, and all of a zone on average. In steps of 8 bits. */
interface Tolerance {
  readonly pixel: number;
  readonly mean: number;
}

/** Twice what was measured: flat black is the easiest thing to code. */
const SOLID_TOLERANCE: Tolerance = { pixel: 48, mean: 6 };
/** Cells have edges of their own, which ring: for one pixel half way between masked and not, for the mean well above masked. */
const CELL_TOLERANCE: Tolerance = { pixel: 96, mean: 10 };
/** The largest deviation that 8 bits can have. */
const WORST = 255;

/**
 * Compares a picture that was decoded from the encoder's output with the canvas that went in, at the canaries of each zone.
 *
 * @param canvas planes of the masked picture that was encoded; for `solid` any later one of the same plan does as well
 * @param decoded planes of the same size, decoded again
 * @returns the first zone that is not masked in `decoded`, or null
 */
export function compareDecodedMask(
  plan: MaskPlan,
  canvas: Picture['planes'],
  decoded: Picture['planes'],
): DecodeBackFault | null {
  for (const layer of plan.layers) {
    const tolerance = layer.style === 'solid' ? SOLID_TOLERANCE : CELL_TOLERANCE;
    for (let p = 0; p < 3; p++) {
      for (const [index, { id }] of plan.zones.entries()) {
        const exceeded = compareZone(canariesOf(layer, p), index, canvas[p]!, decoded[p]!, tolerance);
        if (exceeded) return { check: 'decode-back', zone: id, plane: PLANE_NAMES[p]!, exceeded };
      }
    }
  }
  return null;
}

/** Of a zone so small that all of it is edge, only the mean counts. */
function compareZone(
  { x, y, zone, inner }: CanaryPixels,
  index: number,
  canvas: Plane,
  decoded: Plane,
  tolerance: Tolerance,
): 'pixel' | 'mean' | null {
  const own = [...zone.keys()].filter((i) => zone[i] === index);
  const ownInner = own.filter((i) => inner[i] === 1);
  const compared = ownInner.length > 0 ? ownInner : own;
  const deviations = compared.map((i) => {
    const seen = decoded.data[y[i]! * decoded.stride + x[i]!];
    const masked = canvas.data[y[i]! * canvas.stride + x[i]!];
    // A pixel that is not there counts as far off: the decoded picture is too small to be the canvas.
    return seen === undefined || masked === undefined ? WORST : Math.abs(seen - masked);
  });
  if (ownInner.length > 0 && deviations.some((deviation) => deviation > tolerance.pixel)) return 'pixel';
  const mean = deviations.reduce((sum, deviation) => sum + deviation, 0) / Math.max(1, deviations.length);
  return mean > tolerance.mean ? 'mean' : null;
}
