import { reordered } from './layout.js';
import type { Attribute, OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.js';
import { floats, integers } from './onnx-file.js';
import type { Computed } from './tfjs.js';
import { type Convolution, naturalOrder, type Order, sameNumbers, type Value } from './value.js';

/** Nodes and constants of an ONNX graph as they are written, each under a name of its own. */
export class GraphWriter {
  readonly #openSides: boolean;
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #convolutions: { readonly name: string; readonly shape: readonly number[]; readonly of: Convolution }[] = [];
  #count = 0;

  /** @param openSides see `Conversion` */
  constructor(openSides: boolean) {
    this.#openSides = openSides;
  }

  /** @returns the name of its output */
  emit(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const name = this.#fresh(op);
    this.#nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }

  /** Lets a value out under a name that others know. */
  show(value: Value, name: string): void {
    this.#nodes.push({ op: 'Identity', name, inputs: [value.name], outputs: [name] });
  }

  /** A constant. @returns its name, which begins with `what` */
  floats(what: string, shape: readonly number[], values: ArrayLike<number>): string {
    return this.shared(floats(this.#fresh(what), shape, values));
  }

  /** A list of integers. @returns its name, which begins with `what` */
  integers(what: string, values: readonly number[]): string {
    return this.shared(integers(this.#fresh(what), values));
  }

  /** A constant whose name says all of it: written once, however many take it. @returns the name */
  shared(constant: OnnxTensor): string {
    this.#constants.set(constant.name, constant);
    return constant.name;
  }

  /** A constant of TensorFlow's, in an order of axes; axes that it lacks come first and are one long. */
  constant({ shape, data }: Computed, order: Order = naturalOrder(shape.length)): string {
    const aligned = [...new Array<number>(Math.max(0, order.length - shape.length)).fill(1), ...shape];
    const axes =
      sameNumbers(order, naturalOrder(order.length)) || shape.length === 0 ? naturalOrder(aligned.length) : order;
    const sizes = axes.map((axis) => aligned[axis]!);
    return this.floats('constant', sizes, reordered(data, aligned, axes));
  }

  /** Weights and bias, written when the graph is done: what follows a convolution goes into them. @returns their names */
  weights(shape: readonly number[], of: Convolution): [weights: string, bias: string] {
    const name = this.#fresh('weights');
    this.#convolutions.push({ name, shape, of });
    return [name, `${name}.bias`];
  }

  /** Cuts a value along an axis of TensorFlow's. */
  parts(value: Value, axis: number, sizes: readonly number[]): Value[] {
    const lengths = this.integers('lengths', sizes);
    const outputs = sizes.map(() => this.#fresh('part'));
    const attributes = { axis: value.order.indexOf(axis) };
    this.#nodes.push({ op: 'Split', name: this.#fresh('Split'), inputs: [value.name, lengths], outputs, attributes });
    return outputs.map((name, i) => ({
      name,
      shape: value.shape.map((size, each) => (each === axis ? sizes[i]! : size)),
      order: value.order,
    }));
  }

  reshape(value: Value, shape: readonly number[]): Value {
    const source = this.natural(value);
    if (sameNumbers(source.shape, shape)) return source;
    return { name: this.#reshaped(source.name, shape), shape, order: naturalOrder(shape.length) };
  }

  /** With its padding written out. */
  unpadded(value: Value): Value {
    const { pad, shape, order } = value;
    if (!pad) return value;
    const amounts = order.map((axis) => pad.amounts[axis]!);
    const around = [...amounts.map(([before]) => before), ...amounts.map(([, after]) => after)];
    const inputs = [value.name, this.integers('pads', around), this.floats('fill', [], [pad.value])];
    return {
      name: this.emit('Pad', inputs, { mode: 'constant' }),
      shape: shape.map((size, axis) => size + pad.amounts[axis]![0] + pad.amounts[axis]![1]),
      order,
    };
  }

  /** With TensorFlow's axes as it has them. */
  natural(value: Value): Value {
    return this.ordered(this.unpadded(value), naturalOrder(value.shape.length));
  }

  /** With its axes in another order in memory; the only place that writes a transpose. */
  ordered(value: Value, order: Order): Value {
    const { shape } = value;
    if (sameNumbers(value.order, order)) return value;
    const long = (axes: Order): number[] => axes.filter((axis) => shape[axis] !== 1);
    const sizes = order.map((axis) => shape[axis]!);
    const name = sameNumbers(long(value.order), long(order))
      ? this.#reshaped(value.name, sizes)
      : this.emit('Transpose', [value.name], { perm: order.map((axis) => value.order.indexOf(axis)) });
    return { name, shape, order };
  }

  /** What was written. */
  finish(): Pick<OnnxGraph, 'nodes' | 'constants'> {
    for (const { name, shape, of } of this.#convolutions) {
      this.shared(floats(name, shape, of.weights));
      this.shared(floats(`${name}.bias`, [of.bias.length], of.bias));
    }
    return withoutIdentities({ nodes: this.#nodes, constants: [...this.#constants.values()] });
  }

  #reshaped(name: string, to: readonly number[]): string {
    const shape = this.#openSides ? [...to.slice(0, -1), -1] : to;
    return this.emit('Reshape', [name, this.shared(integers(`shape.${shape.join('x')}`, shape))]);
  }

  #fresh(what: string): string {
    return `${what}.${this.#count++}`;
  }
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
