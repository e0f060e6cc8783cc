import { z } from 'zod';
import type { Outputs } from '../runtime.js';
import type { Candidate, Size } from './candidate.js';
import { NanodetDecoder } from './nanodet.js';
import { SsdDecoder } from './ssd.js';
import { BEFORE_CLASSES, YoloxDecoder } from './yolox.js';

/** How a model's answer is read. */
export interface Decoder {
  decode(outputs: Outputs, size: Size, classes: number, least: number): Candidate[];
}

/** What a detector's card says in `parameters`. */
export const detectorParameters = z.discriminatedUnion('decoder', [
  z.strictObject({
    decoder: z.literal('nanodet'),
    strides: z.array(z.int().positive()).min(1),
    /** The longer side of its input, px. */
    side: z.int().positive(),
    /** What is less sure is left out, 0 to 1. */
    least: z.number().min(0).max(1),
  }),
  z.strictObject({ decoder: z.literal('ssd'), least: z.number().min(0).max(1) }),
  z.strictObject({
    decoder: z.literal('yolox'),
    strides: z.array(z.int().positive()).min(1),
    least: z.number().min(0).max(1),
  }),
]);

export type DetectorParameters = z.infer<typeof detectorParameters>;

export function decoderOf(parameters: DetectorParameters): Decoder {
  switch (parameters.decoder) {
    case 'nanodet':
      return new NanodetDecoder(parameters.strides);
    case 'ssd':
      return new SsdDecoder();
    case 'yolox':
      return new YoloxDecoder(parameters.strides);
  }
}

/** The outputs that the decoder reads, each with how many numbers it has for a box. */
export function outputsOf(parameters: DetectorParameters, labels: number): { name: string; per: number }[] {
  switch (parameters.decoder) {
    case 'nanodet':
      return parameters.strides.map((stride) => ({ name: `scores${stride}`, per: labels }));
    case 'ssd':
      return [{ name: 'scores', per: labels }];
    case 'yolox':
      return [{ name: 'output', per: BEFORE_CLASSES + labels }];
  }
}
