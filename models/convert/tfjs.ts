import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { Topology } from './tf-graph.js';

const require = createRequire(import.meta.url);

let ready: Promise<void> | null = null;

/** TensorFlow.js on its WebAssembly backend (SIMD) with one thread: the fastest that needs no native code. */
export function useTfjs(): Promise<void> {
  ready ??= (async () => {
    setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`);
    setThreadsCount(1);
    await tf.setBackend('wasm');
    await tf.ready();
  })();
  return ready;
}

/** A value of a graph as tfjs computed it, row-major. */
export interface Computed {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export type Artifacts = tf.io.ModelArtifacts & { readonly modelTopology: Topology };

export async function loadTfjs(artifacts: Artifacts): Promise<GraphModel> {
  await useTfjs();
  return await loadGraphModel(tf.io.fromMemory(artifacts));
}

/** Values of a graph for an input. */
export async function computeTfjs(
  model: GraphModel,
  input: { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array },
  names: readonly string[],
): Promise<Map<string, Computed>> {
  const tensor = tf.tensor(input.data, [...input.shape]);
  const answer = model.execute({ [input.name]: tensor }, [...names]);
  const tensors = Array.isArray(answer) ? answer : [answer];
  const computed = new Map<string, Computed>();
  for (const [i, each] of tensors.entries())
    computed.set(names[i]!, { shape: each.shape, data: (await each.data()) as Float32Array | Int32Array });
  tensor.dispose();
  const weights = new Set(Object.values(model.weights).flatMap((each) => each.map(({ id }) => id)));
  for (const each of tensors) if (!each.isDisposed && !weights.has(each.id)) each.dispose();
  return computed;
}
