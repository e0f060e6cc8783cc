import { createHash } from 'node:crypto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { readCard, readModelFile } from '../../src/vision/runtime.js';
import { answerOfTfjs, type Built, build } from './build.js';
import { compact } from './compact.js';
import { reordered } from './layout.js';
import { writeOnnx } from './onnx-file.js';
import { nanodet, RECIPES, type Recipe } from './recipes.js';

/** The bound on what conversion may change, in any output. */
const BOUND = 1e-3;

/** tfjs alone takes seconds a model on a core of its own, which it may not have. */
const PATIENCE = { timeout: 240_000 };

/** Numbers that look random and are the same each time: -1 to 1. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 0x7fffffff;
    return (state / 0x7fffffff) * 2 - 1;
  });
}

async function answerOf(bytes: Uint8Array, { shape, order }: Recipe['input'], data: Float32Array) {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const dimensions = order.map((axis) => shape[axis]!);
  const answer = await session.run({ picture: new Tensor('float32', reordered(data, shape, order), dimensions) });
  await session.release();
  return answer;
}

/** The largest difference between what tfjs answers and what the file answers, whatever the order of its axes. */
async function difference(built: Built, bytes: Uint8Array, data: Float32Array): Promise<number> {
  const expected = await answerOfTfjs(built, data);
  const answer = await answerOf(bytes, built.recipe.input, data);
  let largest = 0;
  for (const [name, { shape, data: values }] of expected) {
    const { dims, data: found } = answer[name] as Tensor & { data: Float32Array };
    // NanoDet's come as [1, classes, cells]; tfjs has [1, cells, classes].
    const aligned = dims.join() === shape.join() ? values : reordered(values, shape, [0, 2, 1]);
    expect(found.length).toBe(values.length);
    for (let i = 0; i < found.length; i++) largest = Math.max(largest, Math.abs(found[i]! - aligned[i]!));
  }
  return largest;
}

const sizeOf = ({ input }: Recipe): number => input.shape.reduce((a, b) => a * b, 1);

describe.each(RECIPES.map((recipe) => [recipe.name, recipe] as const))('%s, converted', (name, recipe) => {
  it('answers as tfjs does, and is what is committed', PATIENCE, async () => {
    const built = await build(recipe);
    const data = noise(sizeOf(recipe), 7);
    expect(await difference(built, writeOnnx(built.graph), data)).toBeLessThan(1e-4);

    const stored = writeOnnx(compact(built.graph));
    expect(await difference(built, stored, data)).toBeLessThan(BOUND);
    const card = await readCard(name);
    expect(createHash('sha256').update(stored).digest('hex')).toBe(card.sha256);
    expect(Buffer.compare(await readModelFile(card), stored)).toBe(0);

    const count = (op: string): number => built.graph.nodes.filter((node) => node.op === op).length;
    expect(count('Pad')).toBe(0);
    // coco-ssd's predictions leave its six grids cell by cell, boxes and classes apart.
    expect(count('Transpose')).toBe(name === 'coco-ssd' ? 12 : 0);
  });
});

it('nanodet answers as tfjs does at other sizes, from the same file', PATIENCE, async () => {
  const recipe = nanodet(320);
  const built = await build(recipe);
  const bytes = await readModelFile(await readCard('nanodet'));
  expect(await difference(built, bytes, noise(sizeOf(recipe), 3))).toBeLessThan(BOUND);
});
