/** What the routes of exports take and give. */
import { z } from 'zod';
import { line } from './line.js';

export const newExportSchema = z
  .strictObject({
    from: z.iso.datetime().describe('From when.'),
    to: z.iso.datetime().describe('Until when.'),
    camera: z.string().min(1).max(64).optional().describe('Of one camera alone.'),
    purpose: line(500, 'What it is for.'),
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
