import { z } from 'zod';
import { siteSchema } from './schema.js';

/**
 * The JSON Schema (draft 7, which every editor knows) of the site file, made from the zod schema. It says less than the gateway
 * checks: polygons that cross themselves, ids that repeat and variables that are not set are for `veilgate check`.
 */
export const siteJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(siteSchema, { io: 'input', target: 'draft-7' }),
  title: 'Veilgate site file',
});
