/** What the routes of exports take and give. */
import { z } from 'zod';

export const newExportSchema = z
  .strictObject({
    from: z.iso.datetime().describe('From when.'),
    to: z.iso.datetime().describe('Until when.'),
    camera: z.string().min(1).max(64).optional().describe('Of one camera alone.'),
    purpose: z
      .string()
      .min(1)
      .max(500)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'This must be one line of text.')
      .describe('What it is for.'),
  })
  .describe('What to export.');

export const exportsSchema = z
  .strictObject({
    exports: z.array(
      z.strictObject({
        id: z.string(),
        at: z.iso.datetime(),
        by: z.string(),
        approvedBy: z.string().describe('The second person.'),
        inspection: z.string().nullable(),
        purpose: z.string(),
        items: z.int().min(0).describe('Files in it.'),
        digest: z.string().describe('SHA-256 of its manifest, as the audit log has it.'),
      }),
    ),
  })
  .describe('What was exported, newest first.');
