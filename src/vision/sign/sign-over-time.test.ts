import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SeenSign, type SignLook, SignOverTime } from './sign-over-time.js';

const MINUTE = 60_000;
const PERIOD = 10 * MINUTE;
const OPTIONS = { periodMs: PERIOD, patienceMs: 60 * MINUTE };

const SIGN: SeenSign = {
  text: '您已进入视频监控区域',
  word: '视频监控',
  score: 0.98,
  box: { x: 0.4, y: 0.3, width: 0.2, height: 0.05 },
  legibility: { height: 28, contrast: 0.7, sharpness: 0.7 },
};

const seen = (over: Partial<SeenSign> = {}, light = 0.5): SignLook => ({
  kind: 'looked',
  light,
  sign: { ...SIGN, ...over },
});
const notSeen = (light = 0.5): SignLook => ({ kind: 'looked', light, sign: null });
const unable: SignLook = { kind: 'unable', why: 'view-moved' };

/** Looks one period apart; what was found at each. */
function over(looks: readonly SignLook[]) {
  const watch = new SignOverTime(OPTIONS);
  const findings = looks.map((look, i) => watch.observe(look, i * PERIOD));
  return { watch, findings, found: findings.flatMap((finding, i) => (finding ? [[i, finding.kind]] : [])) };
}

describe('a sign over time', () => {
  it('is unknown until it was looked for, then visible', () => {
    expect(new SignOverTime(OPTIONS).state.kind).toBe('unknown');
    expect(over([seen()]).watch.state).toEqual({ kind: 'visible', sign: SIGN });
  });

  it('is missing at the first look without it, and a finding after an hour of daylight', () => {
    const { watch, found } = over([seen(), ...new Array(7).fill(notSeen())]);
    expect(watch.state).toEqual({ kind: 'missing' });
    expect(found).toEqual([[6, 'sign-missing']]);
    expect(over([seen(), ...new Array(5).fill(notSeen())]).found).toEqual([]);
  });

  it('has been missing since the start, where it never was there', () => {
    expect(over(new Array(7).fill(notSeen())).found).toEqual([[6, 'sign-missing']]);
  });

  it('begins anew when it was seen', () => {
    const half = new Array(5).fill(notSeen());
    expect(over([...half, seen(), ...half, seen()]).found).toEqual([]);
  });

  it('is unknown by night and without a picture, which neither counts nor clears', () => {
    const { watch, found } = over([...new Array(4).fill(notSeen()), ...new Array(80).fill(notSeen(0.05))]);
    expect(watch.state).toMatchObject({ kind: 'unknown', why: 'too dark to see a sign' });
    expect(found).toEqual([]);
    const later = over([...new Array(4).fill(notSeen()), unable, unable, ...new Array(4).fill(notSeen())]);
    expect(later.found).toEqual([[9, 'sign-missing']]);
  });

  it('is told again after a day, not at every look', () => {
    const looks = new Array(6 + 24 * 6 + 1).fill(notSeen());
    expect(over(looks).found.map(([at]) => at)).toEqual([6, 6 + 24 * 6]);
  });

  it('counts no time that nobody looked', () => {
    const watch = new SignOverTime(OPTIONS);
    watch.observe(notSeen(), 0);
    expect(watch.observe(notSeen(), 10 * 3_600_000)).toBeNull();
    expect(watch.missingMs).toBe(0);
  });

  it.each([
    ['small', { legibility: { ...SIGN.legibility, height: 12 } }, '12 px high'],
    ['blurred', { legibility: { ...SIGN.legibility, sharpness: 0.2 } }, 'blurred'],
    ['faint', { legibility: { ...SIGN.legibility, contrast: 0.1 } }, '10 %'],
  ] as const)('is degraded where it is %s, and a finding after an hour of that', (kind, fault, words) => {
    const { watch, findings, found } = over(new Array(7).fill(seen(fault)));
    expect(watch.state).toMatchObject({ kind: 'degraded', faults: [{ kind }] });
    expect(found).toEqual([[6, 'sign-degraded']]);
    expect(findings[6]!.detail).toContain(words);
  });

  it('is partly hidden where less of its text is read than before, by that share', () => {
    const { watch } = over([seen(), seen({ text: '视频监控区域' })]);
    expect(watch.state).toMatchObject({ kind: 'degraded', faults: [{ kind: 'hidden', share: 0.4 }] });
    expect(over([seen(), seen({ text: '您已进入视頻监控区域' })]).watch.state.kind).toBe('visible');
  });

  it('takes what should be there from a reference photo, so that it is right from the first look', () => {
    const { watch } = over([{ kind: 'looked', light: 0.5, sign: { ...SIGN, text: '视频监控' }, expected: SIGN.text }]);
    expect(watch.state).toMatchObject({ kind: 'degraded', faults: [{ kind: 'hidden', share: 0.6 }] });
  });

  it('is never a finding sooner than its patience, whatever the looks', () => {
    const look = fc.oneof(
      fc.constant(seen()),
      fc.constant(notSeen()),
      fc.constant(notSeen(0.05)),
      fc.constant(unable),
      fc.constant(seen({ text: '视频监控' })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(look, fc.integer({ min: 1, max: 60 })), { maxLength: 40 }), (looks) => {
        const watch = new SignOverTime(OPTIONS);
        let now = 0;
        let good = 0;
        for (const [what, minutes] of looks) {
          now += minutes * MINUTE;
          const finding = watch.observe(what, now);
          if (watch.state.kind === 'visible') good = now;
          if (finding) expect(now - good).toBeGreaterThanOrEqual(OPTIONS.patienceMs);
        }
      }),
    );
  });
});
