import { describe, expect, it } from 'vitest';
import { deriveState, OFFLINE_REASONS, STARTING_REASONS, stateLabel, WITHHELD_REASONS } from '../camera/state.js';
import { SLATE_LABELS, slateOrder } from './slate.js';

describe('slates', () => {
  it('have words of their own for every state but masked', () => {
    const states = [
      ...STARTING_REASONS.map((reason) => deriveState({ kind: 'starting', reason }, new Set())),
      ...OFFLINE_REASONS.map((reason) => deriveState({ kind: 'offline', reason }, new Set())),
      ...WITHHELD_REASONS.map((reason) => deriveState({ kind: 'masking' }, new Set([reason]))),
    ];
    expect(new Set(states.map(stateLabel))).toEqual(new Set(SLATE_LABELS));
    for (const label of SLATE_LABELS) {
      const { headline, sentence } = slateOrder(label, { width: 640, height: 360 }, 'h264');
      expect(headline).not.toBe('');
      expect(sentence).toMatch(/\.$/);
    }
  });

  it('are made in even sizes, which 4:2:0 needs', () => {
    expect(slateOrder('withheld:operator', { width: 641, height: 361 }, 'h264')).toMatchObject({
      width: 640,
      height: 360,
    });
  });
});
