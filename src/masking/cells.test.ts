import { describe, expect, it } from 'vitest';
import { cellSize, gridOver, measureCells } from './cells.js';
import { noisePicture } from './picture.fixture.js';
import { rasterize } from './raster.js';

/** A rectangle in pixels of a 1000x1000 picture. */
const rectangle = (left: number, top: number, width: number, height: number) =>
  rasterize(
    [
      [left, top],
      [left + width, top],
      [left + width, top + height],
      [left, top + height],
    ].map(([x, y]) => [x! / 1000, y! / 1000] as const),
    1000,
    1000,
    0,
  );

describe('cells', () => {
  it('are a 24th of the zone on its short side, even, and never under 16 pixels', () => {
    expect(cellSize(rectangle(101, 101, 700, 477))).toBe(20);
    expect(cellSize(rectangle(101, 101, 477, 700))).toBe(20);
    expect(cellSize(rectangle(101, 101, 600, 482))).toBe(22);
    expect(cellSize(rectangle(101, 101, 30, 700))).toBe(16);
  });

  it('lie where the picture says, whatever the zone, so that they keep still when a zone moves', () => {
    const [here, there] = [rectangle(101, 101, 200, 200), rectangle(108, 109, 200, 200)].map((spans) =>
      gridOver(spans, 16, 0),
    );
    const picture = noisePicture(1000, 1000, 3);
    for (const grid of [here!, there!]) measureCells(grid, picture);
    const shared = here!.used.filter((cell) => there!.used.includes(cell));
    expect(shared.length).toBeGreaterThan(100);
    for (const cell of shared) expect(here!.means[0][cell]).toBe(there!.means[0][cell]);
  });

  it('are means over the whole cell also where a zone covers two pixels of it', () => {
    const grid = gridOver(rectangle(0.5, 0.5, 0.1, 0.1), 20, 0);
    const picture = noisePicture(1000, 1000, 4);
    measureCells(grid, picture);
    expect([...grid.used]).toEqual([0]);
    let sum = 0;
    for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) sum += picture.planes[0].data[y * 1000 + x]!;
    expect(grid.means[0][0]).toBe(Math.round(sum / 400));
    sum = 0;
    for (let y = 0; y < 10; y++) for (let x = 0; x < 10; x++) sum += picture.planes[2].data[y * 500 + x]!;
    expect(grid.means[2][0]).toBe(Math.round(sum / 100));
  });

  it('take in what is left over at the far borders, so that none is smaller than the others', () => {
    const grid = gridOver(rectangle(999, 999, 1, 1), 48, 0);
    expect([grid.columns, grid.rows]).toEqual([20, 20]);
    const picture = noisePicture(1000, 1000, 5);
    picture.planes[0].data.fill(0);
    for (let y = 912; y < 956; y++) picture.planes[0].data.fill(100, y * 1000 + 912, y * 1000 + 956);
    for (let y = 956; y < 1000; y++) picture.planes[0].data.fill(200, y * 1000 + 912, y * 1000 + 956);
    measureCells(grid, picture);
    expect([...grid.used]).toEqual([399]);
    expect(grid.means[0][399]).toBe(75);
  });

  it('are one in a picture that is smaller than a cell', () => {
    const grid = gridOver(
      rasterize(
        [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
        10,
        8,
        0,
      ),
      16,
      1,
    );
    expect([grid.columns, grid.rows, ...grid.used]).toEqual([1, 1, 0]);
  });
});
