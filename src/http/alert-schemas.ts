/** What the routes of alerts take and give. */
import { z } from 'zod';
import { RULE_PACKS } from '../config/site.js';
import { ALERT_ID } from '../record/alerts/alert-id.js';
import { ALERT_STATES } from '../record/alerts/life.js';
import { FINDING_KINDS } from '../rules/finding.js';
import { ACTIONS } from '../rules/rule.js';
import { SEVERITIES } from '../rules/severity.js';

export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 200;
const MAX_TEXT = 1000;

const instant = (description: string) => z.iso.datetime().describe(description);
const article = z.int().min(1).max(200);
/** Blanks are fine, other control characters are not: databases do not take them. */
const words = (description: string) =>
  z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .regex(/^[^\p{Cc}\p{Cs}]*(?:[\n\t][^\p{Cc}\p{Cs}]*)*$/u)
    .describe(description);
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));

const state = z.enum(ALERT_STATES).describe('new -> acknowledged -> confirmed or dismissed -> reported -> closed');

export const alertSchema = z
  .strictObject({
    id: z.string(),
    camera: z.string(),
    kind: z.enum(FINDING_KINDS),
    cause: z.string().describe('What tells two alerts of a camera and kind apart.'),
    zone: z.string().nullable(),
    detail: z.string().describe('What was found, in words.'),
    law: z
      .enum(RULE_PACKS)
      .describe('The law that the articles are counted in. `cn-799-2025`: the number is unverified.'),
    article: article.describe('The article that it touches.'),
    penalty: article.nullable().describe('The article that threatens a penalty; null where none does.'),
    severity: z.enum(SEVERITIES),
    action: z.enum(ACTIONS).describe('What the rules did at once.'),
    state,
    since: instant('Since when it is in this state.'),
    openedAt: instant('Of the first finding.'),
    lastAt: instant('Of the last finding.'),
    occurrences: z.int().min(1),
    evidence: z.string().nullable().describe('SHA-256 of its picture; null where there is none.'),
    escalatedAt: instant('When it had waited too long to be acknowledged.').nullable(),
    overdueAt: instant('When it had been confirmed for too long without a report (Art. 21).').nullable(),
  })
  .describe('One matter that a person must decide.');

export const alertsSchema = z
  .strictObject({
    alerts: z.array(alertSchema),
    next: z.string().nullable().describe('Send it as `after` for the next page; null on the last one.'),
  })
  .describe('A page of alerts, newest first.');

const reportSchema = z.strictObject({
  to: z.string().describe('To whom.'),
  at: instant('When.'),
  reference: z.string().describe('Under which they keep it.'),
});

export const alertEventSchema = z
  .strictObject({
    seq: z.int().min(1).describe('Rises over all alerts.'),
    at: instant('When.'),
    kind: z.enum(['opened', 'step', 'escalated', 'overdue']),
    actor: z.string(),
    from: z.enum(ALERT_STATES).nullable(),
    to: z.enum(ALERT_STATES),
    reason: z.string().nullable(),
    report: reportSchema.nullable(),
  })
  .describe('Something that happened to an alert.');

export const alertDetailSchema = z
  .strictObject({
    alert: alertSchema,
    penalty: z
      .strictObject({
        article,
        item: z.int().nullable(),
        wording: z.string().describe('As printed.'),
        note: z.string().nullable(),
      })
      .nullable()
      .describe('What the law threatens.'),
    history: z.array(alertEventSchema).describe('Oldest first.'),
  })
  .describe('An alert and everything that happened to it.');

const reason = words('Why.');

export const alertStepSchema = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.enum(['acknowledged', 'confirmed', 'closed']), reason: reason.optional() }),
    z.strictObject({ state: z.literal('dismissed'), reason }),
    z.strictObject({
      state: z.literal('reported'),
      reason: reason.optional(),
      report: z.strictObject({
        to: words('To whom.'),
        at: instant('When; default: now.').optional(),
        reference: words('Under which they keep it.'),
      }),
    }),
  ])
  .describe(
    'The next step of an alert. Dismissing needs a reason, reporting says to whom, when and under which reference.',
  );

export const alertQuerySchema = z.strictObject({
  camera: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .optional(),
  kind: z.enum(FINDING_KINDS).optional(),
  state: z.enum(ALERT_STATES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  article: number(1, 200).optional(),
  open: z.enum(['true', 'false']).optional().describe('Neither dismissed nor closed.'),
  from: instant('Opened at or after.').optional(),
  until: instant('Opened before.').optional(),
  after: z.string().regex(ALERT_ID).optional().describe('`next` of the page before.'),
  limit: number(1, MAX_PAGE).optional().describe(`How many; default ${DEFAULT_PAGE}.`),
});
