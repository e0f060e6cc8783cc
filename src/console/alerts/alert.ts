/** Alerts as the API tells them, and the order in which they are worked through. Pure. */

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type AlertState = 'new' | 'acknowledged' | 'confirmed' | 'dismissed' | 'reported' | 'closed';

/** What a person may do next. The gateway refuses what is not of this list. */
export const NEXT_STEPS: Readonly<Record<AlertState, readonly Exclude<AlertState, 'new'>[]>> = {
  new: ['acknowledged'],
  acknowledged: ['confirmed', 'dismissed'],
  confirmed: ['reported'],
  dismissed: ['closed'],
  reported: ['closed'],
  closed: [],
};

export interface Alert {
  readonly id: string;
  readonly camera: string;
  readonly kind: string;
  readonly zone: string | null;
  readonly detail: string;
  readonly law: string;
  readonly article: number;
  readonly penalty: number | null;
  readonly severity: Severity;
  readonly action: 'withhold' | 'flag' | 'notify';
  readonly state: AlertState;
  readonly since: string;
  readonly openedAt: string;
  readonly lastAt: string;
  readonly occurrences: number;
  readonly evidence: string | null;
  readonly escalatedAt: string | null;
  readonly overdueAt: string | null;
}

export interface AlertEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'opened' | 'step' | 'escalated' | 'overdue';
  readonly actor: string;
  readonly to: AlertState;
  readonly reason: string | null;
  readonly report: { readonly to: string; readonly at: string; readonly reference: string } | null;
}

export interface AlertDetail {
  readonly alert: Alert;
  readonly penalty: { readonly article: number; readonly wording: string; readonly note: string | null } | null;
  readonly history: readonly AlertEvent[];
}

export interface AlertFilter {
  readonly open: boolean;
  readonly severity: Severity | null;
  readonly camera: string | null;
}

export const isOpen = ({ state }: Alert): boolean => state !== 'dismissed' && state !== 'closed';

/** The queue: what waits too long first, then the most serious, then the oldest. */
export const queueOf = (alerts: Iterable<Alert>, { open, severity, camera }: AlertFilter): Alert[] =>
  [...alerts]
    .filter(
      (alert) =>
        (!open || isOpen(alert)) &&
        (severity === null || alert.severity === severity) &&
        (camera === null || alert.camera === camera),
    )
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        Number(isLate(b)) - Number(isLate(a)) ||
        a.openedAt.localeCompare(b.openedAt) ||
        a.id.localeCompare(b.id),
    );

export const isLate = (alert: Alert): boolean =>
  isOpen(alert) && (alert.overdueAt !== null || (alert.state === 'new' && alert.escalatedAt !== null));

/** How long alerts may wait, minutes. */
export interface Patience {
  readonly escalateAfter: number;
  readonly reportWithin: number;
}

/** What an alert must have by when, ms since 1970: somebody's attention, or its report (Art. 21). null: nothing is due. */
export const dueOf = (
  { state, since }: Alert,
  { escalateAfter, reportWithin }: Patience,
): { readonly what: 'acknowledge' | 'report'; readonly at: number } | null => {
  const from = Date.parse(since);
  if (state === 'new') return { what: 'acknowledge', at: from + escalateAfter * 60_000 };
  return state === 'confirmed' ? { what: 'report', at: from + reportWithin * 60_000 } : null;
};

/** Opened near each other at the same camera, ms. */
const RELATED_MS = 60 * 60_000;

/** What else happened at this camera around then. */
export const relatedTo = (alert: Alert, alerts: Iterable<Alert>): Alert[] =>
  [...alerts].filter(
    (other) =>
      other.id !== alert.id &&
      other.camera === alert.camera &&
      Math.abs(Date.parse(other.openedAt) - Date.parse(alert.openedAt)) <= RELATED_MS,
  );
