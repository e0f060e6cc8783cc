import type { Outputs } from '../runtime.js';
import type { Candidate, Size } from './candidate.js';

/** A side's distance from its cell's centre is a distribution over so many steps of a stride, from none. */
const BINS = 11;

/**
 * Reads NanoDet's answer. On each of three grids (a cell is `stride` pixels wide) it has a score per class, and for each side of the
 * box a distribution over distances from the cell's centre, whose mean is the side.
 */
export class NanodetDecoder {
  readonly #strides: readonly number[];
  readonly #weights = new Float64Array(BINS);

  constructor(strides: readonly number[]) {
    this.#strides = strides;
  }

  /** @param size of the input, px */
  decode(outputs: Outputs, { width, height }: Size, classes: number, least: number): Candidate[] {
    const found: Candidate[] = [];
    for (const stride of this.#strides) {
      const scores = outputs[`scores${stride}`]!;
      const boxes = outputs[`boxes${stride}`]!;
      const columns = width / stride;
      const cells = columns * (height / stride);
      // [class][cell]: one pass from front to back.
      for (let at = 0, end = classes * cells; at < end; at++) {
        if (scores[at]! < least) continue;
        const cell = at % cells;
        const x = ((cell % columns) + 0.5) * stride;
        const y = (Math.floor(cell / columns) + 0.5) * stride;
        const left = x - this.#distance(boxes, 0, cell, cells) * stride;
        const top = y - this.#distance(boxes, 1, cell, cells) * stride;
        const right = x + this.#distance(boxes, 2, cell, cells) * stride;
        const bottom = y + this.#distance(boxes, 3, cell, cells) * stride;
        found.push({ label: Math.floor(at / cells), score: scores[at]!, left, top, right, bottom });
      }
    }
    return found;
  }

  /** The mean of one side's distribution, in strides. */
  #distance(boxes: Float32Array, side: number, cell: number, cells: number): number {
    const weights = this.#weights;
    let largest = Number.NEGATIVE_INFINITY;
    for (let bin = 0; bin < BINS; bin++) {
      weights[bin] = boxes[(side * BINS + bin) * cells + cell]!;
      largest = Math.max(largest, weights[bin]!);
    }
    let sum = 0;
    let mean = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const weight = Math.exp(weights[bin]! - largest);
      sum += weight;
      mean += weight * bin;
    }
    return mean / sum;
  }
}
