import {
  AV_PIX_FMT_GBRP,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_GRAY10LE,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_RANGE_UNSPECIFIED,
  type AVColorRange,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietEngineLog } from '../engine-log.js';
import { Canvas, isFullRange } from './canvas.js';

interface Sample {
  readonly name: string;
  readonly format: AVPixelFormat;
  readonly range: AVColorRange;
  /** Of each plane, in the format's own depth; of RGB24 the three bytes of a pixel. */
  readonly levels: readonly number[];
  readonly depth?: 8 | 10;
  readonly expected: readonly [y: number, u: number, v: number];
}

/** Blacks and colours that a range conversion, or one left out, would move. */
const SAMPLES: readonly Sample[] = [
  {
    name: 'yuv420p',
    format: AV_PIX_FMT_YUV420P,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [16, 100, 200],
    expected: [16, 100, 200],
  },
  {
    name: 'yuv420p that is full range by its flag',
    format: AV_PIX_FMT_YUV420P,
    range: AVCOL_RANGE_JPEG,
    levels: [0, 100, 200],
    expected: [0, 100, 200],
  },
  {
    name: 'yuvj420p',
    format: AV_PIX_FMT_YUVJ420P,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [0, 100, 200],
    expected: [0, 100, 200],
  },
  {
    name: 'yuv422p',
    format: AV_PIX_FMT_YUV422P,
    range: AVCOL_RANGE_MPEG,
    levels: [16, 100, 200],
    expected: [16, 100, 200],
  },
  {
    name: 'yuv422p that is full range by its flag',
    format: AV_PIX_FMT_YUV422P,
    range: AVCOL_RANGE_JPEG,
    levels: [0, 100, 200],
    expected: [0, 100, 200],
  },
  {
    name: 'yuvj422p',
    format: AV_PIX_FMT_YUVJ422P,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [0, 100, 200],
    expected: [0, 100, 200],
  },
  {
    name: 'yuv444p',
    format: AV_PIX_FMT_YUV444P,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [235, 100, 200],
    expected: [235, 100, 200],
  },
  { name: 'nv12', format: AV_PIX_FMT_NV12, range: AVCOL_RANGE_MPEG, levels: [16, 90], expected: [16, 90, 90] },
  {
    name: 'nv12 in full range',
    format: AV_PIX_FMT_NV12,
    range: AVCOL_RANGE_JPEG,
    levels: [0, 90],
    expected: [0, 90, 90],
  },
  {
    name: '10 bit',
    format: AV_PIX_FMT_YUV420P10LE,
    range: AVCOL_RANGE_MPEG,
    levels: [64, 400, 800],
    depth: 10,
    expected: [16, 100, 200],
  },
  {
    name: '10 bit in full range',
    format: AV_PIX_FMT_YUV420P10LE,
    range: AVCOL_RANGE_JPEG,
    levels: [0, 400, 800],
    depth: 10,
    expected: [0, 100, 200],
  },
  { name: 'grey', format: AV_PIX_FMT_GRAY8, range: AVCOL_RANGE_MPEG, levels: [16], expected: [16, 128, 128] },
  {
    name: 'grey that does not say its range',
    format: AV_PIX_FMT_GRAY8,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [16],
    expected: [16, 128, 128],
  },
  {
    name: 'grey in full range',
    format: AV_PIX_FMT_GRAY8,
    range: AVCOL_RANGE_JPEG,
    levels: [3],
    expected: [3, 128, 128],
  },
  {
    name: 'grey in 10 bit',
    format: AV_PIX_FMT_GRAY10LE,
    range: AVCOL_RANGE_MPEG,
    levels: [64],
    depth: 10,
    expected: [16, 128, 128],
  },
  {
    name: 'planar RGB (red)',
    format: AV_PIX_FMT_GBRP,
    range: AVCOL_RANGE_JPEG,
    levels: [0, 0, 255],
    expected: [76, 84, 255],
  },
  {
    name: 'packed RGB (red)',
    format: AV_PIX_FMT_RGB24,
    range: AVCOL_RANGE_UNSPECIFIED,
    levels: [255, 0, 0],
    expected: [81, 90, 240],
  },
];

function frameOf({ format, range, levels, depth = 8 }: Sample, width: number, height: number): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = format;
  frame.width = width;
  frame.height = height;
  frame.allocBuffer();
  frame.colorRange = range;
  const planes = frame.data!.filter((plane) => plane && plane.length > 0);
  for (const [index, plane] of planes.entries()) {
    if (format === AV_PIX_FMT_RGB24) plane.fill(Buffer.from(levels));
    else if (depth === 8) plane.fill(levels[index]!);
    else for (let at = 0; at + 1 < plane.length; at += 2) plane.writeUInt16LE(levels[index]!, at);
  }
  return frame;
}

/** The values in a canvas's planes, each once. */
const valuesOf = ({ planes, width, height }: Canvas): number[][] =>
  planes.map(({ data, stride }, p) => {
    const [columns, rows] = p === 0 ? [width, height] : [width / 2, height / 2];
    const seen = new Set<number>();
    for (let y = 0; y < rows; y++) for (const value of data.subarray(y * stride, y * stride + columns)) seen.add(value);
    return [...seen];
  });

beforeAll(quietEngineLog);

describe('what a camera sends becomes 8-bit 4:2:0 in its own range', () => {
  it.each(SAMPLES)('$name', (sample) => {
    using frame = frameOf(sample, 66, 34);
    using canvas = new Canvas(66, 34, isFullRange(frame));
    canvas.load(frame);
    // Dithering and rounding move a level by one.
    for (const [p, values] of valuesOf(canvas).entries())
      for (const value of values) expect(Math.abs(value - sample.expected[p]!), `plane ${p}`).toBeLessThanOrEqual(1);
  });

  it.each(SAMPLES)('$name of an odd size loses its last column and row', (sample) => {
    using frame = frameOf(sample, 67, 35);
    using canvas = new Canvas(67, 35, isFullRange(frame));
    expect(canvas.fits(frame)).toBe(true);
    canvas.load(frame);
    expect([canvas.width, canvas.height]).toEqual([66, 34]);
    expect(valuesOf(canvas)[0]!.every((value) => Math.abs(value - sample.expected[0]) <= 1)).toBe(true);
  });

  it('a frame of another size or range needs another canvas', () => {
    using canvas = new Canvas(64, 32, false);
    const sample = SAMPLES[0]!;
    using larger = frameOf(sample, 66, 32);
    using full = frameOf({ ...sample, range: AVCOL_RANGE_JPEG }, 64, 32);
    using same = frameOf(sample, 64, 32);
    expect([larger, full, same].map((frame) => canvas.fits(frame))).toEqual([false, false, true]);
  });

  it('formats may change from frame to frame', () => {
    using canvas = new Canvas(64, 32, false);
    const studio = SAMPLES.filter(({ range, name }) => range !== AVCOL_RANGE_JPEG && !name.startsWith('yuvj'));
    for (const sample of [...studio, ...studio.toReversed()]) {
      using frame = frameOf(sample, 64, 32);
      canvas.load(frame);
      expect(Math.abs(canvas.planes[0].data[0]! - sample.expected[0]), sample.name).toBeLessThanOrEqual(1);
    }
  });
});
