import { z } from 'zod';
import type { ZoneSet } from '../zones/zone.js';
import { crossCheckUnmasked, crossCheckZones } from './cross-checks.js';
import { explain } from './explain.js';
import { ZonesError } from './problem.js';
import { zonesSchema } from './zone-schema.js';

/** The zones of one camera, with the reason where nothing is masked. */
export interface ZoneChange {
  readonly zones: ZoneSet;
  readonly unmasked: string | null;
}

const zoneChangeSchema = z.strictObject({ zones: zonesSchema, unmasked: z.string().min(1).max(200).optional() });

/**
 * Reads what the API is sent: `{"zones": [...], "unmasked"?: "reason"}`, held to the same rules as the site file.
 *
 * @throws ZonesError `zones-invalid`, naming every fault with its path.
 */
export const parseZoneChange = (value: unknown): ZoneChange => {
  const parsed = zoneChangeSchema.safeParse(value);
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const issues = [
    ...explain(zoneChangeSchema, parsed.error?.issues ?? [], value),
    ...crossCheckZones(fields.zones, ['zones']),
    ...crossCheckUnmasked(fields, []),
  ];
  if (!parsed.success || issues.length > 0) throw new ZonesError(issues);
  return { zones: parsed.data.zones, unmasked: parsed.data.unmasked ?? null };
};
