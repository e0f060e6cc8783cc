import { describe, expect, it } from 'vitest';
import { isCloseUp } from './evidence.js';
import { PlaceJudge, type PlaceParameters } from './judge.js';

const LABELS = ['bathroom', 'bedroom', 'lobby', 'office', 'hospital_room'];
const PARAMETERS: PlaceParameters = {
  prohibited: ['bathroom', 'bedroom'],
  ambiguous: ['hospital_room'],
  temperature: 1,
  alone: { slope: 1, offset: 0, objects: {}, prohibitedFrom: 0.7, allowedBelow: 0.2 },
  withObjects: { slope: 1, offset: -1, objects: { toilet: 3, car: -4 }, prohibitedFrom: 0.6, allowedBelow: 0.2 },
  ambiguousFrom: 0.3,
  familiarFrom: 0.3,
};
const LIVELY = { contrast: 50, structure: 0.6 };
const FLAT = { contrast: 1, structure: 0.6 };
const NOISE = { contrast: 50, structure: 0 };
const judge = new PlaceJudge(LABELS, PARAMETERS);
const read = (...logits: number[]) => judge.judge(Float32Array.from(logits), LIVELY);

describe('judging one picture of a place', () => {
  it('adds up the kinds that are prohibited', () => {
    const { prohibited, verdict, classes } = read(3, 3, 0, 0, 0);
    const sum = classes.bathroom! + classes.bedroom!;
    expect(prohibited).toBeCloseTo(sum, 10);
    expect(verdict).toBe('prohibited');
    expect(Object.values(classes).reduce((a, b) => a + b)).toBeCloseTo(1, 10);
  });

  it('allows what is clearly something else', () => {
    expect(read(0, 0, 6, 0, 0)).toMatchObject({ verdict: 'allowed' });
  });

  it.each([
    ['between the thresholds', [3, 0, 3, 0, 0], LIVELY, 'undecided'],
    ['of a kind that no picture decides', [0, 0, 0, 0, 6], LIVELY, 'ambiguous'],
    ['unlike the training data', [-4, -4, 0, -4, -4], LIVELY, 'unfamiliar'],
    ['unlike the training data, however sure', [0, -9, -9, -9, -9], LIVELY, 'unfamiliar'],
    ['of hardly anything', [9, 0, 0, 0, 0], FLAT, 'featureless'],
    ['of noise', [9, 0, 0, 0, 0], NOISE, 'featureless'],
  ])('is unsure of a picture %s', (_, logits, substance, doubt) => {
    expect(judge.judge(Float32Array.from(logits), substance)).toMatchObject({ verdict: 'unsure', doubt });
  });

  it('cools and calibrates', () => {
    const alone = { ...PARAMETERS.alone, slope: 3, offset: -1 };
    const cooled = new PlaceJudge(LABELS, { ...PARAMETERS, temperature: 2, alone });
    const odds = Math.log(Math.exp(2) + 1) - Math.log(3);
    const { prohibited } = cooled.judge(Float32Array.of(4, 0, 0, 0, 0), LIVELY);
    expect(prohibited).toBeCloseTo(1 / (1 + Math.exp(-(3 * odds - 1))), 10);
  });

  it('weighs what was found in the picture, and that nothing was', () => {
    const seen = (objects?: Record<string, number>) =>
      judge.judge(Float32Array.of(2, 0, 2, 0, 0), LIVELY, objects).prohibited;
    const logit = (p: number) => Math.log(p / (1 - p));
    const alone = logit(seen());
    expect(logit(seen({}))).toBeCloseTo(alone - 1, 8);
    expect(logit(seen({ toilet: 0.5, bottle: 0.9 }))).toBeCloseTo(alone - 1 + 1.5, 8);
    expect(logit(seen({ car: 0.5 }))).toBeCloseTo(alone - 1 - 2, 8);
  });

  it('has a threshold of its own where objects were looked for', () => {
    // Probability 0.65: above 0.6 and below 0.7.
    const logits = Float32Array.of(0, -20, -0.619, -20, -20);
    expect(judge.judge(logits, LIVELY).verdict).toBe('unsure');
    expect(judge.judge(logits, LIVELY, { toilet: 1 / 3 }).verdict).toBe('prohibited');
  });

  it('stays finite however large the logits', () => {
    expect(read(900, 0, 0, 0, 0).prohibited).toBe(1);
    expect(read(-900, -900, 900, 0, 0).prohibited).toBe(0);
  });

  it('refuses parameters about kinds that are no labels', () => {
    expect(() => new PlaceJudge(['lobby'], PARAMETERS)).toThrow(/"bathroom", which is no label/);
  });

  it('is unsure of things that a hand holds, as high as a third of the picture', () => {
    const bottle = (score: number, height: number) => ({ label: 'bottle', score, box: { height } });
    expect(isCloseUp([bottle(0.6, 0.5)])).toBe(true);
    expect(isCloseUp([bottle(0.4, 0.5), bottle(0.6, 0.2), { label: 'toilet', score: 0.9, box: { height: 0.8 } }])).toBe(
      false,
    );
    const sure = Float32Array.of(0, 8, 0, 0, 0);
    const verdicts = [null, 'close-up' as const].map((known) => judge.judge(sure, LIVELY, {}, known));
    expect(verdicts[0]!.doubt).not.toBe('close-up');
    expect(verdicts[1]).toMatchObject({ verdict: 'unsure', doubt: 'close-up' });
  });
});
