import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROOF_MS, STEADY, VerdictMachine, type ViewKind } from './verdict.js';

const kinds = fc.constantFrom<ViewKind>('steady', 'moved', 'covered', 'lost');
const steps = fc.array(fc.record({ kind: kinds, after: fc.integer({ min: 1, max: 8000 }) }), { maxLength: 60 });

describe('VerdictMachine', () => {
  it('is never steady within five seconds of anything else, whatever is observed', () => {
    fc.assert(
      fc.property(steps, (seen) => {
        const machine = new VerdictMachine(STEADY);
        let now = 0;
        let lastBad = Number.NEGATIVE_INFINITY;
        for (const { kind, after } of seen) {
          now += after;
          if (kind !== 'steady') lastBad = now;
          const verdict = machine.observe({ kind, detail: kind }, now);
          if (kind !== 'steady') expect(verdict.kind).toBe(kind);
          if (now - lastBad < PROOF_MS) expect(verdict.kind).not.toBe('steady');
        }
      }),
    );
  });

  it('counts no time that was not looked at', () => {
    const machine = new VerdictMachine({ kind: 'moved', detail: '' });
    expect(machine.observe(STEADY, 0).kind).toBe('moved');
    expect(machine.observe(STEADY, 60_000).kind).toBe('moved');
    expect(machine.observe(STEADY, 65_000).kind).toBe('steady');
  });
});
