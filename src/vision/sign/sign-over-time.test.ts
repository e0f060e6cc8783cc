import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownSign, type SeenSign, type SignLook, SignOverTime, signText } from './sign-over-time.js';

const MINUTE = 60_000;
const PERIOD = 10 * MINUTE;
const OPTIONS = { periodMs: PERIOD, patienceMs: 60 * MINUTE };

type Looked = Extract<SignLook, { kind: 'looked' }>;

const SIGN: SeenSign = {
  text: '您已进入视频监控区域',
  word: '视频监控',
  score: 0.98,
  box: { x: 0.4, y: 0.3, width: 0.2, height: 0.05 },
  legibility: { height: 28, contrast: 0.7, sharpness: 0.7 },
};

const seen = (over: Partial<SeenSign> = {}, light = 0.5): Looked => ({
  kind: 'looked',
  light,
  sign: { ...SIGN, ...over },
});
const KNOWN: KnownSign = { agreement: 0.97, hidden: 0.02, box: SIGN.box, legibility: SIGN.legibility };
const known = (over: Partial<KnownSign> = {}, light = 0.5): SignLook => ({
  kind: 'looked',
  light,
  sign: null,
  known: { ...KNOWN, ...over },
});
const notSeen = (light = 0.5): Looked => ({ kind: 'looked', light, sign: null });
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
    expect(over([seen()]).watch.state).toEqual({ kind: 'visible', sign: SIGN, known: null });
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

  it('is there where it was known again by its photo, though nothing was read, also by night', () => {
    const { watch, found } = over([known(), known({}, 0.05)]);
    expect(watch.state).toMatchObject({ kind: 'visible', sign: null, known: KNOWN });
    expect(signText(watch.state)).toBe('known again by its reference photo, of which 97 % is there');
    expect(found).toEqual([]);
  });

  it('is partly hidden by the share of its photo that is not there, and the finding says what shows it', () => {
    const { watch, findings } = over(new Array(7).fill(known({ hidden: 0.37, agreement: 0.6 })));
    expect(watch.state).toMatchObject({ kind: 'degraded', faults: [{ kind: 'hidden', share: 0.37, by: 'photo' }] });
    expect(findings[6]!.detail).toBe(
      'the surveillance sign is hard to make out: 37 % of it is hidden, compared with its reference photo (known again by its reference photo, of which 60 % is there)',
    );
  });

  it.each([
    [undefined, 'no surveillance sign was read in the picture for 60 minutes of daylight'],
    [
      null,
      'no surveillance sign was read in the picture, or known again by its reference photo, for 60 minutes of daylight',
    ],
  ])('is missing by all that was tried (%s)', (nothing, words) => {
    const look = nothing === undefined ? notSeen() : { ...notSeen(), known: nothing };
    expect(over(new Array(7).fill(look)).findings[6]!.detail).toBe(words);
  });

  it('says of a photo that is of no use that it is', () => {
    const look = { ...notSeen(), photoFault: 'sign.jpg cannot be read' };
    const { watch, findings } = over(new Array(7).fill(look));
    expect(findings[6]!.detail).toContain('daylight; its reference photo is of no use: sign.jpg cannot be read');
    expect(signText(watch.state)).toBe('its reference photo is of no use: sign.jpg cannot be read');
    expect(signText(over([{ ...seen(), photoFault: 'sign.jpg is dark' }]).watch.state)).toContain('sign.jpg is dark');
  });

  it('is never a finding sooner than its patience, whatever the looks', () => {
    const look = fc.oneof(
      fc.constant(seen()),
      fc.constant(notSeen()),
      fc.constant(notSeen(0.05)),
      fc.constant(unable),
      fc.constant(seen({ text: '视频监控' })),
      fc.constant(known({ hidden: 0.5 })),
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
