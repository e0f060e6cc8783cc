import { GraphWriter } from './graph-writer.js';
import type { OnnxGraph } from './onnx-file.js';
import { Operation, type Rule, type Surroundings } from './operation.js';
import { normalise } from './operations/affine.js';
import { arithmetic } from './operations/arithmetic.js';
import { concatenate, pack, pad, reshape, slice, split, transpose, unpack } from './operations/axes.js';
import { clip, elementwise, leakyRelu, softmax } from './operations/elementwise.js';
import { fused, multiplyMatrices } from './operations/fused.js';
import { resizeBilinear } from './operations/resize.js';
import { convolve, mean, pool } from './operations/windows.js';
import { nodeOf, type TfGraph } from './tf-graph.js';
import type { Computed } from './tfjs.js';
import type { Order, Value } from './value.js';

/** What is known of a graph before it is written anew. */
export interface Conversion {
  readonly name: string;
  readonly graph: TfGraph;
  /** Every value of the graph as tfjs computed it for some picture: shapes for all, contents for those that do not vary. */
  readonly computed: ReadonlyMap<string, Computed>;
  readonly input: { readonly node: string; readonly name: string; readonly order: Order };
  /** TensorFlow's name -> ours. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Leave height and width open. For networks that are convolutions throughout, and whose reshapes and outputs end in an axis that
   * follows from the picture's size.
   */
  readonly openSides?: boolean;
}

const same: Rule = (operation) => operation.input(0);

/** TensorFlow's name of an operation -> what it becomes. */
const RULES: Readonly<Record<string, Rule>> = {
  Identity: same,
  StopGradient: same,

  Conv2D: convolve(false),
  DepthwiseConv2dNative: convolve(true),
  _FusedConv2D: fused(convolve(false)),
  FusedDepthwiseConv2dNative: fused(convolve(true)),
  _FusedMatMul: fused(multiplyMatrices),
  FusedBatchNorm: normalise,
  FusedBatchNormV3: normalise,
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  Mean: mean,
  ResizeBilinear: resizeBilinear,

  BiasAdd: arithmetic('Add'),
  Add: arithmetic('Add'),
  AddV2: arithmetic('Add'),
  AddN: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Mul: arithmetic('Mul'),
  RealDiv: arithmetic('Div'),
  Relu: elementwise('Relu'),
  Relu6: (operation) => clip(operation.writer, operation.input(0)),
  LeakyRelu: leakyRelu,
  Sigmoid: elementwise('Sigmoid'),
  Exp: elementwise('Exp'),
  Softmax: softmax,

  Transpose: transpose,
  Pad: pad(() => 0),
  PadV2: pad((operation) => operation.constant(2).data[0]!),
  ConcatV2: concatenate,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  Slice: slice,
  Reshape: reshape,
  Squeeze: reshape,
  ExpandDims: reshape,
};

/**
 * A TensorFlow.js graph as an ONNX graph: the same numbers, planes first, batch norms and additions inside the convolutions, paddings
 * inside what needs them, everything that does not vary computed beforehand.
 *
 * @throws Error on an operation that it does not know
 */
export function convert({ name, graph, computed, input, outputs, openSides = false }: Conversion): OnnxGraph {
  const writer = new GraphWriter(openSides);
  const values = new Map<string, Value>();
  const around: Surroundings = {
    graph,
    writer,
    openSides,
    value: (each) => found(values.get(each) ?? values.get(nodeOf(each)), `The graph has no value ${each}.`),
    computed: (each) => found(computed.get(each), `tfjs did not compute ${each}.`),
  };
  const { shape } = around.computed(input.node);
  values.set(input.node, { name: input.name, shape, order: input.order });
  for (const node of graph.nodes) {
    if (node.name === input.node || !graph.varies(node.name)) continue;
    const rule = found(RULES[node.op], `${node.name}: the converter does not know ${node.op}.`);
    const result = rule(new Operation(node, around));
    for (const [i, value] of (Array.isArray(result) ? result : [result]).entries())
      values.set(i === 0 ? node.name : `${node.name}:${i}`, value);
  }
  const shown = Object.entries(outputs).map(([from, to]) => {
    const value = writer.unpadded(around.value(from));
    writer.show(value, to);
    const sizes = value.order.map((axis) => value.shape[axis]!);
    return { name: to, shape: openSides ? [...sizes.slice(0, -1), `${to}.cells`] : sizes };
  });
  const sides = input.order.map((axis) => shape[axis]!);
  return {
    name,
    inputs: [{ name: input.name, shape: openSides ? [...sides.slice(0, 2), 'height', 'width'] : sides }],
    outputs: shown,
    ...writer.finish(),
  };
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
