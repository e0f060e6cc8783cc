import { axisOf, firstVarying, type Operation, type Rule } from '../operation.js';
import { naturalOrder, type Value } from '../value.js';

/** Another order of what lies where it lay. */
export function transpose(operation: Operation): Value {
  const { name, shape, order, pad } = operation.input(0);
  const axes = [...operation.constant(1).data];
  return {
    name,
    shape: axes.map((axis) => shape[axis]!),
    order: order.map((axis) => axes.indexOf(axis)),
    ...(pad && { pad: { ...pad, amounts: axes.map((axis) => pad.amounts[axis]!) } }),
  };
}

export const pad =
  (fill: (operation: Operation) => number): Rule =>
  (operation) => {
    const { name, shape, order } = operation.writer.unpadded(operation.input(0));
    const { data } = operation.constant(1);
    const amounts = shape.map((_, axis) => [data[axis * 2]!, data[axis * 2 + 1]!] as const);
    return { name, shape, order, pad: { amounts, value: fill(operation) } };
  };

export const reshape: Rule = (operation) => operation.writer.reshape(operation.input(0), operation.shape);

export function concatenate(operation: Operation): Value {
  const { shape, writer } = operation;
  const parts = operation.operands.slice(0, -1);
  const axis = axisOf(operation.constant(parts.length).data[0]!, shape.length);
  const { order } = writer.unpadded(firstVarying(parts));
  const names = parts.map((part) =>
    part.varies ? writer.ordered(writer.unpadded(part.value), order).name : writer.constant(part.constant, order),
  );
  return { name: writer.emit('Concat', names, { axis: order.indexOf(axis) }), shape, order };
}

export function split(operation: Operation): Value[] {
  const value = operation.writer.unpadded(operation.input(0));
  const sizes = [...operation.constant(1).data];
  return operation.writer.parts(value, axisOf(operation.constant(2).data[0]!, value.shape.length), sizes);
}

/** Lays values on each other along a new axis. */
export function pack(operation: Operation): Value {
  const { shape, writer } = operation;
  const axis = axisOf(operation.attributes.number('axis') ?? 0, shape.length);
  const each = shape.map((size, i) => (i === axis ? 1 : size));
  const names = operation.operands.map((operand) =>
    operand.varies ? writer.reshape(operand.value, each).name : writer.constant({ ...operand.constant, shape: each }),
  );
  return { name: writer.emit('Concat', names, { axis }), shape, order: naturalOrder(shape.length) };
}

/** Takes an axis apart. */
export function unpack(operation: Operation): Value[] {
  const { writer } = operation;
  const value = writer.natural(operation.input(0));
  const axis = axisOf(operation.attributes.number('axis') ?? 0, value.shape.length);
  const shape = value.shape.filter((_, each) => each !== axis);
  const ones = new Array<number>(value.shape[axis]!).fill(1);
  return writer.parts(value, axis, ones).map((part) => writer.reshape(part, shape));
}

export function slice(operation: Operation): Value {
  const { shape, writer } = operation;
  const value = writer.natural(operation.input(0));
  const begin = [...operation.constant(1).data];
  const end = begin.map((start, axis) => start + shape[axis]!);
  const bounds = [begin, end].map((numbers) => writer.integers('bounds', numbers));
  return { name: writer.emit('Slice', [value.name, ...bounds]), shape, order: naturalOrder(shape.length) };
}
