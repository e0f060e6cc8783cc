import { resolve } from 'node:path';
import { reordered } from '../../models/convert/layout.js';
import { nanodet, RECIPES, type Recipe } from '../../models/convert/recipes.js';
import { computeTfjs, loadTfjs } from '../../models/convert/tfjs.js';
import { InputMaker } from '../../src/vision/input-maker.js';
import { OBJECT_MODEL, ObjectDetector } from '../../src/vision/objects/detect.js';
import type { RgbPicture } from '../../src/vision/picture.js';
import { PlaceClassifier } from '../../src/vision/place/classify.js';
import { Resizer } from '../../src/vision/resize.js';
import { openModel } from '../../src/vision/runtime.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { summarize } from '../measuring/statistics.js';
import { rgbFrames } from '../people/frames.js';

const CLIP = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');
const [WIDTH, HEIGHT] = [768, 576];
/** The longer side of what a worker's tap hands on, px. */
const TAP = 416;

/** Pictures in one reading of the process's CPU time, so that its ticks do not matter. */
const PICTURES = { ours: 10, peer: 3 };

interface Contender {
  readonly name: string;
  readonly model: string;
  /** Of the graph that the file was made of. */
  readonly recipe: Recipe;
}

const recipe = (name: string): Recipe => RECIPES.find((each) => each.name === name)!;

const CONTENDERS: readonly Contender[] = [
  { name: 'NanoDet', model: OBJECT_MODEL, recipe: nanodet(TAP) },
  { name: 'NanoDet in floating point', model: 'nanodet', recipe: nanodet(TAP) },
  { name: 'coco-ssd in 8 bits', model: 'coco-ssd-int8', recipe: recipe('coco-ssd') },
  { name: 'coco-ssd', model: 'coco-ssd', recipe: recipe('coco-ssd') },
];

/** What looking costs on one core, beside TensorFlow.js on WebAssembly with the graphs that the files were made of. */
export const vision: Benchmark = {
  name: 'vision',
  question: 'What does looking at a picture cost on one core, beside the same graph in tfjs-wasm?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const rounds = quick ? 2 : 9;
    const frame = await firstFrame();
    const measures: Measure[] = [];
    for (const contender of CONTENDERS) {
      say(contender.name);
      measures.push(...(await besideTfjs(contender, frame, rounds)));
    }
    measures.push(...(await looks(frame, rounds)));
    return { measures, notes: [NOTE] };
  },
};

const NOTE =
  'CPU time of the process, which other programs on the machine change less than time on the clock; one thread each. Inputs are normalised before, the square that tfjs takes; `a look` is the whole way of the product from a 4:3 picture of 416 px, as a worker hands it on, to boxes or a verdict.';

async function firstFrame(): Promise<RgbPicture> {
  for await (const frame of rgbFrames(CLIP, WIDTH, HEIGHT)) return frame;
  throw new Error(`${CLIP} cannot be read.`);
}

/** CPU, ms, of one call of several. */
async function cpuOf(calls: number, run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / calls;
}

async function besideTfjs({ name, model: file, recipe }: Contender, frame: RgbPicture, rounds: number) {
  await using model = await openModel(file);
  const { node, shape, order } = recipe.input;
  const sides = { width: shape[order[3]!]!, height: shape[order[2]!]! };
  const input = new InputMaker(model.card.input, sides);
  input.fill(frame);
  const dimensions = order.map((axis) => shape[axis]!);
  // The peer's axes: those of ours turned back.
  const data = reordered(
    input.tensor,
    dimensions,
    shape.map((_, axis) => order.indexOf(axis)),
  );
  const tfjs = await loadTfjs(await recipe.load());
  const outputs = Object.keys(recipe.outputs);
  const ours = () => model.run(input.tensor, dimensions);
  const theirs = () => computeTfjs(tfjs, { name: node, shape, data }, outputs);
  // Memory is had and code compiled by the first ones.
  await cpuOf(3, ours);
  await cpuOf(2, theirs);
  const [own, peer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await cpuOf(PICTURES.ours, ours));
    peer.push(await cpuOf(PICTURES.peer, theirs));
  }
  tfjs.dispose();
  const id = `vision.${file}`;
  const beside = `tfjs-wasm ${summarize(peer).median.toFixed(1)} ms`;
  const ratio: Measure = {
    id: `${id}.ratio`,
    what: `${name}: a picture over that in tfjs-wasm`,
    unit: 'ratio',
    summary: summarize(own.map((each, i) => each / peer[i]!)),
    bound: { atMost: 0.2 },
  };
  return [ratio, { id: `${id}.ms`, what: `${name}: a picture`, unit: 'ms', summary: summarize(own), beside }] as const;
}

/** The product's own way. */
async function looks(frame: RgbPicture, rounds: number): Promise<readonly Measure[]> {
  await using detector = await ObjectDetector.open();
  await using places = await PlaceClassifier.open();
  const tapped = new Resizer(frame, { width: TAP, height: (TAP * HEIGHT) / WIDTH }).resize(frame);
  const ways = {
    objects: () => detector.detect(tapped),
    place: () => places.classify(tapped),
  };
  const took: Record<keyof typeof ways, number[]> = { objects: [], place: [] };
  for (let round = -1; round < rounds; round++)
    for (const way of ['objects', 'place'] as const) {
      const each = await cpuOf(PICTURES.ours, ways[way]);
      if (round >= 0) took[way].push(each);
    }
  return [
    { id: 'vision.look.objects', what: 'a look for objects', unit: 'ms', summary: summarize(took.objects) },
    {
      id: 'vision.look.place',
      what: 'a look at the place, objects aside',
      unit: 'ms',
      summary: summarize(took.place),
      bound: { atMost: 8 },
    },
  ];
}
