/** Row-major numbers with their axes in another order: `axes[i]` is the old axis that becomes axis i. */
export function reordered(data: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const result = new Float32Array(data.length);
  const index = axes.map(() => 0);
  for (let to = 0; to < result.length; to++) {
    let from = 0;
    for (let i = 0; i < axes.length; i++) from += index[i]! * strides[axes[i]!]!;
    result[to] = data[from]!;
    for (let i = axes.length - 1; i >= 0; i--) {
      if (++index[i]! < shape[axes[i]!]!) break;
      index[i] = 0;
    }
  }
  return result;
}
