/**
 * How often does the undressed-person score raise a false alarm? On pictures of `$VEILGATE_DATA`, where nobody is undressed.
 *
 *   npx tsx benchmarks/undressed/undressed.ts [step]      every step-th picture of eval and train, and frames of the clips
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import { clipFrames } from '../../src/camera/clip.js';
import { Shrinker } from '../../src/camera/decode/shrinker.js';
import { InputMaker } from '../../src/vision/input-maker.js';
import { decodePicture, type RgbPicture } from '../../src/vision/picture.js';
import { openModel } from '../../src/vision/runtime.js';

const DATA = process.env.VEILGATE_DATA ?? '../shared/data';
const step = Number(process.argv[2] ?? 1);
await using model = await openModel('nsfw-mobilenet');
const input = new InputMaker(model.card.input);
const explicit = ['porn', 'hentai'].map((label) => model.card.labels.indexOf(label));
const scores: { where: string; score: number }[] = [];

async function score(where: string, picture: RgbPicture): Promise<void> {
  input.fill(picture);
  const answer = (await model.run(input.tensor)).scores!;
  scores.push({ where, score: explicit.reduce((sum, at) => sum + answer[at]!, 0) });
}

for (const set of ['places/eval', 'scenes/eval', 'places/train', 'scenes/train'])
  for (const kind of readdirSync(join(DATA, set)))
    for (const [i, name] of readdirSync(join(DATA, set, kind)).entries())
      if (i % step === 0) await score(`${set}/${kind}`, await decodePicture(join(DATA, set, kind, name)));
for (const clip of ['vtest.mp4', 'bottles.mp4']) {
  using shrinker = new Shrinker(AV_PIX_FMT_RGB24);
  for await (const { index, frame } of clipFrames(join(DATA, 'video', clip))) {
    if (index % (10 * step) !== 0) continue;
    const small = shrinker.shrink(frame, 256, 256);
    await score(clip, { width: 256, height: 256, data: small.data![0]!.subarray(0, 256 * 256 * 3) });
  }
}
for (const bound of [0.5, 0.7, 0.8, 0.9, 0.95, 0.99]) {
  const alarms = scores.filter(({ score }) => score >= bound);
  const kinds = new Map<string, number>();
  for (const { where } of alarms) kinds.set(where, (kinds.get(where) ?? 0) + 1);
  const worst = [...kinds].sort(([, a], [, b]) => b - a).slice(0, 6);
  const share = ((alarms.length / scores.length) * 100).toFixed(2);
  console.log(
    `>= ${bound}: ${alarms.length} of ${scores.length} (${share} %) ${worst.map(([k, n]) => `${k} ${n}`).join(', ')}`,
  );
}
