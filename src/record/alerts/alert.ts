import type { RulePack } from '../../config/site.js';
import type { FindingKind } from '../../rules/finding.js';
import type { RuleAction } from '../../rules/rule.js';
import type { Severity } from '../../rules/severity.js';
import type { AlertEventRow, AlertRow } from '../store/alert-tables.js';
import type { AlertReport, AlertState } from './life.js';

/** One matter that a person must decide. Times are ms since 1970 UTC. */
export interface Alert {
  readonly id: string;
  readonly camera: string;
  readonly kind: FindingKind;
  readonly cause: string;
  readonly zone: string | null;
  readonly detail: string;
  readonly law: RulePack;
  readonly article: number;
  readonly penalty: number | null;
  readonly severity: Severity;
  readonly action: RuleAction;
  readonly state: AlertState;
  readonly open: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly occurrences: number;
  /** SHA-256 of its picture. */
  readonly evidence: string | null;
  /** Since when it is in its state. */
  readonly since: number;
  /** When it was found to wait too long for somebody to see it. */
  readonly escalatedAt: number | null;
  /** When it was found confirmed and not reported for too long (Art. 21). */
  readonly overdueAt: number | null;
}

/** What happened to an alert. `step`: a person took one; the others are the gateway's. */
export interface AlertEvent {
  /** Rises over all alerts. */
  readonly seq: number;
  readonly alert: string;
  readonly at: number;
  readonly kind: 'opened' | 'step' | 'escalated' | 'overdue';
  readonly actor: string;
  readonly from: AlertState | null;
  readonly to: AlertState;
  readonly reason: string | null;
  readonly report: AlertReport | null;
}

/** What the list may be narrowed to. */
export interface AlertFilter {
  readonly camera?: string;
  readonly kind?: FindingKind;
  readonly state?: AlertState;
  readonly severity?: Severity;
  readonly article?: number;
  readonly open?: boolean;
  /** Opened at or after, ms since 1970 UTC. */
  readonly from?: number;
  /** Opened before. */
  readonly until?: number;
}

/** A page, newest first. `next` is the id after which the next page begins; null where this is the last. */
export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly next: string | null;
}

// The tables hold what this module wrote: words are trusted to be of their lists.
export const alertOfRow = (row: AlertRow): Alert => ({
  id: row.id,
  camera: row.camera,
  kind: row.kind as FindingKind,
  cause: row.cause,
  zone: row.zone,
  detail: row.detail,
  law: row.law as RulePack,
  article: row.article,
  penalty: row.penalty,
  severity: row.severity as Severity,
  action: row.action as RuleAction,
  state: row.state as AlertState,
  open: row.open === 1,
  firstAt: row.first_at,
  lastAt: row.last_at,
  occurrences: row.occurrences,
  evidence: row.evidence,
  since: row.since,
  escalatedAt: row.escalated_at,
  overdueAt: row.overdue_at,
});

export const eventOfRow = (row: Omit<AlertEventRow, 'seq'> & { readonly seq: number }): AlertEvent => ({
  seq: row.seq,
  alert: row.alert,
  at: row.at,
  kind: row.kind as AlertEvent['kind'],
  actor: row.actor,
  from: row.from_state as AlertState | null,
  to: row.to_state as AlertState,
  reason: row.reason,
  report:
    row.report_to === null || row.report_at === null
      ? null
      : { to: row.report_to, at: row.report_at, reference: row.report_reference ?? '' },
});
