import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  APPROVAL_STATES,
  APPROVAL_TIME_BOX_MS,
  type Approval,
  type ApprovalEvent,
  type ApprovalState,
  expireApproval,
  stepApproval,
  type Undertaking,
} from './approval.js';

const T0 = new Date('2026-03-01T08:00:00Z');
const later = (ms: number): Date => new Date(T0.getTime() + ms);
const ZONES: Undertaking = { action: 'accept-zones', subject: 'lobby', digest: 'abc' };

const approval = (state: ApprovalState): Approval => ({
  ...ZONES,
  id: 'a1',
  summary: 'Zones of lobby: restroom-door is removed.',
  askedBy: 'li.wei',
  askedAt: T0,
  expiresAt: later(APPROVAL_TIME_BOX_MS),
  state,
  decidedBy: state === 'asked' || state === 'expired' ? null : 'wang.fang',
  decidedAt: null,
  usedAt: null,
});

const EVENTS: Readonly<Record<string, ApprovalEvent>> = {
  'granted by another': { kind: 'decide', by: 'wang.fang', granted: true },
  'refused by another': { kind: 'decide', by: 'wang.fang', granted: false },
  'granted by who asked': { kind: 'decide', by: 'li.wei', granted: true },
  'used by who asked': { kind: 'use', by: 'li.wei', what: ZONES },
  'used by another': { kind: 'use', by: 'wang.fang', what: ZONES },
  'used for other zones': { kind: 'use', by: 'li.wei', what: { ...ZONES, digest: 'abd' } },
  'used for another camera': { kind: 'use', by: 'li.wei', what: { ...ZONES, subject: 'yard' } },
  'used for another action': { kind: 'use', by: 'li.wei', what: { ...ZONES, action: 'export' } },
};

const outcome = (state: ApprovalState, event: ApprovalEvent, now: Date): string => {
  const result = stepApproval(approval(state), event, now);
  return 'approval' in result ? result.approval.state : result.refusal;
};

describe('an approval', () => {
  it('takes every event in every state as the table says', () => {
    const table = Object.fromEntries(
      APPROVAL_STATES.map((state) => [
        state,
        Object.fromEntries(Object.entries(EVENTS).map(([name, event]) => [name, outcome(state, event, later(1))])),
      ]),
    );
    const matters = {
      'used by another': 'approval-of-another',
      'used for other zones': 'approval-for-another-matter',
      'used for another camera': 'approval-for-another-matter',
      'used for another action': 'approval-for-another-matter',
    };
    const over = {
      'granted by another': 'approval-over',
      'refused by another': 'approval-over',
      'granted by who asked': 'approval-over',
      'used by who asked': 'approval-over',
      ...matters,
    };
    expect(table).toEqual({
      asked: {
        'granted by another': 'granted',
        'refused by another': 'refused',
        'granted by who asked': 'approval-same-person',
        'used by who asked': 'approval-not-granted',
        ...matters,
      },
      granted: { ...over, 'used by who asked': 'used' },
      refused: over,
      used: over,
      expired: over,
    });
  });

  it('is over when its time box is, granted or not', () => {
    const end = later(APPROVAL_TIME_BOX_MS);
    expect(outcome('asked', EVENTS['granted by another']!, later(APPROVAL_TIME_BOX_MS - 1))).toBe('granted');
    expect(outcome('asked', EVENTS['granted by another']!, end)).toBe('approval-over');
    expect(outcome('granted', EVENTS['used by who asked']!, end)).toBe('approval-over');
    expect(expireApproval(approval('granted'), end).state).toBe('expired');
    expect(expireApproval(approval('used'), end).state).toBe('used');
  });

  it('is never used but by who asked, after another person granted it, once, in time', () => {
    const people = fc.constantFrom('li.wei', 'wang.fang', 'admin-token');
    const event = fc.oneof(
      fc.record({ kind: fc.constant('decide' as const), by: people, granted: fc.boolean() }),
      fc.record({
        kind: fc.constant('use' as const),
        by: people,
        what: fc.constantFrom(ZONES, { ...ZONES, digest: 'x' }),
      }),
    );
    const history = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 2 * APPROVAL_TIME_BOX_MS })), { maxLength: 12 });
    fc.assert(
      fc.property(history, (events) => {
        let now = approval('asked');
        let granters: string[] = [];
        let uses = 0;
        for (const [happening, at] of [...events].sort(([, a], [, b]) => a - b)) {
          const result = stepApproval(now, happening, later(at));
          if (!('approval' in result)) continue;
          now = result.approval;
          if (happening.kind === 'decide') granters = [...granters, happening.by];
          if (happening.kind === 'use') {
            uses++;
            expect(happening).toMatchObject({ by: 'li.wei', what: ZONES });
            expect(granters).toHaveLength(1);
            expect(granters[0]).not.toBe('li.wei');
            expect(at).toBeLessThan(APPROVAL_TIME_BOX_MS);
          }
        }
        expect(uses).toBeLessThanOrEqual(1);
      }),
    );
  });
});
