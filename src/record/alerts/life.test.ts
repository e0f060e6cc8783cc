import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_STATES, type AlertState, type AlertStep, isOpen, NEXT_STATES, takeStep } from './life.js';

/** Written out, so that a change of the table is a change here. */
const ALLOWED = new Set([
  'new>acknowledged',
  'acknowledged>confirmed',
  'acknowledged>dismissed',
  'confirmed>reported',
  'reported>closed',
  'dismissed>closed',
]);
const STEPS: readonly AlertStep['to'][] = ['acknowledged', 'confirmed', 'dismissed', 'reported', 'closed'];
const PAIRS = ALERT_STATES.flatMap((state) => STEPS.map((to) => [state, to] as const));

describe('the life of an alert', () => {
  it.each(PAIRS)('from %s to %s is allowed or refused with what would be right', (state, to) => {
    const outcome = takeStep(state, { to });
    if (ALLOWED.has(`${state}>${to}`)) expect(outcome).toEqual({ ok: true, state: to });
    else {
      expect(outcome.ok).toBe(false);
      for (const right of NEXT_STATES[state]) expect(!outcome.ok && outcome.why).toContain(right);
    }
  });

  it('never comes back to a state, whatever is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS)), (tried) => {
        let state: AlertState = 'new';
        const been: AlertState[] = [state];
        for (const to of tried) {
          const outcome = takeStep(state, { to });
          if (!outcome.ok) continue;
          state = outcome.state;
          expect(been).not.toContain(state);
          been.push(state);
        }
        expect(been.includes('reported')).toBe(been.includes('confirmed') && been.includes('reported'));
        if (been.includes('closed')) expect(been.includes('reported') || been.includes('dismissed')).toBe(true);
      }),
    );
  });

  it('is over when it was dismissed or closed', () => {
    expect(ALERT_STATES.filter((state) => !isOpen(state))).toEqual(['dismissed', 'closed']);
  });
});
