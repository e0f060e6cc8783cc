import { expect, it } from 'vitest';
import { barPlot, cumulative, linePlot } from './svg-plot.js';

const summary = { low: 0.8, median: 0.9, high: 1, count: 5 };

/** Each opened element is closed, in order. */
const isWellFormed = (svg: string): boolean => {
  const open: string[] = [];
  for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!selfClosing) open.push(name!);
  }
  return open.length === 0;
};

it('draws a bar, its value, its bound and a reference', () => {
  const svg = barPlot('CPU', [{ label: 'gateway', summary, bound: 0.95 }], { reference: { at: 1, label: 'ffmpeg' } });
  expect(isWellFormed(svg)).toBe(true);
  for (const text of ['CPU', 'gateway', '0.90', 'ffmpeg']) expect(svg).toContain(`>${text}<`);
});

it('keeps text from being taken for markup', () => {
  const svg = barPlot('a < b & c', [{ label: '<script>', summary }]);
  expect(svg).toContain('a &lt; b &amp; c');
  expect(svg).not.toContain('<script>');
});

it('draws lines within the picture', () => {
  const svg = linePlot(
    'memory',
    [
      {
        label: 'worker',
        points: [
          [0, 90],
          [1, 110],
          [2, 100],
        ],
      },
    ],
    { x: 'min', y: 'MB', bound: 150 },
  );
  expect(isWellFormed(svg)).toBe(true);
  const [, points] = /<polyline points="([^"]+)"/.exec(svg)!;
  for (const point of points!.split(' ')) {
    const [x, y] = point.split(',').map(Number) as [number, number];
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(860);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(340);
  }
});

it('reaches every picture in a cumulative line', () => {
  const line = cumulative(Array.from({ length: 1000 }, (_, i) => 1000 - i));
  expect(line[0]![0]).toBe(1);
  expect(line.at(-1)).toEqual([1000, 100]);
});
