import type { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { CommissionView } from './commission-view.js';
import { LONGEST_GRANT_MS } from './grant.js';
import { sealRawJpeg } from './raw-jpeg.js';

const FRAME = {} as Frame;
const PICTURE = sealRawJpeg(Buffer.from('raw'));

/** A worker's view, at a time that the test sets. */
const view = (isAllowed = true, encode = () => PICTURE) => {
  const answers: [number, boolean][] = [];
  const refusals: string[] = [];
  const clock = { now: 1000 };
  const made = new CommissionView(
    isAllowed,
    {
      picture: (request, picture) => void answers.push([request, picture !== null]),
      refused: (why) => void refusals.push(why),
    },
    () => clock.now,
    encode,
  );
  return { made, answers, refusals, clock };
};

describe('the commissioning view of a worker', () => {
  it('makes nothing of a frame that nobody was granted', () => {
    const { made, answers } = view();
    made.offer(FRAME, false);
    expect(answers).toEqual([]);
  });

  it('makes one picture a grant, under its number', () => {
    const { made, answers } = view();
    made.use({ request: 7, until: 2000 });
    made.offer(FRAME, false);
    made.offer(FRAME, false);
    expect(answers).toEqual([[7, true]]);
  });

  it('refuses every grant where it was started without commissioning', () => {
    const { made, answers, refusals } = view(false);
    made.use({ request: 1, until: 2000 });
    made.offer(FRAME, false);
    expect(answers).toEqual([[1, false]]);
    expect(refusals).toEqual(['commissioning is off']);
  });

  it('looks at the clock itself', () => {
    const { made, answers, clock } = view();
    made.use({ request: 1, until: 2000 });
    clock.now = 2000;
    made.offer(FRAME, false);
    expect(answers).toEqual([[1, false]]);
  });

  it.each([
    ['that is over', 1000],
    ['that lasts longer than any', 1000 + LONGEST_GRANT_MS + 1],
    ['that never ends', Number.POSITIVE_INFINITY],
    ['of no time', Number.NaN],
  ])('refuses a grant %s', (_, until) => {
    const { made, answers, refusals } = view();
    made.use({ request: 1, until });
    made.offer(FRAME, false);
    expect(answers).toEqual([[1, false]]);
    expect(refusals).toHaveLength(1);
  });

  it('gives nothing where the place is prohibited, whatever was granted, and not after it is no more', () => {
    const { made, answers } = view();
    made.use({ request: 1, until: 2000 });
    made.offer(FRAME, true);
    made.offer(FRAME, false);
    expect(answers).toEqual([[1, false]]);
  });

  it('is no stream: four pictures a second at most', () => {
    const { made, answers, clock } = view();
    for (let frame = 0; frame < 50; frame++) {
      made.use({ request: frame, until: clock.now + 1000 });
      made.offer(FRAME, false);
      clock.now += 20;
    }
    expect(answers.filter(([, isPicture]) => isPicture)).toHaveLength(4);
  });

  it('says that a frame could not be encoded, and loses nothing else', () => {
    const { made, answers, refusals } = view(true, () => {
      throw new Error('no memory');
    });
    made.use({ request: 1, until: 2000 });
    made.offer(FRAME, false);
    expect([answers, refusals]).toEqual([[[1, false]], ['no memory']]);
  });
});
