/**
 * Hangs signs in real scenes and reads them: `npx tsx benchmarks/sign/run.ts [--split train|eval] [--each N]`. Scenes lie in
 * `$VEILGATE_DATA/scenes` (default ../shared/data); fonts are Debian's (see designs.ts). Thresholds were chosen on `train`.
 */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_SIGN_WORDS } from '../../src/config/schema.js';
import { openSignReader } from '../../src/vision/sign/open.js';
import type { SignText } from '../../src/vision/sign/read.js';
import { compose, openScene, type Showing, usualShowing } from './compose.js';
import { OTHERS, SIGNS } from './designs.js';
import { Random } from './random.js';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'eval' },
    each: { type: 'string', default: '8' },
    verbose: { type: 'boolean' },
  },
});
const each = Number(values.each);
const folder = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'scenes', values.split);
const scenes = readdirSync(folder).flatMap((kind) =>
  readdirSync(resolve(folder, kind)).map((name) => resolve(folder, kind, name)),
);
await using opened = await openSignReader();
const random = new Random(values.split === 'eval' ? 2_012 : 1);

interface Tried {
  readonly showing: Showing;
  readonly found: readonly SignText[];
  readonly cpuMs: number;
}

async function trial(lines: readonly string[], showing: Showing): Promise<Tried> {
  const scene = await openScene(random.pick(scenes));
  const { picture } = await compose(scene, lines, showing, random);
  const before = process.cpuUsage();
  const { signs: found } = await opened.reader.look(picture, { expect: DEFAULT_SIGN_WORDS });
  const { user, system } = process.cpuUsage(before);
  if (values.verbose)
    console.error(
      JSON.stringify({
        lines,
        showing,
        found: found.map(({ text, score, legibility }) => ({ text, score, legibility })),
      }),
    );
  return { showing, found, cpuMs: (user + system) / 1000 };
}

const costs: number[] = [];

async function recall(name: string, showings: () => Showing, times = each): Promise<void> {
  const tried: Tried[] = [];
  for (let i = 0; i < times; i++) tried.push(await trial(random.pick(SIGNS), showings()));
  costs.push(...tried.map(({ cpuMs }) => cpuMs));
  const hits = tried.filter(({ found }) => found.length > 0);
  const mean = (of: (sign: SignText) => number) =>
    hits.length === 0 ? '-' : (hits.reduce((sum, { found }) => sum + of(found[0]!), 0) / hits.length).toFixed(2);
  console.log(
    `| ${name} | ${hits.length}/${times} | ${(hits.length / times).toFixed(3)} | ${mean((s) => s.score)} | ${mean((s) => s.legibility.height)} | ${mean((s) => s.legibility.contrast)} | ${mean((s) => s.legibility.sharpness)} |`,
  );
}

console.log('| signs | read | recall | mean score | height, px | contrast | sharpness |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
const usual = (over: Partial<Showing>): Showing => usualShowing(random, over);
await recall('**aim: height 20 px or more, angle under 40 degrees**', () => usual({}), 10 * each);
for (const textHeight of [10, 12, 14, 16, 20, 24, 32, 48])
  await recall(`height ${textHeight} px`, () => usual({ textHeight }));
for (const angle of [0, 10, 20, 30, 40, 45, 50]) await recall(`angle ${angle} degrees`, () => usual({ angle }));
for (const blur of [0, 1, 1.5, 2, 3, 4]) await recall(`blur, deviation ${blur} px`, () => usual({ blur }));
for (const occlusion of [0.1, 0.2, 0.3, 0.5, 0.7])
  await recall(`hidden ${occlusion * 100} %`, () => usual({ occlusion }));
for (const light of [0.1, 0.2, 0.4, 0.7, 1.2]) await recall(`light ${light}`, () => usual({ light }));

let wrong = 0;
const others = 10 * each;
for (let i = 0; i < others; i++) {
  const { found, cpuMs } = await trial(random.pick(OTHERS), usual({}));
  costs.push(cpuMs);
  if (found.length > 0) {
    wrong++;
    console.log(
      `\nread in another sign: ${found.map(({ text, word, score }) => `${text} as ${word} (${score.toFixed(2)})`)}`,
    );
  }
}
costs.sort((a, b) => a - b);
const at = (share: number) => costs[Math.min(costs.length - 1, Math.floor(share * costs.length))]!.toFixed(0);
console.log(`\nother signs taken for surveillance signs: ${wrong}/${others}`);
console.log(`CPU time of a look: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms, worst ${at(1)} ms`);
