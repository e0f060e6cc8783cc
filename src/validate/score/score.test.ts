import { describe, expect, it } from 'vitest';
import type { CheckedItem } from '../dataset/check-dataset.js';
import { always, bareItem, type ObjectTruth } from '../dataset/item.js';
import type { Answer, FoundObject, MaskAnswer } from '../subjects/answer.js';
import type { Answered } from './by-condition.js';
import { match, scoreEvents } from './score-events.js';
import { scoreMasks } from './score-masks.js';
import { averagePrecision, matchObjects, overlap, scoreObjects } from './score-objects.js';
import { scorePeople } from './score-people.js';
import { scorePlaces } from './score-places.js';
import { scoreSigns } from './score-signs.js';

const checked = (change: Partial<CheckedItem>): CheckedItem => ({
  ...bareItem('a.jpg', 'still'),
  sha256: '00',
  bytes: 1,
  width: 100,
  height: 100,
  seconds: 0,
  ...change,
});
const still = (label: string, verdict: 'prohibited' | 'allowed' | 'unsure', kind: string, light = 'day'): Answered => ({
  item: checked({ place: [always(label)], tags: { light } }),
  answer: {
    file: 'a.jpg',
    sha256: '00',
    place: [{ at: 0, verdict, prohibited: { prohibited: 0.9, unsure: 0.5, allowed: 0.1 }[verdict], kind, fused: null }],
  },
});

describe('scoring places', () => {
  const answered = [
    still('bathroom', 'prohibited', 'bathroom'),
    still('bathroom', 'unsure', 'kitchen', 'night'),
    still('Warp Core', 'prohibited', 'shower', 'night'),
    still('kitchen', 'allowed', 'kitchen'),
    still('kitchen', 'prohibited', 'bathroom'),
    still('hospital_room', 'prohibited', 'bedroom'),
  ];
  const score = scorePlaces(answered, {
    labels: { 'warp-core': 'prohibited' },
    kinds: ['bathroom', 'kitchen', 'shower'],
    seed: 1,
  })!;

  it('counts a verdict of unsure as not raised, and leaves ambiguous places out', () => {
    expect(score).toMatchObject({ items: 5, ambiguous: 1 });
    expect(score.prohibited).toMatchObject({
      truePositives: 2,
      falseNegatives: 1,
      falsePositives: 1,
      trueNegatives: 1,
    });
    expect(score.prohibitedOrUnsure.recall.value).toBe(1);
    expect(score.unsure.value).toBeCloseTo(1 / 5);
    expect(score.auc.value).toBeCloseTo((1 + 0.5 + 1 + 0.5 + 1 + 0) / 6);
  });

  it('has each label, by verdict and by name', () => {
    expect(score.perClass.bathroom).toMatchObject({ side: 'prohibited', items: 2, right: { value: 0.5 } });
    expect(score.perClass.bathroom!.byName).toMatchObject({ truePositives: 1, falsePositives: 1, falseNegatives: 1 });
    expect(score.perClass['Warp Core']).toMatchObject({ right: { value: 1 }, byName: null });
    expect(score.perClass.hospital_room).toMatchObject({ side: 'ambiguous', right: null });
    expect(score.confusion.answers).toEqual(['prohibited', 'unsure', 'allowed']);
  });

  it('is broken down by condition', () => {
    expect(score.byCondition.light!.night).toMatchObject({ truePositives: 1, falseNegatives: 1, falsePositives: 0 });
    expect(score.byCondition.light!.day).toMatchObject({ truePositives: 1, falseNegatives: 0, falsePositives: 1 });
  });

  it('says nothing of nothing', () => expect(scorePlaces([], { labels: {}, kinds: [], seed: 1 })).toBeNull());
});

describe('scoring events', () => {
  const clip = (events: [number, number | null][], alarms: [number, number | null][]) => ({
    events: events.map(([from, to]) => ({ from, to })),
    alarms: alarms.map(([from, to]) => ({ from, to })),
    seconds: 100,
  });

  it.each([
    ['an alarm in its time', clip([[10, 20]], [[12, 25]]), [2], 0],
    ['one just after it', clip([[10, 20]], [[21.9, 25]]), [11.9], 0],
    ['one too late', clip([[10, 20]], [[22.1, 25]]), [], 1],
    ['one that was on before, for something else', clip([[10, 20]], [[5, 30]]), [0], 1],
    [
      'two alarms in one event',
      clip(
        [[10, 20]],
        [
          [11, 12],
          [15, 16],
        ],
      ),
      [1],
      0,
    ],
    [
      'one alarm over two events',
      clip(
        [
          [10, 20],
          [30, 40],
        ],
        [[11, null]],
      ),
      [1, 0],
      0,
    ],
    ['none', clip([[10, null]], []), [], 0],
  ])('finds by %s', (_, one, delays, falseAlarms) => {
    const found = match(one);
    expect(found.falseAlarms).toBe(falseAlarms);
    expect(found.delays).toHaveLength(delays.length);
    for (const [i, delay] of delays.entries()) expect(found.delays[i]).toBeCloseTo(delay);
  });

  it('says delays and false alarms an hour of quiet time', () => {
    const score = scoreEvents([clip([[10, 20]], [[12, 25]]), clip([], [[50, 60]])])!;
    expect(score).toMatchObject({ clips: 2, events: 1, found: 1, missed: 0, falseAlarms: 1, f1: 2 / 3 });
    expect(score.delay).toMatchObject({ median: 2, most: 2 });
    expect(score.falseAlarmsPerHour).toBeCloseTo(3600 / 190);
    expect(scoreEvents([])).toBeNull();
  });
});

