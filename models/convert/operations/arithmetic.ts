import { firstVarying, type Operation, type Rule } from '../operation.js';
import type { Computed } from '../tfjs.js';
import { naturalOrder, type Value } from '../value.js';
import { affine } from './affine.js';

type Operator = 'Add' | 'Sub' | 'Mul' | 'Div';

export const arithmetic =
  (operator: Operator): Rule =>
  (operation) =>
    withConstant(operation, operator) ?? between(operation, operator);

function between({ operands, shape, writer }: Operation, operator: Operator): Value {
  const first = writer.unpadded(firstVarying(operands));
  const order = first.shape.length === shape.length ? first.order : naturalOrder(shape.length);
  const names = operands.map((operand) => {
    if (!operand.varies) return writer.constant(operand.constant, order);
    const value = writer.unpadded(operand.value);
    return value.shape.length === order.length ? writer.ordered(value, order).name : writer.natural(value).name;
  });
  return { name: names.reduce((sum, each) => writer.emit(operator, [sum, each])), shape, order };
}

/** With one number, or one a channel; null where there is no constant, or another one. */
function withConstant({ operands, shape, writer }: Operation, operator: Operator): Value | null {
  const [left, right] = operands;
  if (operands.length !== 2 || left!.varies === right!.varies) return null;
  const { constant } = [left!, right!].find((each) => !each.varies) as { readonly constant: Computed };
  const value = writer.unpadded(firstVarying(operands));
  const { data } = constant;
  const channels = value.shape.at(-1)!;
  const perChannel = data.length === channels && (constant.shape.at(-1) ?? 1) === channels;
  if ((data.length !== 1 && !perChannel) || value.shape.length !== shape.length) return null;
  if (operator === 'Mul') return affine(writer, value, data, null);
  if (operator === 'Add') return affine(writer, value, null, data);
  if (right!.varies) return null;
  if (operator === 'Sub')
    return affine(
      writer,
      value,
      null,
      Float64Array.from(data, (each) => -each),
    );
  return affine(
    writer,
    value,
    Float64Array.from(data, (each) => 1 / each),
    null,
  );
}
