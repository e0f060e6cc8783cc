import type { Alert, AlertEvent } from './alert.js';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** An alert as programs get it: from the API, by webhook, over MQTT. Times are ISO 8601. */
export const alertDocument = (alert: Alert) => ({
  id: alert.id,
  camera: alert.camera,
  kind: alert.kind,
  cause: alert.cause,
  zone: alert.zone,
  detail: alert.detail,
  law: alert.law,
  article: alert.article,
  penalty: alert.penalty,
  severity: alert.severity,
  action: alert.action,
  state: alert.state,
  since: iso(alert.since),
  openedAt: iso(alert.firstAt),
  lastAt: iso(alert.lastAt),
  occurrences: alert.occurrences,
  evidence: alert.evidence,
  escalatedAt: isoOrNull(alert.escalatedAt),
  overdueAt: isoOrNull(alert.overdueAt),
});

/** What happened to it, likewise. */
export const eventDocument = ({ seq, at, kind, actor, from, to, reason, report }: AlertEvent) => ({
  seq,
  at: iso(at),
  kind,
  actor,
  from,
  to,
  reason,
  report: report && { to: report.to, at: iso(report.at), reference: report.reference },
});
