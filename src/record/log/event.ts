import { VeilgateError } from '../../errors.js';
import { canonicalJson, type Json } from './canonical-json.js';
import { withoutSecrets } from './without-secrets.js';

/**
 * What is worth an entry, and what is said about it. Another kind is one more line here.
 *
 * No pixels, no secrets, nothing about people in front of cameras: entries cannot be taken back.
 */
export type AuditKinds = {
  start: { version: string };
  stop: { reason: string };
  /** The log itself was mended after a crash, or a damaged one was put aside. */
  'log-healed': { what: string; from: number; to: number };
  /** A camera's stream went from one state to another. */
  'state-transition': { from: string; to: string; reason: string | null };
  /** A zone set came into force. `digest` is the SHA-256 of its canonical JSON. */
  'zones-accepted': { revision: number; source: string; zones: number; masksLess: boolean; digest: string };
  /** The view that the zones were drawn on was taken (Regulation, Art. 24). SHA-256 of what is kept of it, and of the masked picture. */
  'view-accepted': { view: string; picture: string | null };
  /** The zones follow a small drift of the view, by less than the guard's tolerance: masked where they were accepted, and where it is. */
  'zones-followed': { drift: string };
  /** A zone set that masks less waits for a person. */
  'zones-pending': { losses: readonly string[] };
  /** A person showed by a photo that a sign hangs (Regulation, Art. 16). `photo` is the SHA-256 of its file. */
  'sign-attested': { by: string; photo: string; text: string; word: string; until: string };
  /** A person added a camera to the site file from the console or over the API. `source` is without secrets. */
  'camera-added': { place: string; source: string };
  'config-applied': { file: string; digest: string; changes: readonly string[] };
  /** A receiver of alerts was dropped, or is told again. `untold`: events that were kept since it was last told, at most. */
  receiver: { receiver: string; step: 'dropped' | 'back'; untold: number };
  'rules-changed': { from: string | null; to: string };
  'model-change': { model: string; from: string | null; to: string };
  login: { method: string; outcome: 'granted' | 'refused' | 'locked-out'; address: string | null };
  logout: { reason: string };
  'account-change': { account: string; change: string };
  /** Something was found that opened an alert; `alert` is null where it could not be kept yet. */
  finding: { finding: string; cause: string; law: string; article: number; severity: string; alert: string | null };
  /** A step in an alert's life. */
  'alert-decision': {
    alert: string;
    from: string;
    to: string;
    reason: string | null;
    report?: { to: string; at: string; reference: string };
  };
  /** An alert waited too long: to be seen (`escalated`), or to be reported (`overdue`). */
  'alert-late': { alert: string; what: string };
  /** A person asked for what takes two, or the second one answered. */
  approval: { request: string; for: string; step: 'asked' | 'granted' | 'refused' | 'used' };
  /** A withheld stream was let through. */
  release: { reason: string; approvedBy: string | null };
  /** Who looked at pictures that are not everyone's, and why. */
  view: { what: string; purpose: string };
  /**
   * A person opened the commissioning view: the raw picture of one camera, for one person, until then. Before anything was shown. Of a box
   * that ended with a gateway that was killed, the next start enters the end, and `pictures` is null: not known.
   */
  commission:
    | { box: string; step: 'opened'; reason: string; until: string }
    | { box: string; step: 'closed'; why: string; pictures: number | null };
  /** A visit under Art. 27 and 28 of the Regulation. */
  inspection: { session: string; step: string; officers: readonly string[] };
  /**
   * The product was put to the test. Digests are SHA-256: of the whole report, of its results, of what it was tested on. `key` is the
   * fingerprint of the key whose signature was checked; `not pinned`: the site does not know it.
   */
  validation: {
    report: string;
    result: string;
    dataset: string;
    items: number;
    skipped: number;
    signer: 'site' | 'not pinned';
    key: string;
  };
  export: { export: string; items: number; digest: string; approvedBy: string | null };
  /** Two people let the site file weaken what it protected; by path in the file. */
  'safeguards-weakened': { changes: readonly string[]; approvedBy: string | null };
  /** Records were deleted, as their time was over (Art. 24, 25). */
  deletion: { what: string; from: string; to: string; reason: string };
};

export type AuditKind = keyof AuditKinds;

/** What is to be recorded. */
export type AuditEvent = {
  readonly [K in AuditKind]: {
    readonly kind: K;
    /** Who did it: an account, `token:<name>`, `system`. */
    readonly actor: string;
    /** The camera that it is about. */
    readonly camera?: string;
    readonly data: AuditKinds[K];
  };
}[AuditKind];

/** An event as the log holds it. Its kind may be one that this version does not know. */
export interface AuditEntry {
  /** When, in UTC (ISO 8601). */
  readonly time: string;
  readonly kind: string;
  readonly actor: string;
  readonly camera?: string;
  readonly data: Json;
}

/** Bytes of an entry: room for any event, and at most 4 MiB a bundle of 256, which is written anew as it grows. */
export const MAX_ENTRY_BYTES = 16 * 1024;

/**
 * An event as bytes: canonical JSON, secrets blotted out.
 *
 * @throws VeilgateError `not-json` where JSON cannot say it, `audit-entry-too-large` over MAX_ENTRY_BYTES.
 */
export function encodeEvent({ kind, actor, camera, data }: AuditEvent, time: Date): Buffer {
  const entry = withoutSecrets({ time: time.toISOString(), kind, actor, camera, data });
  const bytes = Buffer.from(canonicalJson(entry));
  if (bytes.length <= MAX_ENTRY_BYTES) return bytes;
  throw new VeilgateError(
    'audit-entry-too-large',
    `The ${kind} entry is ${bytes.length} bytes, and ${MAX_ENTRY_BYTES} is the most: record a digest of the long part.`,
  );
}

/** An entry from its bytes, or null where they are none of ours. */
export function decodeEntry(bytes: Buffer): AuditEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  return isEntry(value) ? value : null;
}

function isEntry(value: unknown): value is AuditEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { time, kind, actor, camera, data } = value as Record<string, unknown>;
  return (
    [time, kind, actor].every((text) => typeof text === 'string') &&
    (camera === undefined || typeof camera === 'string') &&
    data !== undefined
  );
}
