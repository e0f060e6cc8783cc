import { z } from 'zod';

const shape = z.array(z.int().positive().nullable()).min(1).describe('Per dimension its size; null where it may vary.');
const triple = z.tuple([z.number(), z.number(), z.number()]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest is 64 lower-case hex digits');

/** How a picture becomes the model's input: resized, then `(channel - mean) / std` on 0..255, channels in `colour` order. */
const input = z.strictObject({
  name: z.string().min(1),
  shape,
  layout: z.enum(['NCHW', 'NHWC']),
  colour: z.enum(['rgb', 'bgr']),
  /**
   * `stretch`: both sides to size; `letterbox`: the longer side, the picture in the middle; `corner`: the same, the picture at the top left; `cover`: the
   * shorter side, the middle cut out.
   */
  fit: z.enum(['stretch', 'letterbox', 'corner', 'cover']),
  /** What lies beside the picture, 0..255; the mean where nothing is said. */
  pad: z.int().min(0).max(255).optional(),
  mean: triple,
  std: triple.refine((std) => std.every((value) => value > 0), 'deviations are positive'),
});

const measured = z.strictObject({
  /** What it was measured on, so that somebody else can. */
  dataset: z.string().min(1),
  measure: z.string().min(1),
  value: z.number(),
  /** 95 %. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  date: z.iso.date(),
});

/** `models/<name>/card.json`: what a model is, where it comes from, how it is fed, and what was measured of it. */
export const modelCard = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name is lower-case letters, digits and dashes, as its folder'),
  task: z.enum(['objects', 'place', 'undressed', 'text']),
  description: z.string().min(1),
  /** Beside the card, or beside what `beside` names. */
  file: z.string().regex(/^([\w-]+\/)?[\w.-]+$/, 'a file beside the card'),
  /** An export of a registry package that carries the file as it is: weights of megabytes are not kept twice. */
  beside: z
    .string()
    .regex(/^@?[\w-]+(\/[\w-]+)*$/, 'an export of a package')
    .optional(),
  sha256,
  bytes: z.int().positive(),
  input,
  outputs: z.array(z.strictObject({ name: z.string().min(1), shape })).min(1),
  /** In the order of the model's classes. */
  labels: z.array(z.string().min(1)).min(1),
  source: z.strictObject({
    /** Where the weights come from: a registry's package, or this repository's own training. */
    package: z.string().min(1),
    version: z.string().min(1),
    licence: z.string().min(1),
    /** How they became this file. */
    made: z.string().min(1),
  }),
  accuracy: z.array(measured),
  /** What was never measured, or is known to go wrong. */
  limits: z.array(z.string().min(1)),
  /** Numbers that its own post-processing needs: thresholds, a temperature. */
  parameters: z.record(z.string(), z.unknown()).default({}),
});

export type ModelCard = z.infer<typeof modelCard>;
export type ModelInput = ModelCard['input'];
