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
    retention: z
      .strictObject({ evidence: days, alerts: days })
      .describe('Days that records are kept after their alert was dismissed or closed.'),
    alerts: z
      .strictObject({ escalateAfter: minutes, reportWithin: minutes })
      .describe('Minutes that an alert may wait to be acknowledged, and a confirmed one for its report.'),
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
