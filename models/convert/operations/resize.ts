import type { Operation } from '../operation.js';
import type { TfAttributes } from '../tf-graph.js';
import { CHANNELS_FIRST, type Value } from '../value.js';

/** To a size that TensorFlow names; where the picture's is open, by the factor that it comes to. */
export function resizeBilinear(operation: Operation): Value {
  const { attributes, shape, openSides, writer } = operation;
  const value = writer.ordered(operation.input(0), CHANNELS_FIRST);
  const sizes = CHANNELS_FIRST.map((axis) => shape[axis]!);
  const factors = CHANNELS_FIRST.map((axis) => shape[axis]! / value.shape[axis]!);
  const to = openSides
    ? ['', writer.floats('size', [factors.length], factors)]
    : ['', '', writer.integers('size', sizes)];
  const name = writer.emit('Resize', [value.name, ...to], {
    mode: 'linear',
    coordinate_transformation_mode: gridOf(attributes),
  });
  return { name, shape, order: CHANNELS_FIRST };
}

function gridOf(attributes: TfAttributes): string {
  if (attributes.flag('align_corners')) return 'align_corners';
  return attributes.flag('half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}
