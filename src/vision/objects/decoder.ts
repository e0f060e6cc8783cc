import { z } from 'zod';
import type { Outputs } from '../runtime.js';
import type { Candidate, Size } from './candidate.js';
import { NanodetDecoder } from './nanodet.js';
import { SsdDecoder } from './ssd.js';

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
]);

export type DetectorParameters = z.infer<typeof detectorParameters>;

export const decoderOf = (parameters: DetectorParameters): Decoder =>
  parameters.decoder === 'nanodet' ? new NanodetDecoder(parameters.strides) : new SsdDecoder();

/** The outputs that the decoder reads, each with how many numbers it has a class or a box. */
export function outputsOf(parameters: DetectorParameters, labels: number): { name: string; per: number }[] {
  if (parameters.decoder === 'ssd') return [{ name: 'scores', per: labels }];
  return parameters.strides.map((stride) => ({ name: `scores${stride}`, per: labels }));
}
