import { describe, expect, it } from 'vitest';
import { NEXT_STATES } from '../../record/alerts/life.js';
import { type Alert, dueOf, NEXT_STEPS, queueOf, relatedTo } from './alert.js';

const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
  id,
  camera: 'lobby',
  kind: 'view-moved',
  zone: null,
  detail: '',
  law: 'cn-2012',
  article: 24,
  penalty: 39,
  severity: 'medium',
  action: 'flag',
  state: 'new',
  since: '2026-03-01T08:00:00.000Z',
  openedAt: '2026-03-01T08:00:00.000Z',
  lastAt: '2026-03-01T08:00:00.000Z',
  occurrences: 1,
  evidence: null,
  escalatedAt: null,
  overdueAt: null,
  ...change,
});

const ALL = { open: false, severity: null, camera: null } as const;
const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);

describe('the queue', () => {
  it('begins with the most serious, of those with what waits too long, of those with the oldest', () => {
    const queue = queueOf(
      [
        alert('young', { openedAt: '2026-03-01T09:00:00.000Z' }),
        alert('old'),
        alert('late', { openedAt: '2026-03-01T09:30:00.000Z', escalatedAt: '2026-03-01T09:45:00.000Z' }),
        alert('grave', { severity: 'critical', openedAt: '2026-03-01T10:00:00.000Z' }),
        alert('slight', { severity: 'low' }),
      ],
      ALL,
    );
    expect(ids(queue)).toEqual(['grave', 'late', 'old', 'young', 'slight']);
  });

  it('leaves out what is decided, another severity, another camera', () => {
    const alerts = [
      alert('a'),
      alert('b', { state: 'dismissed' }),
      alert('c', { severity: 'high' }),
      alert('d', { camera: 'yard' }),
    ];
    expect(ids(queueOf(alerts, { ...ALL, open: true, camera: 'lobby' }))).toEqual(['c', 'a']);
    expect(ids(queueOf(alerts, { ...ALL, severity: 'high' }))).toEqual(['c']);
  });

  it('relates what happened at the same camera within the hour', () => {
    const one = alert('one');
    const others = [
      alert('near', { openedAt: '2026-03-01T08:59:00.000Z' }),
      alert('far', { openedAt: '2026-03-01T09:01:00.000Z' }),
      alert('elsewhere', { camera: 'yard' }),
    ];
    expect(ids(relatedTo(one, [one, ...others]))).toEqual(['near']);
  });

  it('counts down to the attention that a new one needs, and to the report of a confirmed one', () => {
    const patience = { escalateAfter: 15, reportWithin: 1440 };
    const at = Date.parse('2026-03-01T08:00:00.000Z');
    expect(dueOf(alert('a'), patience)).toEqual({ what: 'acknowledge', at: at + 15 * 60_000 });
    expect(dueOf(alert('a', { state: 'confirmed' }), patience)).toEqual({ what: 'report', at: at + 24 * 3_600_000 });
    expect(dueOf(alert('a', { state: 'acknowledged' }), patience)).toBeNull();
    expect(dueOf(alert('a', { state: 'reported' }), patience)).toBeNull();
  });

  it('offers the steps that the gateway takes', () => {
    expect(NEXT_STEPS).toEqual(NEXT_STATES);
  });
});
