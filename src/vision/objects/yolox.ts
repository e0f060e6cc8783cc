import type { Outputs } from '../runtime.js';
import type { Candidate, Size } from './candidate.js';

/** Numbers before the classes: centre, logarithm of the size, and whether there is anything. */
export const BEFORE_CLASSES = 5;

/**
 * Reads YOLOX's answer (https://arxiv.org/abs/2107.08430, section 2.1), exported without its own decoding: `output` `[1, cells, 5 + classes]`, all cells of the
 * finest grid first, row by row. A cell says where its box's centre lies from its own corner and how large the box is, as a logarithm, both in strides;
 * a class is as sure as its score times that of there being anything.
 */
export class YoloxDecoder {
  readonly #strides: readonly number[];

  constructor(strides: readonly number[]) {
    this.#strides = strides;
  }

  /** @param size of the input, px */
  decode(outputs: Outputs, { width, height }: Size, classes: number, least: number): Candidate[] {
    const values = outputs.output!;
    const found: Candidate[] = [];
    let at = 0;
    for (const stride of this.#strides) {
      const [columns, rows] = [width / stride, height / stride];
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, at += BEFORE_CLASSES + classes) {
          const anything = values[at + 4]!;
          if (anything < least) continue;
          const x = (values[at]! + column) * stride;
          const y = (values[at + 1]! + row) * stride;
          const halfWidth = (Math.exp(values[at + 2]!) * stride) / 2;
          const halfHeight = (Math.exp(values[at + 3]!) * stride) / 2;
          const [left, top, right, bottom] = [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
          for (let label = 0; label < classes; label++) {
            const score = anything * values[at + BEFORE_CLASSES + label]!;
            if (score >= least) found.push({ label, score, left, top, right, bottom });
          }
        }
    }
    return found;
  }
}
