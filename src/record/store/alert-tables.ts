import type { Generated } from 'kysely';

/** One matter that a person must decide. `open` is 1 until it is dismissed or closed: one open alert a camera, kind and cause. */
export interface AlertRow {
  /** Rises with the time at which it was opened (UUIDv7). */
  readonly id: string;
  readonly camera: string;
  readonly kind: string;
  readonly cause: string;
  readonly zone: string | null;
  readonly detail: string;
  readonly law: string;
  readonly article: number;
  readonly penalty: number | null;
  readonly severity: string;
  readonly action: string;
  readonly state: string;
  readonly open: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly occurrences: number;
  /** SHA-256 of the picture, hexadecimal. */
  readonly evidence: string | null;
  /** When the present state began. */
  readonly since: number;
  readonly escalated_at: number | null;
  readonly overdue_at: number | null;
}

/** What alerts of one sort have in common; every class that an alert ever had. */
export interface AlertClassRow {
  readonly kind: string;
  readonly severity: string;
  readonly article: number;
}

/** What happened to an alert, in the order in which it happened: its history, and what is sent to others. Never changed. */
export interface AlertEventRow {
  readonly seq: Generated<number>;
  readonly alert: string;
  readonly at: number;
  /** `opened`, `step`, `escalated`, `overdue`. */
  readonly kind: string;
  readonly actor: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly reason: string | null;
  /** Of a report: to whom, when, under which reference. */
  readonly report_to: string | null;
  readonly report_at: number | null;
  readonly report_reference: string | null;
}

/** A masked picture, once however often it is referred to. */
export interface EvidenceRow {
  readonly sha256: string;
  readonly jpeg: Uint8Array;
  /** `zones` or `whole`. */
  readonly masked: string;
  readonly at: number;
}

/** How far one receiver of notifications has got: everything up to `seq` has reached it. */
export interface DeliveryRow {
  readonly receiver: string;
  readonly seq: number;
  /** Since when nobody tells it, as the site file does not name it any more; ms since 1970 UTC. */
  readonly dropped_at: Generated<number | null>;
}

export interface AlertTables {
  readonly alerts: AlertRow;
  readonly alert_classes: AlertClassRow;
  readonly alert_events: AlertEventRow;
  readonly evidence: EvidenceRow;
  readonly deliveries: DeliveryRow;
}
