/** A visit of the police (Regulation, Art. 27, 28): what must be registered before anything is read. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../log/canonical-json.js';

/** Who came. */
export interface Officer {
  readonly name: string;
  /** The authority that the officer is of. */
  readonly unit: string;
  /** Number of the officer's identification. */
  readonly certificate: string;
}

/** Art. 28: fewer may neither view nor copy. */
export const MIN_OFFICERS = 2;

/** More is a mistake. */
export const MAX_OFFICERS = 20;

/** A visit is over by itself after a working day: a session left open would list what others read. */
export const INSPECTION_TIME_BOX_MS = 12 * 3_600_000;

/** Something that was read or exported, and how often. */
export interface InspectionItem {
  readonly what: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly times: number;
}

/** An entry of the register of visits. */
export interface Inspection {
  readonly id: string;
  /** The account through which the officers read. */
  readonly reader: string;
  readonly openedBy: string;
  readonly openedAt: Date;
  /** Number of the certificate by which their authority sends them. */
  readonly letter: string;
  readonly officers: readonly Officer[];
  readonly purpose: string;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  /** SHA-256 of the list that a regulator signed for at the end; null where nobody did. */
  readonly signedDigest: string | null;
}

/** Whether what is read now belongs into it. */
export const isOpen = ({ closedAt, openedAt }: Inspection, now: Date): boolean =>
  closedAt === null && now.getTime() - openedAt.getTime() < INSPECTION_TIME_BOX_MS;

/** Why these officers may not inspect; null where they may. */
export const officersFault = (officers: readonly Officer[]): string | null => {
  if (officers.length < MIN_OFFICERS) {
    return `At least ${MIN_OFFICERS} officers inspect (Regulation, Art. 28); ${officers.length} is named.`;
  }
  const key = ({ certificate }: Officer): string => certificate.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase();
  if (new Set(officers.map(key)).size < officers.length) {
    return 'Two of the officers have the same certificate number: name different people.';
  }
  return null;
};

/** How the log names an officer. */
export const formatOfficer = ({ name, unit, certificate }: Officer): string => `${name}, ${unit}, ${certificate}`;

/** SHA-256 of what was read, in hex: what a regulator signs for. */
export const digestOfItems = (items: readonly InspectionItem[]): string => {
  const listed: Json = items
    .map(({ what, firstAt, lastAt, times }) => ({
      what,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      times,
    }))
    .sort((a, b) => (a.what < b.what ? -1 : 1));
  return createHash('sha256').update(canonicalJson(listed)).digest('hex');
};
