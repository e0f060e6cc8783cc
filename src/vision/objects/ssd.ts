import type { Outputs } from '../runtime.js';
import type { Candidate, Size } from './candidate.js';

/** Reads the answer of a single-shot detector whose boxes are worked out already: top, left, bottom, right, 0 to 1, and a score per class. */
export class SsdDecoder {
  decode({ scores, boxes }: Outputs, { width, height }: Size, classes: number, least: number): Candidate[] {
    const found: Candidate[] = [];
    for (let at = 0; at < scores!.length; at++) {
      if (scores![at]! < least) continue;
      const box = Math.floor(at / classes) * 4;
      found.push({
        label: at % classes,
        score: scores![at]!,
        left: boxes![box + 1]! * width,
        top: boxes![box]! * height,
        right: boxes![box + 3]! * width,
        bottom: boxes![box + 2]! * height,
      });
    }
    return found;
  }
}
