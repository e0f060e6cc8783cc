import { masksLess, type ZoneLoss } from './coverage.js';
import { type WantedZones, type ZoneRevision, zonesDigest } from './revision.js';

/** What to do about a camera's zones in the site file, given what is in force. */
export type Reconciliation =
  /** Nothing was ever in force: the file's set becomes the first revision. */
  | { readonly kind: 'seed'; readonly wanted: WantedZones }
  /** The file says nothing new. */
  | { readonly kind: 'same'; readonly inForce: ZoneRevision }
  /** The file masks the same or more: its set becomes the next revision at once. */
  | { readonly kind: 'apply'; readonly inForce: ZoneRevision; readonly wanted: WantedZones }
  /** The file masks less: what is in force stays so until a person accepts. */
  | {
      readonly kind: 'needs-acceptance';
      readonly inForce: ZoneRevision;
      readonly wanted: WantedZones;
      readonly losses: readonly ZoneLoss[];
    };

/**
 * Compares the site file with the store, whose newest revision is the truth. A set that masks less never applies from the file
 * alone, not even in part: a file that was cut short is valid YAML surprisingly often.
 */
export const reconcile = (inForce: ZoneRevision | null, wanted: WantedZones): Reconciliation => {
  if (inForce === null) return { kind: 'seed', wanted };
  const digest = zonesDigest(wanted);
  if (digest === inForce.fileDigest || digest === zonesDigest(inForce)) return { kind: 'same', inForce };
  const losses = masksLess(inForce.zones, wanted.zones);
  return losses.length === 0
    ? { kind: 'apply', inForce, wanted }
    : { kind: 'needs-acceptance', inForce, wanted, losses };
};
