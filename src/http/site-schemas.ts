/** What the routes of the site give. */
import { z } from 'zod';
import { RULE_PACKS } from '../config/site.js';

const value = z.union([z.string(), z.number(), z.boolean()]);
const days = z.int().min(1);
const minutes = z.int().min(1);

export const siteSchema = z
  .strictObject({
    name: z.string(),
    rules: z.enum(RULE_PACKS),
    twoPersons: z.boolean().describe('Zones that mask less need a second person.'),
    commissioning: z.boolean().describe('Whether an integrator may be shown a raw picture at all.'),
    retention: z
      .strictObject({ evidence: days, alerts: days })
      .describe('Days that records are kept after their alert was dismissed or closed.'),
    alerts: z
      .strictObject({ escalateAfter: minutes, reportWithin: minutes })
      .describe('Minutes that an alert may wait to be acknowledged, and a confirmed one for its report.'),
    preview: z
      .enum(['off', 'ready', 'no-ffmpeg'])
      .describe('Whether there are previews for browsers without Media Source Extensions.'),
    pending: z
      .array(
        z.strictObject({
          path: z.string().describe('Where in the site file.'),
          from: value.describe('As it is in force.'),
          to: value.describe('As the site file wants it.'),
        }),
      )
      .describe('What the site file weakens: it stays as it was until people accept it.'),
    takesTwo: z.boolean().describe('Whether accepting what is pending takes two people.'),
  })
  .describe('The site as it is in force.');

export const settingsSchema = z
  .strictObject({
    file: z.string().describe('The site file.'),
    settings: z.array(
      z.strictObject({
        path: z.string(),
        value: z.string().describe('As written, without secrets.'),
        line: z.int().min(1),
      }),
    ),
  })
  .describe('What the site file says and where, but for zones.');

export const modelsSchema = z
  .strictObject({
    models: z.array(
      z.strictObject({
        name: z.string(),
        task: z.string(),
        description: z.string(),
        sha256: z.string().describe('Of its file.'),
        bytes: z.int(),
        source: z.strictObject({ package: z.string(), version: z.string(), licence: z.string(), made: z.string() }),
        accuracy: z.array(
          z.strictObject({
            dataset: z.string(),
            measure: z.string(),
            value: z.number(),
            interval: z.array(z.number()).optional().describe('95 %.'),
            date: z.string(),
          }),
        ),
        limits: z.array(z.string()).describe('What was never measured, or is known to go wrong.'),
      }),
    ),
    problems: z.array(z.string()).describe('Cards that cannot be read.'),
  })
  .describe('The models that look at the pictures, by their cards.');
