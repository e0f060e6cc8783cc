import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floats, integers, type OnnxGraph, type OnnxTensor, writeOnnx } from '../../../models/convert/onnx-file.js';
import type { ModelCard } from '../../../src/vision/model-card.js';

/** Weights of the tiny model: two classes, the first likes red, the second blue. */
const WEIGHTS = [1, 0, 0, 0, 0, 1];

/** A real network in a few bytes: mean colour of an 8x8 picture -> ReLU -> two classes. */
export const tinyGraph = (weights: readonly number[] = WEIGHTS): OnnxGraph => ({
  name: 'tiny',
  inputs: [{ name: 'picture', shape: [1, 3, 8, 8] }],
  outputs: [{ name: 'scores', shape: [1, 2] }],
  nodes: [
    { op: 'GlobalAveragePool', name: 'mean', inputs: ['picture'], outputs: ['mean'] },
    { op: 'Reshape', name: 'flat', inputs: ['mean', 'flat-shape'], outputs: ['flat'] },
    { op: 'MatMul', name: 'classes', inputs: ['flat', 'weights'], outputs: ['raw'] },
    { op: 'Relu', name: 'relu', inputs: ['raw'], outputs: ['scores'] },
  ],
  constants: [integers('flat-shape', [1, 3]), floats('weights', [3, 2], columns(weights))],
});

/** [class][channel] -> [channel][class] */
const columns = (weights: readonly number[]): number[] => [0, 1, 2].flatMap((c) => [weights[c]!, weights[3 + c]!]);

export const tinyCard = (bytes: Uint8Array, changes: Partial<ModelCard> = {}): ModelCard => ({
  name: 'tiny',
  task: 'place',
  description: 'mean colour',
  file: 'model.onnx',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  input: {
    name: 'picture',
    shape: [1, 3, 8, 8],
    layout: 'NCHW',
    colour: 'rgb',
    fit: 'stretch',
    mean: [0, 0, 0],
    std: [255, 255, 255],
  },
  outputs: [{ name: 'scores', shape: [1, 2] }],
  labels: ['red', 'blue'],
  source: { package: 'none', version: '0', licence: 'Apache-2.0', made: 'by this test' },
  accuracy: [],
  limits: [],
  parameters: {},
  ...changes,
});

/** A folder of models that is gone with the scope. */
export async function modelFolder(): Promise<AsyncDisposable & { dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-models-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** Puts a model down as `<dir>/<card.name>`. */
export async function putModel(dir: string, bytes: Uint8Array, card: unknown = tinyCard(bytes)): Promise<void> {
  const { name = 'tiny', file = 'model.onnx' } = card as Partial<ModelCard>;
  await mkdir(join(dir, name), { recursive: true });
  await writeFile(join(dir, name, file), bytes);
  await writeFile(join(dir, name, 'card.json'), typeof card === 'string' ? card : JSON.stringify(card));
}

export const tinyBytes = (weights?: readonly number[]): Uint8Array => writeOnnx(tinyGraph(weights));

export const withConstant = (graph: OnnxGraph, constant: OnnxTensor): OnnxGraph => ({
  ...graph,
  constants: [...graph.constants.filter(({ name }) => name !== constant.name), constant],
});

/** The tiny detector's one person lies round the upper left corner of column 1, row 0 of the grid of 32 px in 64 x 64: the upper half is outside. */
const CELLS = 64 + 16 + 4;
const VALUES = 5 + 2;
const PERSON = 64 + 16 + 1;

/** A detector of YOLOX's form in a few bytes: the redder the picture, the surer it is that there is a person, always in the same place. */
export const redPersonBytes = (): Uint8Array => {
  const weights = new Array<number>(3 * CELLS * VALUES).fill(0);
  // Channels come as blue, green, red, 0 to 255.
  weights[2 * CELLS * VALUES + PERSON * VALUES + 4] = 1 / 255;
  const bias = new Array<number>(CELLS * VALUES).fill(0);
  bias[PERSON * VALUES + 5] = 1;
  return writeOnnx({
    name: 'red-person',
    inputs: [{ name: 'images', shape: [1, 3, 64, 64] }],
    outputs: [{ name: 'output', shape: [1, CELLS, VALUES] }],
    nodes: [
      { op: 'GlobalMaxPool', name: 'reddest', inputs: ['images'], outputs: ['reddest'] },
      { op: 'Reshape', name: 'flat', inputs: ['reddest', 'flat-shape'], outputs: ['flat'] },
      { op: 'MatMul', name: 'values', inputs: ['flat', 'weights'], outputs: ['raw'] },
      { op: 'Add', name: 'biased', inputs: ['raw', 'bias'], outputs: ['biased'] },
      { op: 'Reshape', name: 'cells', inputs: ['biased', 'cells-shape'], outputs: ['output'] },
    ],
    constants: [
      integers('flat-shape', [1, 3]),
      integers('cells-shape', [1, CELLS, VALUES]),
      floats('weights', [3, CELLS * VALUES], weights),
      floats('bias', [1, CELLS * VALUES], bias),
    ],
  });
};

export const redPersonCard = (bytes: Uint8Array): ModelCard =>
  tinyCard(bytes, {
    name: 'red-person',
    task: 'objects',
    input: {
      name: 'images',
      shape: [1, 3, 64, 64],
      layout: 'NCHW',
      colour: 'bgr',
      fit: 'corner',
      pad: 114,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    outputs: [{ name: 'output', shape: [1, CELLS, VALUES] }],
    labels: ['person', 'toilet'],
    parameters: { decoder: 'yolox', strides: [8, 16, 32], least: 0.5 },
  });
