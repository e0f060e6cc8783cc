/**
 * A value on its way. It lies in memory as ONNX wants it, with TensorFlow's axes in another order; a transpose of TensorFlow's
 * is then nothing but another order, and none is written until somebody must have the axes as they were.
 */
export interface Value {
  /** ONNX's. */
  readonly name: string;
  /** TensorFlow's, before `pad`. */
  readonly shape: readonly number[];
  readonly order: Order;
  /** Added around by whoever takes it. Convolutions and pools take it for nothing. */
  readonly pad?: Padding;
  /** The convolution that it comes from, while constants can still go into its weights. */
  readonly convolution?: Convolution;
}

/** `order[i]` is TensorFlow's axis that lies on ONNX's axis i. */
export type Order = readonly number[];

export interface Padding {
  /** Per TensorFlow axis, before and after. */
  readonly amounts: readonly (readonly [number, number])[];
  readonly value: number;
}

/** Numbers that the operations after a convolution may still change. */
export interface Convolution {
  /** `[out, in, h, w]`, row-major. */
  readonly weights: Float32Array;
  /** `[out]`. */
  readonly bias: Float32Array;
}

/** NHWC, lying as NCHW. */
export const CHANNELS_FIRST: Order = [0, 3, 1, 2];

/** TensorFlow's own. */
export const naturalOrder = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

/** Whether two orders, or two shapes, are the same. */
export const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i]);
