import { expect, test } from 'vitest';
import { sameShape } from './geometry.js';

test('two sizes of one shape may differ in resolution', () => {
  expect(sameShape({ width: 640, height: 360 }, { width: 1920, height: 1080 })).toBe(true);
});

test('an encoder that rounds 1080 lines up to 1088 keeps the shape', () => {
  expect(sameShape({ width: 1920, height: 1080 }, { width: 1920, height: 1088 })).toBe(true);
});

test('4:3 is not 16:9, 16:9 is not 16:10, and portrait is not landscape', () => {
  expect(sameShape({ width: 640, height: 480 }, { width: 1920, height: 1080 })).toBe(false);
  expect(sameShape({ width: 1920, height: 1200 }, { width: 1920, height: 1080 })).toBe(false);
  expect(sameShape({ width: 1080, height: 1920 }, { width: 1920, height: 1080 })).toBe(false);
});
