import type { GraphWriter } from '../graph-writer.js';
import type { Operation, Rule } from '../operation.js';
import type { Computed } from '../tfjs.js';
import { CHANNELS_FIRST, type Convolution, type Value } from '../value.js';

/** A convolution, with a bias that what follows may fill. */
export const convolve =
  (depthwise: boolean) =>
  (operation: Operation): Value => {
    const { name, attributes, shape, writer } = operation;
    if ((attributes.text('data_format') ?? 'NHWC') !== 'NHWC') throw new Error(`${name} is not NHWC.`);
    const filter = operation.constant(1);
    const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
    const strides = attributes.numbers('strides').slice(1, 3);
    const dilations = attributes.numbers('dilations').slice(1, 3);
    const spread = [height, width].map((size, i) => (size - 1) * (dilations[i] ?? 1) + 1);
    const same = attributes.text('padding') === 'SAME';
    const window = placed(writer, operation.input(0), { size: spread, strides, same, fill: 0 });
    const count = depthwise ? inputs * outputs : outputs;
    const convolution: Convolution = { weights: weightsOf(filter, depthwise), bias: new Float32Array(count) };
    const weights = writer.weights([count, depthwise ? 1 : inputs, height, width], convolution);
    const result = writer.emit('Conv', [window.name, ...weights], {
      kernel_shape: [height, width],
      strides,
      dilations: dilations.length ? dilations : [1, 1],
      pads: window.pads,
      group: depthwise ? inputs : 1,
    });
    return { name: result, shape, order: CHANNELS_FIRST, convolution };
  };

export const pool =
  (op: 'MaxPool' | 'AveragePool'): Rule =>
  (operation) => {
    const { attributes, shape, writer } = operation;
    const size = attributes.numbers('ksize').slice(1, 3);
    const strides = attributes.numbers('strides').slice(1, 3);
    const same = attributes.text('padding') === 'SAME';
    const value = operation.input(0);
    // ONNX pads a maximum with what is less than everything; so does the lowest float that exporters write.
    const fill = value.pad && value.pad.value <= -3e38 ? value.pad.value : Number.NEGATIVE_INFINITY;
    const { name, pads } = placed(writer, value, { size, strides, same, fill });
    return { name: writer.emit(op, [name], { kernel_shape: size, strides, pads }), shape, order: CHANNELS_FIRST };
  };

/** @throws Error over other axes than height and width */
export function mean(operation: Operation): Value {
  const { writer } = operation;
  const value = writer.ordered(operation.input(0), CHANNELS_FIRST);
  const axes = [...operation.constant(1).data].sort();
  if (axes.join() !== '1,2') throw new Error(`${operation.name}: a mean over axes ${axes} is not known.`);
  const name = writer.emit('GlobalAveragePool', [value.name]);
  const shape = [value.shape[0]!, 1, 1, value.shape[3]!];
  return writer.reshape({ name, shape, order: CHANNELS_FIRST }, operation.shape);
}

interface Window {
  /** Height and width. */
  readonly size: readonly number[];
  readonly strides: readonly number[];
  /** TensorFlow's `SAME`. */
  readonly same: boolean;
  /** What ONNX takes its padding for. */
  readonly fill: number;
}

/** What a window goes over, and the padding it needs: from the padding before it and from `SAME`. */
function placed(writer: GraphWriter, value: Value, { size, strides, same, fill }: Window) {
  const { pad, ...bare } = value;
  const fits = !pad || (pad.value === fill && [0, 3].every((axis) => pad.amounts[axis]!.every((each) => each === 0)));
  const source = writer.ordered(fits ? bare : writer.unpadded(value), CHANNELS_FIRST);
  const pads = [1, 2].map((axis, i) => {
    const [before, after] = (fits && pad?.amounts[axis]) || [0, 0];
    if (!same) return [before, after] as const;
    const all = source.shape[axis]! + before + after;
    const total = Math.max(0, (Math.ceil(all / strides[i]!) - 1) * strides[i]! + size[i]! - all);
    return [before + (total >> 1), after + total - (total >> 1)] as const;
  });
  return { name: source.name, pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)] };
}

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
