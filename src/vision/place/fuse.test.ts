import { describe, expect, it } from 'vitest';
import { addSample, beginPlace, type PlaceHistory, STALE_AFTER_MS, viewChanged, WINDOW } from './fuse.js';
import type { PlaceVerdict } from './verdict.js';

const PROBABILITY = { prohibited: 0.9, allowed: 0.05, unsure: 0.4 };

/** Samples every two seconds, one letter each: p, a, u; P is a strong one. */
function watch(letters: string, history = beginPlace('lobby'), from = history.samples.at(-1)?.at ?? 0): PlaceHistory {
  let now = from;
  for (const letter of letters) {
    now += 2000;
    const verdict = { p: 'prohibited', a: 'allowed', u: 'unsure', P: 'prohibited' }[letter] as PlaceVerdict;
    const prohibited = letter === 'P' ? 0.99 : PROBABILITY[verdict];
    history = addSample(history, {
      at: now,
      verdict,
      prohibited,
      classes: { bathroom: prohibited, lobby: 1 - prohibited },
    });
  }
  return history;
}
const verdictOf = (letters: string, history?: PlaceHistory): PlaceVerdict => watch(letters, history).opinion.verdict;

describe('fusing what single pictures say of a place', () => {
  it('one picture is no verdict', () => {
    expect(verdictOf('P')).toBe('unsure');
    expect(verdictOf('a')).toBe('unsure');
    expect(watch('p').opinion.basis).toBe('few');
  });

  it('two strong pictures are, and three with two ordinary ones among them', () => {
    expect(verdictOf('PP')).toBe('prohibited');
    expect(verdictOf('pp')).toBe('unsure');
    expect(verdictOf('ppa')).toBe('prohibited');
  });

  it('a false find among many does not make a lobby a restroom', () => {
    expect(verdictOf('aaaaaPaaaaapaaaaa')).toBe('allowed');
  });

  it('a verdict of "prohibited" outlives pictures that do not tell, and single ones that say otherwise', () => {
    expect(verdictOf(`ppp${'u'.repeat(40)}`)).toBe('prohibited');
    expect(verdictOf(`ppp${'a'.repeat(WINDOW - 4)}`)).toBe('prohibited');
    expect(verdictOf(`ppp${'aau'.repeat(20)}`)).toBe('prohibited');
  });

  it('a full window that says "allowed" ends it', () => {
    expect(verdictOf(`ppp${'a'.repeat(WINDOW)}`)).toBe('allowed');
  });

  it('"allowed" is held through a few odd pictures and lost when most are odd', () => {
    expect(verdictOf('aaaaaaauu')).toBe('allowed');
    expect(verdictOf('aaauuuu')).toBe('unsure');
    expect(verdictOf('uauaua')).toBe('unsure');
  });

  it('what was seen long ago does not count', () => {
    const before = watch('pp');
    expect(watch('p', before, STALE_AFTER_MS * 2).opinion.evidence.samples).toBe(1);
  });

  it('a place declared prohibited is so from the start and whatever the pictures say', () => {
    const declared = beginPlace('restroom');
    expect(declared.opinion).toMatchObject({ verdict: 'prohibited', basis: 'declared' });
    expect(watch('a'.repeat(60), declared).opinion).toMatchObject({
      verdict: 'prohibited',
      basis: 'declared',
      contradicts: false,
    });
    expect(viewChanged(declared).opinion.verdict).toBe('prohibited');
  });

  it('says that an ordinary place looks like a prohibited one, since when and by what', () => {
    const { opinion } = watch('aPPPPP');
    expect(opinion).toMatchObject({ verdict: 'prohibited', contradicts: true, basis: 'seen', since: 6000 });
    expect(opinion.evidence).toMatchObject({ declared: 'lobby', samples: 6 });
    expect(opinion.evidence.shares.prohibited).toBeCloseTo(5 / 6);
    expect(opinion.evidence.classes[0]![0]).toBe('bathroom');
    expect(opinion.evidence.prohibited).toBeCloseTo((5 * 0.99 + 0.05) / 6);
  });

  it('keeps the best score of each object', () => {
    let history = beginPlace('corridor');
    const sample = { verdict: 'unsure', prohibited: 0.5, classes: { shower: 1 } } as const;
    history = addSample(history, { ...sample, at: 0, objects: { toilet: 0.4 } });
    history = addSample(history, { ...sample, at: 2000, objects: { toilet: 0.8, sink: 0.3 } });
    expect(history.opinion.evidence.objects).toEqual({ toilet: 0.8, sink: 0.3 });
  });

  it('a changed view has to earn "allowed" anew, and does not take "prohibited" back', () => {
    expect(viewChanged(watch('aaaa')).opinion).toMatchObject({ verdict: 'unsure', basis: 'few' });
    const turned = viewChanged(watch('ppp'));
    expect(turned.opinion.verdict).toBe('prohibited');
    expect(verdictOf('aaa', turned)).toBe('prohibited');
    expect(verdictOf('a'.repeat(WINDOW), turned)).toBe('allowed');
  });
});
