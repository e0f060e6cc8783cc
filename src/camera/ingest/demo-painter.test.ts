import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DemoPainter, rgb, shade } from './demo-painter.js';

const WIDTH = 64;
const HEIGHT = 48;
const INK = [200, 90, 170] as const;

/** Paints on black with room around; returns the luma, and how many bytes outside were touched. */
function paint(shape: (painter: DemoPainter) => void): { luma: Uint8Array; strays: number } {
  const strides = [WIDTH + 8, WIDTH / 2 + 8, WIDTH / 2 + 8];
  const planes = strides.map((stride, p) => new Uint8Array(stride * (p === 0 ? HEIGHT : HEIGHT / 2)));
  const painter = new DemoPainter(WIDTH, HEIGHT);
  painter.target(planes, strides);
  shape(painter);
  let strays = 0;
  for (const [p, plane] of planes.entries())
    plane.forEach((value, at) => {
      if (at % strides[p]! >= (p === 0 ? WIDTH : WIDTH / 2) && value !== 0) strays++;
    });
  const luma = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) luma.set(planes[0]!.subarray(y * strides[0]!, y * strides[0]! + WIDTH), y * WIDTH);
  return { luma, strays };
}

const isInked = (luma: Uint8Array, x: number, y: number): boolean =>
  luma[Math.floor(y) * WIDTH + Math.floor(x)]! > INK[0] / 2;

const anywhere = fc.double({ min: -100, max: 160, noNaN: true });
const size = fc.double({ min: 0, max: 80, noNaN: true });

describe('shapes of the demo scene', () => {
  it('stay inside the picture wherever they are', () => {
    fc.assert(
      fc.property(anywhere, anywhere, size, anywhere, anywhere, size, (x1, y1, r1, x2, y2, r2) => {
        const shapes: ((painter: DemoPainter) => void)[] = [
          (painter) => painter.limb(x1, y1, r1, x2, y2, r2, INK),
          (painter) => painter.ellipse(x1, y1, r1, r2, INK),
          (painter) => painter.box(x1, y1, r1, r2, INK),
          (painter) => painter.polygon([x1, y1, x2, y2, r1, r2], INK),
        ];
        for (const shape of shapes) expect(paint(shape).strays).toBe(0);
      }),
    );
  });

  it('a limb covers both of its ends and what lies between them', () => {
    const inside = (most: number) => fc.double({ min: 12, max: most - 12, noNaN: true });
    const radius = fc.double({ min: 3, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        ...([inside(WIDTH), inside(HEIGHT), radius, inside(WIDTH), inside(HEIGHT), radius] as const),
        (x1, y1, r1, x2, y2, r2) => {
          const { luma } = paint((painter) => painter.limb(x1, y1, r1, x2, y2, r2, INK));
          for (const share of [0, 0.25, 0.5, 0.75, 1])
            expect(isInked(luma, x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)).toBe(true);
          // A corner of the picture is farther away than any radius.
          expect(luma[0]).toBe(0);
        },
      ),
    );
  });

  it('an ellipse has the area of an ellipse', () => {
    const { luma } = paint((painter) => painter.ellipse(32, 24, 20, 12, INK));
    const area = luma.reduce((sum, value) => sum + value / INK[0], 0);
    expect(area / (Math.PI * 20 * 12)).toBeCloseTo(1, 1);
  });

  it('colours are those of BT.601 in studio range', () => {
    expect(rgb(0xffffff)).toEqual([235, 128, 128]);
    expect(rgb(0x000000)).toEqual([16, 128, 128]);
    expect(rgb(0xff0000)).toEqual([81, 90, 240]);
    expect(shade(rgb(0xffffff), 40)).toEqual([235, 128, 128]);
    expect(shade(rgb(0x000000), -40)).toEqual([16, 128, 128]);
  });
});
