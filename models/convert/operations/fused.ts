import type { Operation, Rule } from '../operation.js';
import { naturalOrder, type Value } from '../value.js';
import { affine } from './affine.js';
import { apply, clip } from './elementwise.js';

/** An operation with those that TensorFlow does after it in one go. @throws Error on one that is not known */
export const fused =
  (main: (operation: Operation) => Value): Rule =>
  (operation) => {
    const { name, attributes, writer } = operation;
    return attributes.texts('fused_ops').reduce((value, op) => {
      if (op === 'BiasAdd') return affine(writer, value, null, operation.constant(2).data);
      if (op === 'Relu6') return clip(writer, value);
      if (op === 'Relu') return apply(writer, 'Relu', value);
      throw new Error(`${name}: the converter does not know ${op} in it.`);
    }, main(operation));
  };

/** @throws Error where one of the two is transposed */
export function multiplyMatrices(operation: Operation): Value {
  const { name, attributes, shape, writer } = operation;
  if (attributes.flag('transpose_a') || attributes.flag('transpose_b')) throw new Error(`${name} is transposed.`);
  const value = writer.natural(operation.input(0));
  const product = writer.emit('MatMul', [value.name, writer.constant(operation.constant(1))]);
  return { name: product, shape, order: naturalOrder(2) };
}
