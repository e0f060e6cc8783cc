import { describe, expect, it } from 'vitest';
import { RULE_PACKS, UNIT_TYPES } from '../config/site.js';
import { FINDING_KINDS } from './finding.js';
import { PACKS } from './packs.js';
import { ACTIONS, applyRules } from './rule.js';
import { SEVERITIES } from './severity.js';

const apply = (kind: (typeof FINDING_KINDS)[number], unit: (typeof UNIT_TYPES)[number] = 'company') =>
  applyRules(PACKS['cn-2012'], { kind }, { unit });

describe.each(RULE_PACKS)('the pack %s', (name) => {
  it.each(FINDING_KINDS)('rules on %s for every type of unit', (kind) => {
    for (const unit of UNIT_TYPES) {
      const { article, severity, action, penalty } = applyRules(PACKS[name], { kind }, { unit });
      expect(article).toBeGreaterThanOrEqual(1);
      expect(article).toBeLessThanOrEqual(44);
      expect(SEVERITIES).toContain(severity);
      expect(ACTIONS).toContain(action);
      if (penalty) expect(penalty.wording.length).toBeGreaterThan(20);
    }
  });

  it('withholds a prohibited place, whoever is responsible', () => {
    for (const unit of UNIT_TYPES) {
      expect(applyRules(PACKS[name], { kind: 'prohibited-place' }, { unit })).toMatchObject({
        action: 'withhold',
        severity: 'critical',
      });
    }
  });
});

describe('the Regulation', () => {
  it.each([
    ['prohibited-place', 15, 38],
    ['audio-offered', 15, 38],
    ['view-moved', 24, 39],
    ['view-covered', 24, 39],
    ['approval-missing', 14, 37],
    ['source-lost', 22, 40],
  ] as const)('threatens %s, which touches Art. %i, by Art. %i', (kind, article, penalty) => {
    expect(apply(kind)).toMatchObject({ law: 'cn-2012', article, penalty: { article: penalty } });
  });

  it('threatens nothing where it has no penalty', () => {
    expect(apply('self-test-failed')).toMatchObject({ article: 4, penalty: null });
    expect(apply('person-entered')).toMatchObject({ article: 21, penalty: null });
  });

  it('punishes a missing sign of a state organ alone', () => {
    for (const kind of ['sign-missing', 'sign-degraded'] as const) {
      for (const unit of UNIT_TYPES) {
        const { article, penalty } = apply(kind, unit);
        expect(article).toBe(16);
        expect(penalty?.article ?? null).toBe(unit === 'state-organ' ? 42 : null);
      }
    }
  });

  it('is quoted as printed where the print is wrong, with a note that says so', () => {
    const { penalty } = apply('source-lost');
    expect(penalty?.wording).toContain('违反本条例第二十六条第四项规定');
    expect(penalty?.note).toBe('printed as Art. 26; by content Art. 22');
  });
});

describe('Decree 799', () => {
  it('prohibits by an article of its own, and leaves to the Regulation what it does not rule', () => {
    const decree = (kind: (typeof FINDING_KINDS)[number]) =>
      applyRules(PACKS['cn-799-2025'], { kind }, { unit: 'company' });
    expect(decree('prohibited-place')).toMatchObject({ law: 'cn-799-2025', article: 8, penalty: null });
    expect(decree('view-moved')).toMatchObject({ law: 'cn-2012', article: 24 });
  });
});
