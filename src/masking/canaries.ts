/**
 * Canary pixels: places of a zone that must be masked, found without the rasteriser, so that it is checked too.
 *
 * - one pixel for each pixel row that an edge runs through (both outlines of every row), so that no row can be left out;
 * - the corners of the padding around every point, and each padding row above the highest and below the lowest point;
 * - a jittered grid over the inside, so that no block of pixels is regular enough to slip through.
 */
import type { Zone } from '../zones/zone.js';
import { containsPoint } from './polygon.js';
import { CHROMA_BLOCK, covers, type RowSpans } from './raster.js';

/** The canary pixels of one layer, zone by zone. Both chroma planes share theirs. */
export interface Canaries {
  readonly luma: CanaryPixels;
  readonly chroma: CanaryPixels;
}

/** Pixels of a plane: `x[i]`, `y[i]` in that plane's own pixels. */
export interface CanaryPixels {
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** Index into the plan's `zones`: whose canary it is. */
  readonly zone: Uint16Array;
  /** 1 where the layer reaches `INNER_MARGIN` further in every direction, so that a lossy codec leaves the pixel alone; else 0. */
  readonly inner: Uint8Array;
}

/**
 * Luma pixels that an edge of the mask reaches inwards once it is coded: a transform block of H.264 and a usual one of H.265
 * (16x16); deblocking stays within (H.264 section 8.7: 3 pixels).
 */
const INNER_MARGIN = 16;

/** Points of the jittered grid over a zone's bounding box, in each direction. */
const GRID = 12;
/** On flat edges one canary each so many columns: a chroma block row is never left out for less. */
const COLUMNS_A_STEP = 16;
/** Per zone: keeps the check of a whole frame under 0.1 ms. Of more, every n-th is kept. */
const MOST_PER_ZONE = 4096;

/** The canaries of one zone as `[x, y]` luma pixels of a `width` x `height` picture, top to bottom, none twice. */
export function chooseCanaries(zone: Zone, width: number, height: number): readonly (readonly [number, number])[] {
  const pixels = new Set<number>();
  const points = zone.polygon.map(([x, y]) => [x * width, y * height] as const);
  /** Takes the pixel at a point in pixels; one on the far border belongs to the last pixel, one beyond it to none. */
  const take = (x: number, y: number) => {
    if (x < 0 || y < 0 || x > width || y > height) return;
    pixels.add(Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x)));
  };
  const takePadded = (x: number, y: number) => {
    take(x, y);
    for (const dx of [-zone.padding, zone.padding]) {
      for (const dy of [-zone.padding, zone.padding]) take(x + dx, y + dy);
    }
  };
  for (let i = 0; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i]!, points[(i + 1) % points.length]!];
    takePadded(x0, y0);
    const steps = Math.ceil(Math.max(Math.abs(y1 - y0), Math.abs(x1 - x0) / COLUMNS_A_STEP, 1));
    for (let step = 1; step < steps; step++) take(x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps);
  }
  const highest = points.reduce((a, b) => (b[1] < a[1] ? b : a));
  const lowest = points.reduce((a, b) => (b[1] > a[1] ? b : a));
  for (let k = 1; k <= zone.padding; k++) {
    take(highest[0], highest[1] - k);
    take(lowest[0], lowest[1] + k);
  }
  takeInside(zone, width, height, take);
  const sorted = [...pixels].sort((a, b) => a - b);
  const every = Math.ceil(sorted.length / MOST_PER_ZONE);
  return sorted.filter((_, i) => i % every === 0).map((pixel) => [pixel % width, Math.floor(pixel / width)] as const);
}

function takeInside(zone: Zone, width: number, height: number, take: (x: number, y: number) => void): void {
  const xs = zone.polygon.map(([x]) => x);
  const ys = zone.polygon.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = left + ((right - left) * (column + jitter(row * GRID + column, 0))) / GRID;
      const y = top + ((bottom - top) * (row + jitter(row * GRID + column, 1))) / GRID;
      if (containsPoint(zone.polygon, [x, y])) take(x * width, y * height);
    }
  }
}

/** A fixed number in [0, 1) for point `i`: the R2 low-discrepancy sequence (Roberts 2018), even over the plane, never a grid. */
const jitter = (i: number, axis: 0 | 1): number =>
  ((i + 1) * (axis === 0 ? 0.7548776662466927 : 0.5698402909980532)) % 1;

/** Packs the canaries (`[x, y, zone]`, luma pixels) of a layer that covers `spans`. */
export function packCanaries(pixels: readonly (readonly [number, number, number])[], spans: RowSpans): Canaries {
  const samples = new Map<string, readonly [number, number, number]>();
  for (const [x, y, zone] of pixels) {
    const [sampleX, sampleY] = [Math.floor(x / CHROMA_BLOCK), Math.floor(y / CHROMA_BLOCK)];
    samples.set(`${sampleX},${sampleY},${zone}`, [sampleX, sampleY, zone]);
  }
  return { luma: pack(pixels, 1, spans), chroma: pack([...samples.values()], CHROMA_BLOCK, spans) };
}

/** @param scale luma pixels on a side of one of the plane's pixels */
function pack(pixels: readonly (readonly [number, number, number])[], scale: number, spans: RowSpans): CanaryPixels {
  const isInner = ([x, y]: readonly [number, number, number]) =>
    [-INNER_MARGIN, 0, INNER_MARGIN].every((dx) =>
      [-INNER_MARGIN, 0, INNER_MARGIN].every((dy) =>
        covers(spans, clamp(x * scale + dx, spans.width), clamp(y * scale + dy, spans.height)),
      ),
    );
  return {
    x: Uint16Array.from(pixels, ([x]) => x),
    y: Uint16Array.from(pixels, ([, y]) => y),
    zone: Uint16Array.from(pixels, ([, , zone]) => zone),
    inner: Uint8Array.from(pixels, (pixel) => (isInner(pixel) ? 1 : 0)),
  };
}

const clamp = (at: number, size: number): number => Math.max(0, Math.min(size - 1, at));
