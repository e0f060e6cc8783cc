import { reordered } from './layout.js';
import type { Attribute, OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.js';
import { floats, integers } from './onnx-file.js';
import { nodeOf, type TfGraph, type TfNode } from './tf-graph.js';
import type { Computed } from './tfjs.js';

/** What is known of a graph before it is written anew. */
export interface Conversion {
  readonly name: string;
  readonly graph: TfGraph;
  /** Every value of the graph as tfjs computed it for some picture: shapes for all, contents for those that do not vary. */
  readonly computed: ReadonlyMap<string, Computed>;
  /** `order`: see `Value`. */
  readonly input: { readonly node: string; readonly name: string; readonly order: readonly number[] };
  /** TensorFlow's name -> ours. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Leave height and width open. For networks that are convolutions throughout, and whose reshapes and outputs end in an axis that
   * follows from the picture's size.
   */
  readonly openSides?: boolean;
}

/**
 * A value on its way. It lies in memory as ONNX wants it, with TensorFlow's axes in another order; a transpose of TensorFlow's
 * is then nothing but another order, and none is written until somebody must have the axes as they were.
 */
interface Value {
  /** ONNX's. */
  readonly name: string;
  /** TensorFlow's, before `pad`. */
  readonly shape: readonly number[];
  /** `order[i]` is TensorFlow's axis that lies on ONNX's axis i. */
  readonly order: readonly number[];
  /** Added around by whoever takes it: per TensorFlow axis before and after. Convolutions and pools take it for nothing. */
  readonly pad?: { readonly amounts: readonly (readonly [number, number])[]; readonly value: number };
  /** The convolution that it comes from, while constants can still go into its weights. */
  readonly convolution?: Convolution;
}

interface Convolution {
  /** Channels first in both. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** NHWC, lying as NCHW. */
const CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];

const sameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((axis, i) => axis === b[i]);

const natural = (rank: number): number[] => Array.from({ length: rank }, (_, i) => i);

/**
 * A TensorFlow.js graph as an ONNX graph: the same numbers, planes first, batch norms and additions inside the convolutions, paddings
 * inside what needs them, everything that does not vary computed beforehand.
 *
 * @throws Error on an operation that it does not know
 */
export function convert(conversion: Conversion): OnnxGraph {
  return new Converter(conversion).run();
}

class Converter {
  readonly #conversion: Conversion;
  readonly #values = new Map<string, Value>();
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #convolutions: { readonly weights: string; readonly shape: readonly number[]; readonly of: Convolution }[] =
    [];
  #count = 0;

  constructor(conversion: Conversion) {
    this.#conversion = conversion;
  }

  run(): OnnxGraph {
    const { name, graph, input, outputs, openSides } = this.#conversion;
    const shape = this.#computed(input.node).shape;
    this.#values.set(input.node, { name: input.name, shape, order: input.order });
    for (const node of graph.nodes) if (node.name !== input.node && graph.varies(node.name)) this.#convert(node);
    const shown = Object.entries(outputs).map(([from, to]) => {
      const value = this.#unpadded(this.#value(from));
      this.#nodes.push({ op: 'Identity', name: to, inputs: [value.name], outputs: [to] });
      const sizes = value.order.map((axis) => value.shape[axis]!);
      return { name: to, shape: openSides ? [...sizes.slice(0, -1), `${to}.cells`] : sizes };
    });
    for (const { weights, shape, of } of this.#convolutions) {
      this.#constants.set(weights, floats(weights, shape, of.weights));
      this.#constants.set(`${weights}.bias`, floats(`${weights}.bias`, [of.bias.length], of.bias));
    }
    const sides = input.order.map((axis) => shape[axis]!);
    return {
      name,
      inputs: [{ name: input.name, shape: openSides ? [...sides.slice(0, 2), 'height', 'width'] : sides }],
      outputs: shown,
      ...withoutIdentities({ nodes: this.#nodes, constants: [...this.#constants.values()] }),
    };
  }

  #convert(node: TfNode): void {
    const result = this.#resultOf(node);
    for (const [i, value] of (Array.isArray(result) ? result : [result]).entries())
      this.#values.set(i === 0 ? node.name : `${node.name}:${i}`, value);
  }

  #resultOf(node: TfNode): Value | Value[] {
    const { attributes } = node;
    switch (node.op) {
      case 'Identity':
      case 'StopGradient':
        return this.#input(node, 0);
      case 'Transpose':
        return this.#transpose(node);
      case 'Pad':
        return this.#pad(node, 0);
      case 'PadV2':
        return this.#pad(node, this.#constant(node, 2).data[0]!);
      case 'Conv2D':
        return this.#convolve(node, false);
      case 'DepthwiseConv2dNative':
        return this.#convolve(node, true);
      case '_FusedConv2D':
        return this.#fused(node, this.#convolve(node, false));
      case 'FusedDepthwiseConv2dNative':
        return this.#fused(node, this.#convolve(node, true));
      case '_FusedMatMul':
        return this.#fused(node, this.#multiplyMatrices(node));
      case 'FusedBatchNorm':
      case 'FusedBatchNormV3':
        return this.#normalise(node);
      case 'BiasAdd':
      case 'Add':
      case 'AddV2':
      case 'AddN':
        return this.#arithmetic(node, 'Add');
      case 'Sub':
        return this.#arithmetic(node, 'Sub');
      case 'Mul':
        return this.#arithmetic(node, 'Mul');
      case 'RealDiv':
        return this.#arithmetic(node, 'Div');
      case 'Relu':
        return this.#apply('Relu', this.#input(node, 0));
      case 'Relu6':
        return this.#clip(this.#input(node, 0));
      case 'LeakyRelu':
        return this.#apply('LeakyRelu', this.#input(node, 0), { alpha: { float: attributes.number('alpha') ?? 0.2 } });
      case 'Sigmoid':
        return this.#apply('Sigmoid', this.#input(node, 0));
      case 'Exp':
        return this.#apply('Exp', this.#input(node, 0));
      case 'Softmax': {
        const value = this.#input(node, 0);
        return this.#apply('Softmax', value, { axis: value.order.indexOf(value.shape.length - 1) });
      }
      case 'MaxPool':
        return this.#pool(node, 'MaxPool');
      case 'AvgPool':
        return this.#pool(node, 'AveragePool');
      case 'Mean':
        return this.#mean(node);
      case 'ResizeBilinear':
        return this.#resize(node);
      case 'ConcatV2':
        return this.#concatenate(node);
      case 'SplitV':
        return this.#split(node);
      case 'Pack':
        return this.#pack(node);
      case 'Unpack':
        return this.#unpack(node);
      case 'Slice':
        return this.#slice(node);
      case 'Reshape':
      case 'Squeeze':
      case 'ExpandDims':
        return this.#reshape(this.#input(node, 0), this.#computed(node.name).shape);
      default:
        throw new Error(`${node.name}: the converter does not know ${node.op}.`);
    }
  }

  #transpose(node: TfNode): Value {
    const value = this.#input(node, 0);
    const axes = [...this.#constant(node, 1).data];
    const pad = value.pad && { ...value.pad, amounts: axes.map((axis) => value.pad!.amounts[axis]!) };
    return {
      name: value.name,
      shape: axes.map((axis) => value.shape[axis]!),
      order: value.order.map((axis) => axes.indexOf(axis)),
      ...(pad ? { pad } : {}),
    };
  }

  #pad(node: TfNode, fill: number): Value {
    const value = this.#unpadded(this.#input(node, 0));
    const { data } = this.#constant(node, 1);
    const amounts = value.shape.map((_, axis) => [data[axis * 2]!, data[axis * 2 + 1]!] as const);
    const { convolution: _, ...rest } = value;
    return { ...rest, pad: { amounts, value: fill } };
  }

  #convolve(node: TfNode, depthwise: boolean): Value {
    const { attributes } = node;
    if ((attributes.text('data_format') ?? 'NHWC') !== 'NHWC') throw new Error(`${node.name} is not NHWC.`);
    const value = this.#input(node, 0);
    const filter = this.#constant(node, 1);
    const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
    const kernel = [height, width] as const;
    const strides = attributes.numbers('strides').slice(1, 3);
    const dilations = attributes.numbers('dilations').slice(1, 3);
    const spread = kernel.map((size, i) => (size - 1) * (dilations[i] ?? 1) + 1);
    const { name, pads } = this.#window(node, value, 0, spread, strides);
    const count = depthwise ? inputs * outputs : outputs;
    const of: Convolution = { weights: weightsOf(filter, depthwise), bias: new Float32Array(count) };
    const weights = this.#fresh('weights');
    const shape = [count, depthwise ? 1 : inputs, height, width];
    this.#convolutions.push({ weights, shape, of });
    const result = this.#emit('Conv', [name, weights, `${weights}.bias`], {
      kernel_shape: [...kernel],
      strides,
      dilations: dilations.length ? dilations : [1, 1],
      pads,
      group: depthwise ? inputs : 1,
    });
    return { name: result, shape: this.#computed(node.name).shape, order: CHANNELS_FIRST, convolution: of };
  }

  /** The padding that a window needs, from the padding before it and from TensorFlow's `SAME`. */
  #window(node: TfNode, value: Value, fill: number, kernel: readonly number[], strides: readonly number[]) {
    const { pad } = value;
    const fits = !pad || (pad.value === fill && [0, 3].every((axis) => pad.amounts[axis]!.every((each) => each === 0)));
    const source = this.#ordered(fits ? { ...value, pad: undefined as never } : this.#unpadded(value), CHANNELS_FIRST);
    const around = [1, 2].map((axis) => (fits ? (pad?.amounts[axis] ?? [0, 0]) : [0, 0]) as readonly [number, number]);
    const sizes = [1, 2].map((axis, i) => source.shape[axis]! + around[i]![0] + around[i]![1]);
    const same = sizes.map((size, i) => {
      if (node.attributes.text('padding') !== 'SAME') return [0, 0] as const;
      const total = Math.max(0, (Math.ceil(size / strides[i]!) - 1) * strides[i]! + kernel[i]! - size);
      return [total >> 1, total - (total >> 1)] as const;
    });
    const side = (end: 0 | 1) => around.map((amounts, i) => amounts[end] + same[i]![end]);
    return { name: source.name, pads: [...side(0), ...side(1)] };
  }

  #pool(node: TfNode, op: 'MaxPool' | 'AveragePool'): Value {
    const kernel = node.attributes.numbers('ksize').slice(1, 3);
    const strides = node.attributes.numbers('strides').slice(1, 3);
    const value = this.#input(node, 0);
    // ONNX pads a maximum with what is less than everything; so does the lowest float that exporters write.
    const lowest = value.pad && value.pad.value <= -3e38 ? value.pad.value : Number.NEGATIVE_INFINITY;
    const { name, pads } = this.#window(node, value, lowest, kernel, strides);
    const result = this.#emit(op, [name], { kernel_shape: kernel, strides, pads });
    return { name: result, shape: this.#computed(node.name).shape, order: CHANNELS_FIRST };
  }

  #mean(node: TfNode): Value {
    const value = this.#ordered(this.#input(node, 0), CHANNELS_FIRST);
    const axes = [...this.#constant(node, 1).data].sort();
    if (axes.join() !== '1,2') throw new Error(`${node.name}: a mean over axes ${axes} is not known.`);
    const result = { name: this.#emit('GlobalAveragePool', [value.name]), order: CHANNELS_FIRST };
    const pooled = { ...result, shape: [value.shape[0]!, 1, 1, value.shape[3]!] };
    return this.#reshape(pooled, this.#computed(node.name).shape);
  }

  #multiplyMatrices(node: TfNode): Value {
    const { attributes } = node;
    if (attributes.flag('transpose_a') || attributes.flag('transpose_b'))
      throw new Error(`${node.name} is transposed.`);
    const value = this.#natural(this.#input(node, 0));
    const name = this.#emit('MatMul', [value.name, this.#written(this.#constant(node, 1))]);
    return { name, shape: this.#computed(node.name).shape, order: natural(2) };
  }

  /** What a fused operation does after its main one. */
  #fused(node: TfNode, value: Value): Value {
    let result = value;
    for (const op of node.attributes.texts('fused_ops')) {
      if (op === 'BiasAdd') result = this.#affine(result, null, this.#constant(node, 2).data);
      else if (op === 'Relu6') result = this.#clip(result);
      else if (op === 'Relu') result = this.#apply('Relu', result);
      else throw new Error(`${node.name}: the converter does not know ${op} in it.`);
    }
    return result;
  }

  #normalise(node: TfNode): Value {
    const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => this.#constant(node, i).data);
    const epsilon = node.attributes.number('epsilon') ?? 1e-3;
    const factors = Float64Array.from(scale!, (each, i) => each / Math.sqrt(variance![i]! + epsilon));
    const shifts = Float64Array.from(offset!, (each, i) => each - mean![i]! * factors[i]!);
    return this.#affine(this.#input(node, 0), factors, shifts);
  }

  /** `value * factors + shifts`, a number per channel: inside the convolution it comes from, where there is one. */
  #affine(value: Value, factors: ArrayLike<number> | null, shifts: ArrayLike<number> | null): Value {
    const { convolution } = value;
    if (convolution) {
      const { weights, bias } = convolution;
      const each = weights.length / bias.length;
      for (let channel = 0; channel < bias.length; channel++) {
        const factor = factors ? factors[factors.length === 1 ? 0 : channel]! : 1;
        const shift = shifts ? shifts[shifts.length === 1 ? 0 : channel]! : 0;
        for (let i = channel * each; i < (channel + 1) * each; i++) weights[i]! *= factor;
        bias[channel] = bias[channel]! * factor + shift;
      }
      return value;
    }
    const last = value.shape.length - 1;
    const shape = value.order.map((axis) => (axis === last ? -1 : 1));
    const write = (numbers: ArrayLike<number>): string => {
      const name = this.#fresh('constant');
      const sizes = shape.map((size) => (size === -1 ? numbers.length : 1));
      this.#constants.set(name, floats(name, sizes, numbers));
      return name;
    };
    let name = value.name;
    if (factors) name = this.#emit('Mul', [name, write(factors)]);
    if (shifts) name = this.#emit('Add', [name, write(shifts)]);
    return { name, shape: value.shape, order: value.order };
  }

  #arithmetic(node: TfNode, op: 'Add' | 'Sub' | 'Mul' | 'Div'): Value {
    const { graph } = this.#conversion;
    const constant = node.inputs.findIndex((name) => !graph.varies(name));
    if (constant >= 0 && node.inputs.length === 2) {
      const folded = this.#withConstant(node, op, constant);
      if (folded) return folded;
    }
    const shape = this.#computed(node.name).shape;
    const first = this.#unpadded(
      this.#input(
        node,
        node.inputs.findIndex((name) => graph.varies(name)),
      ),
    );
    const order = first.shape.length === shape.length ? first.order : natural(shape.length);
    const names = node.inputs.map((name) => {
      if (!graph.varies(name)) return this.#written(this.#computed(name), order);
      const value = this.#unpadded(this.#value(name));
      return value.shape.length === order.length ? this.#ordered(value, order).name : this.#natural(value).name;
    });
    const name = names.slice(1).reduce((sum, each) => this.#emit(op, [sum, each]), names[0]!);
    return { name, shape, order };
  }

  /** With one number, or one a channel; null where the constant is another one. */
  #withConstant(node: TfNode, op: 'Add' | 'Sub' | 'Mul' | 'Div', index: number): Value | null {
    const value = this.#unpadded(this.#input(node, 1 - index));
    const { shape, data } = this.#computed(node.inputs[index]!);
    const channels = value.shape.at(-1)!;
    const perChannel = data.length === channels && (shape.at(-1) ?? 1) === channels;
    if (data.length !== 1 && !perChannel) return null;
    if (value.shape.length !== this.#computed(node.name).shape.length) return null;
    if (op === 'Mul') return this.#affine(value, data, null);
    if (op === 'Add') return this.#affine(value, null, data);
    if (index === 0) return null;
    if (op === 'Sub')
      return this.#affine(
        value,
        null,
        Float64Array.from(data, (each) => -each),
      );
    return this.#affine(
      value,
      Float64Array.from(data, (each) => 1 / each),
      null,
    );
  }

  #clip(value: Value): Value {
    const bound = (number: number): string => {
      const name = `bound.${number}`;
      this.#constants.set(name, floats(name, [], [number]));
      return name;
    };
    const source = this.#unpadded(value);
    return { name: this.#emit('Clip', [source.name, bound(0), bound(6)]), shape: source.shape, order: source.order };
  }

  #apply(op: string, value: Value, attributes: Record<string, Attribute> = {}): Value {
    const source = this.#unpadded(value);
    return { name: this.#emit(op, [source.name], attributes), shape: source.shape, order: source.order };
  }

  #resize(node: TfNode): Value {
    const { attributes } = node;
    const value = this.#ordered(this.#input(node, 0), CHANNELS_FIRST);
    const shape = this.#computed(node.name).shape;
    const to = this.#fresh('size');
    const { openSides } = this.#conversion;
    const sizes = CHANNELS_FIRST.map((axis) => shape[axis]!);
    const factors = CHANNELS_FIRST.map((axis) => shape[axis]! / value.shape[axis]!);
    this.#constants.set(to, openSides ? floats(to, [factors.length], factors) : integers(to, sizes));
    const mode = attributes.flag('align_corners')
      ? 'align_corners'
      : attributes.flag('half_pixel_centers')
        ? 'half_pixel'
        : 'asymmetric';
    const name = this.#emit('Resize', openSides ? [value.name, '', to] : [value.name, '', '', to], {
      mode: 'linear',
      coordinate_transformation_mode: mode,
    });
    return { name, shape, order: CHANNELS_FIRST };
  }

  #concatenate(node: TfNode): Value {
    const { graph } = this.#conversion;
    const parts = node.inputs.slice(0, -1);
    const shape = this.#computed(node.name).shape;
    const axis = axisOf(this.#constant(node, node.inputs.length - 1).data[0]!, shape.length);
    const { order } = this.#unpadded(this.#value(parts.find((name) => graph.varies(name))!));
    const names = parts.map((name) =>
      graph.varies(name)
        ? this.#ordered(this.#unpadded(this.#value(name)), order).name
        : this.#written(this.#computed(name), order),
    );
    return { name: this.#emit('Concat', names, { axis: order.indexOf(axis) }), shape, order };
  }

  #split(node: TfNode): Value[] {
    const value = this.#unpadded(this.#input(node, 0));
    const sizes = [...this.#constant(node, 1).data];
    const axis = axisOf(this.#constant(node, 2).data[0]!, value.shape.length);
    return this.#parts(value, axis, sizes);
  }

  #parts(value: Value, axis: number, sizes: readonly number[]): Value[] {
    const lengths = this.#fresh('lengths');
    this.#constants.set(lengths, integers(lengths, sizes));
    const names = sizes.map(() => this.#fresh('part'));
    const attributes = { axis: value.order.indexOf(axis) };
    this.#nodes.push({
      op: 'Split',
      name: this.#fresh('Split'),
      inputs: [value.name, lengths],
      outputs: names,
      attributes,
    });
    return names.map((name, i) => ({
      name,
      shape: value.shape.map((size, each) => (each === axis ? sizes[i]! : size)),
      order: value.order,
    }));
  }

  #unpack(node: TfNode): Value[] {
    const value = this.#natural(this.#input(node, 0));
    const axis = axisOf(node.attributes.number('axis') ?? 0, value.shape.length);
    const shape = value.shape.filter((_, each) => each !== axis);
    const parts = this.#parts(value, axis, new Array<number>(value.shape[axis]!).fill(1));
    return parts.map((part) => this.#reshape(part, shape));
  }

  #pack(node: TfNode): Value {
    const { graph } = this.#conversion;
    const shape = this.#computed(node.name).shape;
    const axis = axisOf(node.attributes.number('axis') ?? 0, shape.length);
    const each = shape.map((size, i) => (i === axis ? 1 : size));
    const names = node.inputs.map((name) => {
      if (graph.varies(name)) return this.#reshape(this.#value(name), each).name;
      return this.#written({ ...this.#computed(name), shape: each });
    });
    return { name: this.#emit('Concat', names, { axis }), shape, order: natural(shape.length) };
  }

  #slice(node: TfNode): Value {
    const value = this.#natural(this.#input(node, 0));
    const begin = [...this.#constant(node, 1).data];
    const shape = this.#computed(node.name).shape;
    const bounds = [begin, begin.map((start, axis) => start + shape[axis]!)].map((numbers) => {
      const name = this.#fresh('bounds');
      this.#constants.set(name, integers(name, numbers));
      return name;
    });
    return { name: this.#emit('Slice', [value.name, ...bounds]), shape, order: natural(shape.length) };
  }

  #reshape(value: Value, shape: readonly number[]): Value {
    const source = this.#natural(value);
    if (sameOrder(source.shape, shape)) return source;
    return { name: this.#reshaped(source.name, shape), shape, order: natural(shape.length) };
  }

  #reshaped(name: string, to: readonly number[]): string {
    const shape = this.#conversion.openSides ? [...to.slice(0, -1), -1] : to;
    const sizes = `shape.${shape.join('x')}`;
    this.#constants.set(sizes, integers(sizes, shape));
    return this.#emit('Reshape', [name, sizes]);
  }

  /** With its padding written out. */
  #unpadded(value: Value): Value {
    const { pad } = value;
    if (!pad) return value;
    const amounts = value.order.map((axis) => pad.amounts[axis]!);
    const [pads, fill] = [this.#fresh('pads'), this.#fresh('fill')];
    this.#constants.set(
      pads,
      integers(pads, [...amounts.map(([before]) => before), ...amounts.map(([, after]) => after)]),
    );
    this.#constants.set(fill, floats(fill, [], [pad.value]));
    return {
      name: this.#emit('Pad', [value.name, pads, fill], { mode: 'constant' }),
      shape: value.shape.map((size, axis) => size + pad.amounts[axis]![0] + pad.amounts[axis]![1]),
      order: value.order,
    };
  }

  #natural(value: Value): Value {
    return this.#ordered(this.#unpadded(value), natural(value.shape.length));
  }

  /** With its axes in another order in memory; the only place that writes a transpose. */
  #ordered(value: Value, order: readonly number[]): Value {
    if (sameOrder(value.order, order)) return value;
    const long = (axes: readonly number[]): number[] => axes.filter((axis) => value.shape[axis] !== 1);
    const name = sameOrder(long(value.order), long(order))
      ? this.#reshaped(
          value.name,
          order.map((axis) => value.shape[axis]!),
        )
      : this.#emit('Transpose', [value.name], { perm: order.map((axis) => value.order.indexOf(axis)) });
    return { name, shape: value.shape, order };
  }

  #emit(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const name = this.#fresh(op);
    this.#nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }

  #fresh(what: string): string {
    return `${what}.${this.#count++}`;
  }

  /** A constant in the file, in an order of axes. */
  #written({ shape, data }: Computed, order: readonly number[] = natural(shape.length)): string {
    const name = this.#fresh('constant');
    const aligned = [...new Array<number>(Math.max(0, order.length - shape.length)).fill(1), ...shape];
    const axes = sameOrder(order, natural(order.length)) || shape.length === 0 ? natural(aligned.length) : order;
    this.#constants.set(
      name,
      floats(
        name,
        axes.map((axis) => aligned[axis]!),
        reordered(data, aligned, axes),
      ),
    );
    return name;
  }

  /** As an input; one that others use too keeps its convolution for itself. */
  #input(node: TfNode, index: number): Value {
    const name = node.inputs[index]!;
    const { convolution, ...value } = this.#value(name);
    return convolution && this.#conversion.graph.uses.get(name) === 1 ? { ...value, convolution } : value;
  }

  #value(name: string): Value {
    const value = this.#values.get(name) ?? this.#values.get(nodeOf(name));
    if (!value) throw new Error(`The graph has no value ${name}.`);
    return value;
  }

  #constant(node: TfNode, index: number): Computed {
    const name = node.inputs[index]!;
    if (this.#conversion.graph.varies(name))
      throw new Error(`${node.name} takes ${name} for a constant, but it varies.`);
    return this.#computed(name);
  }

  #computed(name: string): Computed {
    const value = this.#conversion.computed.get(name);
    if (!value) throw new Error(`tfjs did not compute ${name}.`);
    return value;
  }
}

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** TensorFlow's [h, w, in, out] as ONNX's [out, in, h, w]; depthwise [h, w, in, each] as [in * each, 1, h, w]. */
function weightsOf({ shape, data }: Computed, depthwise: boolean): Float32Array {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const plane = height * width;
  const weights = new Float32Array(data.length);
  for (let at = 0; at < plane; at++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) {
        const to = depthwise ? (i * outputs + o) * plane + at : (o * inputs + i) * plane + at;
        weights[to] = data[(at * inputs + i) * outputs + o]!;
      }
  return weights;
}

/** Outputs get their names from an `Identity`; where the value is nobody else's, it can have the name itself. */
function withoutIdentities({ nodes, constants }: Pick<OnnxGraph, 'nodes' | 'constants'>) {
  const renamed = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const name of nodes.flatMap(({ inputs }) => inputs)) taken.set(name, (taken.get(name) ?? 0) + 1);
  for (const { op, inputs, outputs } of nodes)
    if (op === 'Identity' && taken.get(inputs[0]!) === 1) renamed.set(inputs[0]!, outputs[0]!);
  const kept = nodes
    .filter(({ op, inputs }) => op !== 'Identity' || !renamed.has(inputs[0]!))
    .map((node) => ({ ...node, outputs: node.outputs.map((name) => renamed.get(name) ?? name) }));
  const used = new Set(kept.flatMap(({ inputs }) => inputs));
  return { nodes: kept, constants: constants.filter(({ name }) => used.has(name)) };
}
