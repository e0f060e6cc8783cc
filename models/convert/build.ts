import type { GraphModel } from '@tensorflow/tfjs-converter';
import { convert } from './convert.js';
import type { OnnxGraph } from './onnx-file.js';
import type { Recipe } from './recipes.js';
import { TfGraph } from './tf-graph.js';
import { type Computed, computeTfjs, loadTfjs } from './tfjs.js';

/** A source as it is, and as ONNX. */
export interface Built {
  readonly recipe: Recipe;
  readonly tfjs: GraphModel;
  readonly graph: OnnxGraph;
}

/** What tfjs gives for shapes and constants does not depend on the picture: black will do. */
export async function build(recipe: Recipe): Promise<Built> {
  const { name, input, outputs, openSides = false } = recipe;
  const artifacts = await recipe.load();
  const tfjs = await loadTfjs(artifacts);
  const graph = new TfGraph(artifacts.modelTopology, input.node, Object.keys(outputs));
  const data = new Float32Array(input.shape.reduce((a, b) => a * b, 1));
  const computed = await computeTfjs(tfjs, { name: input.node, shape: input.shape, data }, [...graph.values]);
  return {
    recipe,
    tfjs,
    graph: convert({ name, graph, computed, input: { ...input, name: 'picture' }, outputs, openSides }),
  };
}

/** What tfjs answers, by our names, with the axes as it has them. */
export async function answerOfTfjs({ recipe, tfjs }: Built, data: Float32Array): Promise<Map<string, Computed>> {
  const { input, outputs } = recipe;
  const answers = await computeTfjs(tfjs, { name: input.node, shape: input.shape, data }, Object.keys(outputs));
  return new Map([...answers].map(([name, answer]) => [outputs[name]!, answer]));
}
