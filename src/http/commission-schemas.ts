/** What the API takes and tells of the commissioning view. */
import { z } from 'zod';
import { reasonLine } from './line.js';

/** A time box is at most as long, seconds. */
export const MAX_BOX_S = 300;

export const newCommissionSchema = z
  .strictObject({
    reason: reasonLine('Why the raw picture is needed. The audit log keeps it.'),
    seconds: z.int().min(1).max(MAX_BOX_S).default(MAX_BOX_S).describe('How long it may be looked at.'),
  })
  .describe('A time box to open.');

export const commissionBoxSchema = z
  .strictObject({
    camera: z.string(),
    openedBy: z.string().describe('The account whose session is shown it, and nobody else.'),
    reason: z.string(),
    seconds: z.int().min(1).describe('How long it is open.'),
    until: z.iso.datetime().describe('When it ends, unless it is closed before.'),
  })
  .describe('A commissioning view that is open.');
