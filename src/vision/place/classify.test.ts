import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture, type RgbPicture } from '../picture.js';
import { MODELS_DIR } from '../runtime.js';
import { PlaceClassifier } from './classify.js';

const DATA = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'scenes/eval');

let places: PlaceClassifier;
beforeAll(async () => {
  places = await PlaceClassifier.open();
});
afterAll(() => places[Symbol.asyncDispose]());

/** A picture whose pixels are made of their place; `value` gives 0..255 per channel. */
function paint(width: number, height: number, value: (x: number, y: number, channel: number) => number): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++)
    data[at] = value(Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3);
  return { width, height, data };
}

const noise = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed >>> 24;
};

/** Some pictures of a kind, the same every time. */
async function some(kind: string, count: number): Promise<RgbPicture[]> {
  const names = (await readdir(join(DATA, kind))).sort().slice(0, count);
  return Promise.all(names.map((name) => decodePicture(join(DATA, kind, name))));
}

describe('classifying a place', () => {
  it.each([
    ['black', () => 0],
    ['white', () => 255],
    ['one colour', (_x: number, _y: number, channel: number) => [90, 140, 60][channel]!],
    ['nearly black, with the noise of a sensor', (x: number, y: number) => (x * 7 + y * 13) % 5],
    ['noise', noise(1)],
    ['coarse noise', (x: number, y: number) => (Math.imul((x >> 4) * 40 + (y >> 4) + 7, 2654435761) >>> 24) & 255],
  ])('is unsure of a picture that is %s', async (_, value) => {
    expect(await places.classify(paint(640, 360, value))).toMatchObject({ verdict: 'unsure', doubt: 'featureless' });
  });

  it.each([
    ['stripes', paint(320, 240, (x) => (x % 8 < 4 ? 0 : 255))],
    ['16 by 16', paint(16, 16, noise(2))],
    ['one pixel', paint(1, 1, () => 128)],
  ])('answers with probabilities whatever comes: %s', async (_, picture) => {
    const { prohibited, classes, verdict } = await places.classify(picture);
    expect(prohibited).toBeGreaterThanOrEqual(0);
    expect(prohibited).toBeLessThanOrEqual(1);
    expect(Object.values(classes).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(['unsure', 'allowed']).toContain(verdict);
  });
});

it.each([
  ['a panorama', paint(4000, 200, (x, y) => (x ^ y) & 255)],
  ['a tall strip', paint(20, 3000, (x, y) => (x + y) & 255)],
])('is unsure of %s, which its square squeezes beyond recognition', async (_, picture) => {
  await using places = await PlaceClassifier.open();
  expect(await places.classify(picture)).toMatchObject({ verdict: 'unsure', doubt: 'unfamiliar' });
});

describe.skipIf(!existsSync(DATA))(`classifying photographs of ${DATA}`, () => {
  it('puts bathrooms and bedrooms above kitchens and entrance halls', async () => {
    const scores = async (kind: string): Promise<number[]> => {
      const found: number[] = [];
      for (const picture of await some(kind, 15)) found.push((await places.classify(picture)).prohibited);
      return found;
    };
    const yes = [...(await scores('bathroom')), ...(await scores('bedroom'))];
    const no = [...(await scores('kitchen')), ...(await scores('entrance_hall'))];
    const right = yes.flatMap((a) => no.map((b): number => (a > b ? 1 : 0))).reduce((a, b) => a + b);
    expect(right / (yes.length * no.length)).toBeGreaterThan(0.9);
  });

  it('a toilet speaks for a prohibited place, a couch against it', async () => {
    const [picture] = await some('entrance_hall', 1);
    const said = async (...labels: string[]): Promise<number> =>
      (
        await places.classify(
          picture!,
          labels.map((label) => ({ label, score: 0.8 })),
        )
      ).prohibited;
    expect(await said('toilet')).toBeGreaterThan(await said());
    expect(await said('couch')).toBeLessThan(await said());
    // People are no evidence: a restroom with somebody in it is the worst case.
    expect(await said('person')).toBe(await said());
  });

  it('a picture twice as large says the same', async () => {
    const [picture] = await some('bathroom', 1);
    const { width, height, data } = picture!;
    const twice = paint(width * 2, height * 2, (x, y, channel) => data[((y >> 1) * width + (x >> 1)) * 3 + channel]!);
    const [small, large] = [(await places.classify(picture!)).prohibited, (await places.classify(twice)).prohibited];
    expect(Math.abs(small - large)).toBeLessThan(0.05);
  });
});

describe('a card that does not fit its model', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'veilgate-place-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it.each([
    [
      'a label too few',
      { labels: ['bathroom', 'bedroom', 'locker_room', 'shower', 'hospital_room', 'hot_spring'] },
      /6 labels for 49 outputs/,
    ],
    ['no parameters', { parameters: {} }, /does not say how to judge/],
  ])('is refused: %s', async (_, change, message) => {
    await cp(join(MODELS_DIR, 'place'), join(dir, 'place'), { recursive: true });
    const card = JSON.parse(await readFile(join(dir, 'place', 'card.json'), 'utf8')) as object;
    await writeFile(join(dir, 'place', 'card.json'), JSON.stringify({ ...card, ...change }));
    await expect(PlaceClassifier.open({ dir })).rejects.toMatchObject({
      code: 'model-labels',
      message: expect.stringMatching(message),
    });
  });
});
