import { describe, expect, it } from 'vitest';
import { deriveState, OFFLINE_REASONS, type SourceCondition, STARTING_REASONS, WITHHELD_REASONS } from './state.js';

const conditions: readonly SourceCondition[] = [
  ...STARTING_REASONS.map((reason) => ({ kind: 'starting' as const, reason })),
  ...OFFLINE_REASONS.map((reason) => ({ kind: 'offline' as const, reason })),
  { kind: 'masking' },
];

/** Every set of up to two holds. */
const holdSets = [
  [],
  ...WITHHELD_REASONS.map((reason) => [reason]),
  ...WITHHELD_REASONS.flatMap((a) => WITHHELD_REASONS.map((b) => [a, b])),
];

describe('the state of a stream', () => {
  it('shows the picture in exactly one case: the last frame was masked, and nothing holds', () => {
    for (const condition of conditions)
      for (const holds of holdSets) {
        const { state } = deriveState(condition, new Set(holds));
        expect(state === 'masked').toBe(condition.kind === 'masking' && holds.length === 0);
      }
  });

  it('is withheld for the most serious of the reasons that hold, whatever the source does', () => {
    for (const condition of conditions)
      for (const holds of holdSets.filter(({ length }) => length > 0)) {
        const worst = WITHHELD_REASONS.find((reason) => holds.includes(reason));
        expect(deriveState(condition, new Set(holds))).toEqual({ state: 'withheld', reason: worst });
      }
  });
});
