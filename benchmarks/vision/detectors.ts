/**
 * What do the detectors find, beside each other? `npx tsx benchmarks/vision/detectors.ts [model...]`, on `$VEILGATE_DATA`.
 *
 * People: every 20th of the first 590 frames of `vtest.mp4`; truth: NanoDet in floating point on nine halves of each, so at twice the
 * resolution (which favours NanoDet). Things: the 360 photographs of `scenes/eval`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Box, type DetectedObject, distinct } from '../../src/vision/objects/box.js';
import { ObjectDetector } from '../../src/vision/objects/detect.js';
import { decodePicture, type RgbPicture } from '../../src/vision/picture.js';
import { cut, rgbFrames } from '../people/frames.js';

const DATA = process.env.VEILGATE_DATA ?? '../shared/data';
const [WIDTH, HEIGHT] = [768, 576];
const [FRAMES, STEP] = [590, 20];
/** From this on the truth counts somebody as there, as perhaps there (a box of them is not one of nobody), and a detector as having found something. */
const [TRUE_SCORE, PERHAPS_SCORE, FOUND_SCORE] = [0.5, 0.25, 0.4];
/** Boxes that share so much of their area are of the same person; within the truth, which sees people in several tiles. */
const [SAME_PERSON, SAME_TRUTH] = [0.4, 0.3];
const WANTED: Readonly<Record<string, readonly string[]>> = { bathroom: ['toilet', 'sink'], bedroom: ['bed'] };

const shared = (a: Box, b: Box): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a.width * a.height + b.width * b.height - both);
};

const isPerson = ({ label }: DetectedObject): boolean => label === 'person';

/** Who is there or may be, seen in nine halves that overlap by half. */
async function truthOf(frame: RgbPicture, judge: ObjectDetector): Promise<DetectedObject[]> {
  const found: DetectedObject[] = [];
  for (const row of [0, 1, 2])
    for (const column of [0, 1, 2]) {
      const tile = cut(frame, (column * WIDTH) / 4, (row * HEIGHT) / 4, WIDTH / 2, HEIGHT / 2);
      for (const { label, score, box } of await judge.detect(tile, { least: PERHAPS_SCORE })) {
        const [x, y] = [column / 4 + box.x / 2, row / 4 + box.y / 2];
        found.push({ label, score, box: { x, y, width: box.width / 2, height: box.height / 2 } });
      }
    }
  return distinct(found.filter(isPerson), SAME_TRUTH);
}

/** Whom boxes show, each box one of them; and how many boxes show nobody, or somebody once more. */
function compare(seen: readonly DetectedObject[], truth: readonly DetectedObject[]) {
  const open = new Set(truth);
  let none = 0;
  for (const { box } of seen) {
    const [best] = [...open].sort((a, b) => shared(b.box, box) - shared(a.box, box));
    if (best && shared(best.box, box) >= SAME_PERSON) open.delete(best);
    else none++;
  }
  return { found: truth.filter((each) => isSure(each) && !open.has(each)).length, none };
}

const isSure = ({ score }: DetectedObject): boolean => score >= TRUE_SCORE;

const frames: { frame: RgbPicture; truth: DetectedObject[] }[] = [];
{
  await using judge = await ObjectDetector.open({ name: 'nanodet' });
  let n = 0;
  for await (const frame of rgbFrames(join(DATA, 'video/vtest.mp4'), WIDTH, HEIGHT)) {
    if (n >= FRAMES) break;
    if (n++ % STEP === 0) frames.push({ frame, truth: await truthOf(frame, judge) });
  }
}
console.log(
  '| | people found | boxes that are none | toilet or sink in bathrooms | bed in bedrooms | either elsewhere |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : ['nanodet', 'nanodet-int8', 'coco-ssd', 'coco-ssd-int8']) {
  await using detector = await ObjectDetector.open({ name });
  let [found, people, none, boxes] = [0, 0, 0, 0];
  for (const { frame, truth } of frames) {
    const seen = (await detector.detect(frame, { least: FOUND_SCORE })).filter(isPerson);
    const compared = compare(seen, truth);
    found += compared.found;
    none += compared.none;
    people += truth.filter(isSure).length;
    boxes += seen.length;
  }
  const things: Record<string, number> = { bathroom: 0, bedroom: 0, elsewhere: 0 };
  for (const kind of readdirSync(join(DATA, 'scenes/eval')))
    for (const file of readdirSync(join(DATA, 'scenes/eval', kind))) {
      const picture = await decodePicture(join(DATA, 'scenes/eval', kind, file));
      const labels = (await detector.detect(picture, { least: FOUND_SCORE })).map(({ label }) => label);
      const wanted = WANTED[kind] ?? ['toilet', 'bed'];
      if (wanted.some((label) => labels.includes(label))) things[kind in WANTED ? kind : 'elsewhere']!++;
    }
  console.log(
    `| ${name} | ${found} of ${people} | ${none} of ${boxes} | ${things.bathroom} | ${things.bedroom} | ${things.elsewhere} |`,
  );
}
