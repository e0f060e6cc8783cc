/**
 * The life of an alert (Regulation, Art. 21: an alarm is reviewed, a confirmed one is reported). No step can be skipped or undone, only
 * followed by another.
 */

export const ALERT_STATES = ['new', 'acknowledged', 'confirmed', 'dismissed', 'reported', 'closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What may follow what. */
export const NEXT_STATES: Readonly<Record<AlertState, readonly AlertState[]>> = {
  new: ['acknowledged'],
  acknowledged: ['confirmed', 'dismissed'],
  confirmed: ['reported'],
  dismissed: ['closed'],
  reported: ['closed'],
  closed: [],
};

/** Nobody has to do anything about it any more, and what is found next opens another alert. */
export const isOpen = (state: AlertState): boolean => state !== 'dismissed' && state !== 'closed';

/** Of a report: to whom it went, when (ms since 1970 UTC), and the reference under which they keep it. */
export interface AlertReport {
  readonly to: string;
  readonly at: number;
  readonly reference: string;
}

/** A step that somebody asks for. Dismissing says why; reporting says to whom, when and under which reference. */
export type AlertStep =
  | { readonly to: 'acknowledged' | 'confirmed' | 'closed'; readonly reason: string | null }
  | { readonly to: 'dismissed'; readonly reason: string }
  | { readonly to: 'reported'; readonly reason: string | null; readonly report: AlertReport };

/** What becomes of it. `why` says what would be right. */
export type StepOutcome =
  | { readonly ok: true; readonly state: AlertState }
  | { readonly ok: false; readonly why: string };

/** Takes a step, or says why it cannot be taken. Total: every state and every step has an answer. */
export const takeStep = (state: AlertState, { to }: Pick<AlertStep, 'to'>): StepOutcome => {
  const next = NEXT_STATES[state];
  if (next.includes(to)) return { ok: true, state: to };
  const right = next.length === 0 ? 'nothing follows' : `what follows is ${next.join(' or ')}`;
  return { ok: false, why: `The alert is ${state}: ${right}.` };
};