describe('scoring masks', () => {
  const mask = (change: Partial<MaskAnswer>): Answered => ({
    item: checked({ kind: 'clip' }),
    answer: {
      file: 'a',
      sha256: '',
      mask: {
        ...{ frames: 100, written: 100, hiddenFrames: 100, leakedFrames: 0, hiddenPixels: 1000, leakedPixels: 0 },
        ...{ worstFrame: -1, worstPixels: 0, test: 'black', maskedShare: 0.2, refused: null },
        ...change,
      },
    },
  });

  it('adds up frames and pixels, and says how rare leaks are where there was none', () => {
    const none = scoreMasks([
      mask({}),
      mask({ written: 98 }),
      mask({ frames: 0, hiddenFrames: 0, written: 0, hiddenPixels: 0, refused: 'mask-undecodable' }),
    ])!;
    expect(none).toMatchObject({
      files: 3,
      frames: 200,
      leakedFrames: 0,
      lostFrames: 2,
      refused: { 'mask-undecodable': 1 },
    });
    expect(none.rarerThan).toBeCloseTo(0.0149, 3);
    const some = scoreMasks([mask({ leakedFrames: 3, leakedPixels: 40 }), mask({})])!;
    expect(some).toMatchObject({ leakedFrames: 3, leakedPixels: 40, rarerThan: null, leakedShare: { value: 0.015 } });
  });
});

describe('scoring objects', () => {
  const truth = (left: number, ignore = false): ObjectTruth => ({
    label: 'person',
    box: [left, 0, left + 0.2, 0.5],
    frame: null,
    ignore,
  });
  const find = (left: number, score: number): FoundObject => ({
    label: 'person',
    score,
    box: [left, 0, left + 0.2, 0.5],
    frame: null,
  });

  it('overlaps as areas do', () => {
    expect(overlap([0, 0, 1, 1], [0, 0, 1, 1])).toBe(1);
    expect(overlap([0, 0, 1, 1], [0.5, 0, 1.5, 1])).toBeCloseTo(1 / 3);
    expect(overlap([0, 0, 0.4, 1], [0.5, 0, 1, 1])).toBe(0);
  });

  it('counts each thing once, and nothing for what is to be ignored', () => {
    const found = matchObjects(
      [truth(0), truth(0.6, true)],
      [find(0.01, 0.9), find(0.02, 0.8), find(0.6, 0.7), find(0.3, 0.6)],
    );
    expect(found.truths).toBe(1);
    expect(found.finds.map(({ right }) => right)).toEqual([true, false, false]);
  });

  it('has the average precision of its definition', () => {
    const picture = {
      truths: 2,
      finds: [
        { score: 0.9, right: true },
        { score: 0.8, right: false },
        { score: 0.7, right: true },
      ],
    };
    expect(averagePrecision([picture], 2)).toBeCloseTo((1 + 2 / 3) / 2);
    expect(averagePrecision([], 0)).toBeNull();
  });

  it('scores by label', () => {
    const answer: Answer = { file: 'a', sha256: '', objects: [find(0, 0.9), find(0.7, 0.4)] };
    const score = scoreObjects([{ item: checked({ objects: [truth(0), truth(0.4)] }), answer }], 1)!;
    expect(score.perClass.person).toMatchObject({ truths: 2, found: 1, falseFinds: 1, recall: { value: 0.5 } });
  });
});

describe('scoring signs', () => {
  it('raises what is missing or degraded', () => {
    const sign = (truth: 'visible' | 'degraded' | 'missing', state: 'visible' | 'degraded' | 'missing'): Answered => ({
      item: checked({ sign: [always(truth)] }),
      answer: { file: 'a', sha256: '', sign: [{ at: 0, state, score: 1 }] },
    });
    const score = scoreSigns([sign('visible', 'visible'), sign('degraded', 'missing'), sign('missing', 'visible')], 1)!;
    expect(score.missingOrDegraded).toMatchObject({ truePositives: 1, falseNegatives: 1, trueNegatives: 1 });
    expect(score.missing).toMatchObject({ truePositives: 0, falseNegatives: 1, falsePositives: 1 });
    expect(score.confusion.counts[1]).toEqual([0, 0, 1]);
  });
});

describe('scoring people in zones', () => {
  const door = {
    id: 'door',
    kind: 'private',
    polygon: [],
    action: 'flag',
    style: 'solid',
    padding: 0,
    onPerson: 'alert',
  } as const;
  const clip = (people: Answer['people']): Answered => ({
    item: checked({
      kind: 'clip',
      seconds: 1800,
      zones: [door, { ...door, id: 'yard' }],
      people: [{ value: 'door', from: 10, to: 20 }],
    }),
    answer: { file: 'a.mp4', sha256: '00', ...(people ? { people } : {}) },
  });

  it('finds somebody by an alarm of the same zone alone', () => {
    const right = scorePeople([clip([{ kind: 'door', from: 12, to: 12 }])]);
    expect(right).toMatchObject({ events: 1, found: 1, falseAlarms: 0, hours: 1, delay: { median: 2 } });
    const other = scorePeople([clip([{ kind: 'yard', from: 12, to: 12 }])]);
    expect(other).toMatchObject({ events: 1, found: 0, missed: 1, falseAlarms: 1, delay: null });
    expect(other!.falseAlarmsPerHour).toBeCloseTo(1.0, 1);
  });

  it('scores nothing where nothing was asked or answered', () => {
    expect(scorePeople([clip(undefined)])).toBeNull();
  });
});
