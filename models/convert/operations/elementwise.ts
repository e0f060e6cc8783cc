import type { GraphWriter } from '../graph-writer.js';
import { type Attribute, floats } from '../onnx-file.js';
import type { Rule } from '../operation.js';
import type { Value } from '../value.js';

export function apply(
  writer: GraphWriter,
  op: string,
  value: Value,
  attributes: Record<string, Attribute> = {},
): Value {
  const { name, shape, order } = writer.unpadded(value);
  return { name: writer.emit(op, [name], attributes), shape, order };
}

/** The same function of every number. */
export const elementwise =
  (op: string): Rule =>
  (operation) =>
    apply(operation.writer, op, operation.input(0));

/** Between 0 and 6. */
export function clip(writer: GraphWriter, value: Value): Value {
  const { name, shape, order } = writer.unpadded(value);
  const bounds = [0, 6].map((bound) => writer.shared(floats(`bound.${bound}`, [], [bound])));
  return { name: writer.emit('Clip', [name, ...bounds]), shape, order };
}

export const leakyRelu: Rule = (operation) => {
  const alpha = { float: operation.attributes.number('alpha') ?? 0.2 };
  return apply(operation.writer, 'LeakyRelu', operation.input(0), { alpha });
};

export const softmax: Rule = (operation) => {
  const value = operation.input(0);
  return apply(operation.writer, 'Softmax', value, { axis: value.order.indexOf(value.shape.length - 1) });
};
