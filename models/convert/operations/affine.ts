import type { GraphWriter } from '../graph-writer.js';
import type { Operation } from '../operation.js';
import type { Value } from '../value.js';

/**
 * `value * factors + shifts`: inside the convolution it comes from, where there is one.
 * @param factors one number, or one a channel; null for 1
 * @param shifts likewise; null for 0
 */
export function affine(
  writer: GraphWriter,
  value: Value,
  factors: ArrayLike<number> | null,
  shifts: ArrayLike<number> | null,
): Value {
  const { convolution, shape, order } = value;
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
  const channels = shape.length - 1;
  const write = (numbers: ArrayLike<number>): string => {
    const sizes = order.map((axis) => (axis === channels ? numbers.length : 1));
    return writer.floats('constant', sizes, numbers);
  };
  let { name } = value;
  if (factors) name = writer.emit('Mul', [name, write(factors)]);
  if (shifts) name = writer.emit('Add', [name, write(shifts)]);
  return { name, shape, order };
}

/** A batch norm whose statistics are constants. */
export function normalise(operation: Operation): Value {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => operation.constant(i).data);
  const epsilon = operation.attributes.number('epsilon') ?? 1e-3;
  const factors = Float64Array.from(scale!, (each, i) => each / Math.sqrt(variance![i]! + epsilon));
  const shifts = Float64Array.from(offset!, (each, i) => each - mean![i]! * factors[i]!);
  return affine(operation.writer, operation.input(0), factors, shifts);
}
