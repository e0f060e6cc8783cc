import { describe, expect, it } from 'vitest';
import { quadSize } from './quad.js';
import { findTextLines, smallestRectangle } from './text-lines.js';

const [WIDTH, HEIGHT] = [160, 96];

/** A map on which a bar of the given size lies, turned by `degrees` about its middle. */
function bar(length: number, thickness: number, degrees: number, probability = 0.9): Float32Array {
  const map = new Float32Array(WIDTH * HEIGHT);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [x + 0.5 - WIDTH / 2, y + 0.5 - HEIGHT / 2];
      if (Math.abs(dx * cos + dy * sin) < length / 2 && Math.abs(dy * cos - dx * sin) < thickness / 2)
        map[y * WIDTH + x] = probability;
    }
  }
  return map;
}

describe('finding lines of text on a map', () => {
  it.each([0, 8, -20, 35, -40])('finds a bar turned by %d degrees, its corners in reading order', (degrees) => {
    const lines = findTextLines(bar(90, 14, degrees), WIDTH, HEIGHT);
    expect(lines).toHaveLength(1);
    const [a, b] = lines[0]!.quad;
    expect((Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI).toBeCloseTo(degrees, -0.5);
    const { length, height } = quadSize(lines[0]!.quad);
    // Grown by 1.5 * area / circumference on every side.
    const grown = (90 * 14 * 1.5) / (2 * (90 + 14));
    expect(length).toBeCloseTo(90 + 2 * grown, -1);
    expect(height).toBeCloseTo(14 + 2 * grown, -1);
  });

  it('keeps two bars apart', () => {
    const map = bar(60, 8, 0);
    map.set(map.subarray(40 * WIDTH, 56 * WIDTH), 10 * WIDTH);
    expect(findTextLines(map, WIDTH, HEIGHT)).toHaveLength(2);
  });

  it('leaves out what is unlikely, and specks', () => {
    expect(findTextLines(bar(60, 8, 0, 0.4), WIDTH, HEIGHT)).toEqual([]);
    expect(findTextLines(bar(2, 2, 0), WIDTH, HEIGHT)).toEqual([]);
    expect(findTextLines(new Float32Array(WIDTH * HEIGHT), WIDTH, HEIGHT)).toEqual([]);
  });

  it('takes a standing bar for a column, its first side still on top', () => {
    const [a, b, , d] = findTextLines(bar(10, 70, 0), WIDTH, HEIGHT)[0]!.quad;
    expect(a[1]).toBeCloseTo(b[1], 3);
    expect(d[1] - a[1]).toBeGreaterThan(70);
  });
});

describe('the smallest rectangle around points', () => {
  it('is the one along an edge of their hull', () => {
    const { width, height } = smallestRectangle([
      [0, 0],
      [30, 30],
      [25, 35],
      [-5, 5],
      [10, 12],
    ]);
    expect(Math.max(width, height)).toBeCloseTo(30 * Math.SQRT2, 6);
    expect(Math.min(width, height)).toBeCloseTo(5 * Math.SQRT2, 6);
  });
});
