import { z } from 'zod';
import { polygon, zonesSchema } from '../../config/zone-schema.js';
import { SIGN_STATES, VIEW_STATES } from './item.js';

const label = z.string().min(1).max(100);
const seconds = z
  .number()
  .min(0)
  .max(7 * 24 * 3600);
const share = z.number().min(0).max(1);
const span = {
  from: seconds.default(0).describe('Seconds from the beginning of the clip.'),
  to: seconds.optional().describe('Seconds; left out: to the end.'),
};

/** One file, as the manifest has it. */
export const manifestItemSchema = z.strictObject({
  file: z.string().min(1).max(1000).describe('Path below the folder of the manifest.'),
  tags: z
    .record(label, z.union([label, z.number(), z.boolean()]))
    .default({})
    .describe('Conditions, e.g. light: night, size: large, angle: high. Scores are broken down by them.'),
  size: z
    .tuple([z.int().positive(), z.int().positive()])
    .optional()
    .describe('Width and height, px: a file of another size is a problem.'),
  place: z
    .union([label, z.array(z.strictObject({ ...span, label }))])
    .optional()
    .describe('What place it shows: one for the whole file, or several over time.'),
  view: z
    .array(z.strictObject({ ...span, state: z.enum(VIEW_STATES) }))
    .optional()
    .describe('When the camera was moved or covered. An empty list says that it never was.'),
  people: z
    .array(z.strictObject({ ...span, zone: label }))
    .optional()
    .describe('When somebody is in a zone. An empty list says that nobody ever was.'),
  sign: z
    .union([z.enum(SIGN_STATES), z.array(z.strictObject({ ...span, state: z.enum(SIGN_STATES) }))])
    .optional()
    .describe('The sign of Art. 16: visible, degraded or missing.'),
  signWords: z.array(label).default([]).describe("Words of which one is on the sign; left out: the product's own."),
  masks: z
    .array(z.strictObject({ ...span, polygon }))
    .default([])
    .describe('What no viewer may see: polygons in shares of the displayed picture.'),
  zones: zonesSchema
    .optional()
    .describe('Zones to mask with, as in the site file. Left out: those of `masks` (solid, default padding).'),
  objects: z
    .array(
      z.strictObject({
        label,
        box: z.tuple([share, share, share, share]).describe('Left, top, right, bottom.'),
        frame: z.int().min(0).optional(),
        ignore: z.boolean().default(false),
      }),
    )
    .optional()
    .describe('All things of the labels that are annotated.'),
});

/** What a manifest says of one file. */
export type ManifestItem = z.infer<typeof manifestItemSchema>;

/** The manifest without its items, which are read one by one so that a bad one can be skipped. */
export const manifestHeadSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(200).optional().describe('Name of the dataset, for the report.'),
  labels: z
    .record(label, z.enum(['prohibited', 'allowed', 'ambiguous']))
    .default({})
    .describe('Place labels of your own and what Art. 15 says of them.'),
  items: z.array(z.unknown()).min(1),
});

const manifestSchema = manifestHeadSchema.extend({ items: z.array(manifestItemSchema).min(1) });

/** The JSON Schema (draft 7) of a dataset's manifest in YAML. */
export const manifestJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-7' }),
  title: 'Veilgate dataset manifest',
});
