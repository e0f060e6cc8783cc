/**
 * Hangs signs in real scenes and knows them again by a photo: `npx tsx benchmarks/sign/reference.ts [--split train|eval] [--each N]`.
 * Scenes lie in `$VEILGATE_DATA/scenes` (default ../shared/data); fonts are Debian's (see designs.ts). Thresholds were chosen on `train`.
 */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_SIGN_WORDS } from '../../src/config/schema.js';
import { openSignReader } from '../../src/vision/sign/open.js';
import { type PhotoMatch, SignPhoto } from '../../src/vision/sign/photo/sign-photo.js';
import { distance, type Quad, quadSize } from '../../src/vision/sign/quad.js';
import { drawPanel, hang, openScene, type Panel, photograph, type Showing, usualShowing } from './compose.js';
import { OTHERS, SIGNS } from './designs.js';
import { Random } from './random.js';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'eval' },
    each: { type: 'string', default: '20' },
    read: { type: 'boolean', default: false },
    verbose: { type: 'boolean' },
  },
});
const each = Number(values.each);
const folder = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'scenes', values.split);
const scenes = readdirSync(folder).flatMap((kind) =>
  readdirSync(resolve(folder, kind)).map((name) => resolve(folder, kind, name)),
);
const random = new Random(values.split === 'eval' ? 2_012 : 1);
await using reader = values.read ? await openSignReader() : null;

/** Corners further off than this share of the sign's longer side: it was found elsewhere. */
const FAR = 0.1;

interface Known {
  readonly panel: Panel;
  readonly photo: SignPhoto;
}

async function photographed(lines: readonly string[]): Promise<Known> {
  const panel = await drawPanel(lines, random);
  const photo = SignPhoto.of(await photograph(panel, random));
  if (!photo) throw new Error(`a photo of "${lines[0]}" shows too little`);
  return { panel, photo };
}

interface Tried {
  readonly found: PhotoMatch | null;
  /** Furthest corner, shares of the longer side. */
  readonly off: number;
  readonly wasRead: boolean;
}

const costs: number[] = [];

async function trial(photo: SignPhoto, hung: Panel, showing: Showing): Promise<Tried> {
  const { picture, sign } = await hang(await openScene(random.pick(scenes)), hung, showing, random);
  const before = process.cpuUsage();
  const found = photo.find(picture);
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / 1000);
  const wasRead = reader !== null && (await reader.reader.read(picture, { expect: DEFAULT_SIGN_WORDS })).length > 0;
  return { found, off: found ? furthest(found.corners, sign) : 0, wasRead };
}

function furthest(a: Quad, b: Quad): number {
  const { length, height } = quadSize(b);
  return Math.max(...a.map((corner, i) => distance(corner, b[i]!))) / Math.max(length, height);
}

async function row(name: string, showings: () => Showing, times = each): Promise<void> {
  const tried: (Tried & { readonly covered: number })[] = [];
  for (let i = 0; i < times; i++) {
    const { panel, photo } = await photographed(random.pick(SIGNS));
    const showing = showings();
    tried.push({ ...(await trial(photo, panel, showing)), covered: showing.covered });
  }
  const hits = tried.filter(({ found, off }) => found && off <= FAR);
  const strays = tried.filter(({ found, off }) => found && off > FAR).length;
  const mean = (of: (one: (typeof hits)[number]) => number) =>
    hits.length === 0 ? '-' : (hits.reduce((sum, one) => sum + of(one), 0) / hits.length).toFixed(3);
  const read = reader ? ` ${tried.filter(({ wasRead }) => wasRead).length}/${times} |` : '';
  console.log(
    `| ${name} | ${hits.length}/${times} | ${strays} |${read} ${mean(({ off }) => off)} | ${mean(({ found }) => found!.agreement)} | ${mean(({ found }) => found!.hidden)} | ${mean(({ found, covered }) => Math.abs(found!.hidden - covered))} |`,
  );
}

const usual = (over: Partial<Showing>): Showing => usualShowing(random, over);

console.log(
  `| signs | known again | found elsewhere |${reader ? ' read |' : ''} corners off | photo there | said to be hidden | that is off by |`,
);
console.log(`| --- | --- | --- |${reader ? ' --- |' : ''} --- | --- | --- | --- |`);
await row('**height 20 px or more, angle under 40 degrees**', () => usual({}), 4 * each);
for (const textHeight of [6, 8, 10, 12, 16, 24, 48, 80])
  await row(`height ${textHeight} px`, () => usual({ textHeight }));
for (const angle of [0, 20, 40, 50, 60]) await row(`angle ${angle} degrees`, () => usual({ angle }));
for (const blur of [1, 2, 3, 4, 6]) await row(`blur, deviation ${blur} px`, () => usual({ blur }));
for (const covered of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  await row(`hidden ${covered * 100} %`, () => usual({ covered }));
for (const light of [0.1, 0.2, 0.4]) await row(`light ${light}`, () => usual({ light }));

async function wrong(name: string, designs: typeof SIGNS, times: number): Promise<void> {
  let taken = 0;
  for (let i = 0; i < times; i++) {
    const wanted = random.pick(SIGNS);
    const { photo } = await photographed(wanted);
    const other = random.pick(designs.filter((lines) => lines !== wanted));
    const { found } = await trial(
      photo,
      await drawPanel(other, random, designs === OTHERS ? 'barred' : 'camera'),
      usual({}),
    );
    if (!found) continue;
    taken++;
    if (values.verbose) console.log(`"${other}" as "${wanted}": ${found.agreement.toFixed(2)} of the photo is there`);
  }
  console.log(`${name} taken for the photographed one: ${taken}/${times}`);
}
console.log();
await wrong('other writing', OTHERS, 5 * each);
await wrong('other surveillance signs', SIGNS, 5 * each);

costs.sort((a, b) => a - b);
const at = (share: number) => costs[Math.min(costs.length - 1, Math.floor(share * costs.length))]!.toFixed(0);
console.log(`\nCPU time of a look: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms, worst ${at(1)} ms`);
