import type { Size } from './zone.js';

/** How far two aspect ratios may differ: encoders round sizes to macroblocks (1080 lines become 1088, 0.7 %). */
export const SHAPE_TOLERANCE = 0.01;

/** Whether normalised zones mean the same on both pictures: the aspect ratios differ by at most 1 %. Sizes are positive. */
export const sameShape = (a: Size, b: Size): boolean => {
  const ratio = (a.width * b.height) / (a.height * b.width);
  return Math.max(ratio, 1 / ratio) <= 1 + SHAPE_TOLERANCE;
};
