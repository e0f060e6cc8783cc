/** The part of the site file that says how long what was recorded is kept. */
import { z } from 'zod';

/** Recordings are kept at least 30 days (Regulation, Art. 25). */
export const MIN_RETENTION_DAYS = 30;
/** As long as the law asks, and no longer (Decree 799 asks for deletion once that time is over). */
export const DEFAULT_EVIDENCE_DAYS = 30;
/** Two years: what an alert says may be asked for that long. */
export const DEFAULT_ALERTS_DAYS = 730;
const TEN_YEARS_DAYS = 3650;

const days = (preset: number, description: string) =>
  z.int().min(MIN_RETENTION_DAYS).max(TEN_YEARS_DAYS).default(preset).describe(description);

export const retentionSchema = z
  .strictObject({
    evidence: days(
      DEFAULT_EVIDENCE_DAYS,
      'Days that the masked picture of an alert is kept after the alert was dismissed or closed, 30 or more (Art. 25).',
    ),
    alerts: days(
      DEFAULT_ALERTS_DAYS,
      'Days that an alert and its history are kept after it was dismissed or closed, 30 or more.',
    ),
  })
  .prefault({})
  .describe('How long records are kept. What was shortened waits for two people. Open alerts and the audit log stay.');
