/**
 * How far a lossy codec moves canary pixels, masked and not: what the tolerances of src/masking/decode-back.ts rest on.
 * Needs `ffmpeg` on the path and `video/vtest.mp4` in $VEILGATE_DATA (default ../shared/data).
 *
 *     npx tsx benchmarks/masking/decode-back.bench.ts
 */
import { execFileSync } from 'node:child_process';
import { Masker } from '../../src/masking/masked-frame.js';
import type { Picture } from '../../src/masking/picture.js';
import { compileMask, type MaskPlan } from '../../src/masking/plan.js';
import { canariesOf } from '../../src/masking/self-test.js';
import { DEFAULT_PADDING_PX, ZONE_STYLES, type Zone } from '../../src/zones/zone.js';

const [WIDTH, HEIGHT, FRAMES] = [768, 576, 30];
const FRAME_BYTES = (WIDTH * HEIGHT * 3) / 2;
const CODECS = [
  ['libx264', '2M'],
  ['libx264', '300k'],
  ['libx264', '50k'],
  ['libx265', '50k'],
] as const;
const RAW = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p'];
const footage = `${process.env.VEILGATE_DATA ?? '../shared/data'}/video/vtest.mp4`;

const ffmpeg = (args: readonly string[], input?: Buffer): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', ...args, 'pipe:1'], { input, maxBuffer: 2 ** 30 });

const zone = (style: Zone['style']): Zone => ({
  id: 'zone',
  kind: 'private',
  polygon: [
    [0.2, 0.3],
    [0.7, 0.2],
    [0.8, 0.8],
    [0.3, 0.7],
  ],
  action: 'mask',
  style,
  padding: DEFAULT_PADDING_PX,
});

function frameOf(video: Buffer, index: number): Picture {
  const luma = index * FRAME_BYTES;
  const u = luma + WIDTH * HEIGHT;
  const v = u + (WIDTH * HEIGHT) / 4;
  const plane = (from: number, to: number, stride: number) => ({ data: video.subarray(from, to), stride });
  const planes = [plane(luma, u, WIDTH), plane(u, v, WIDTH / 2), plane(v, luma + FRAME_BYTES, WIDTH / 2)] as const;
  return { width: WIDTH, height: HEIGHT, fullRange: false, planes };
}

function masked(video: Buffer, plan: MaskPlan): Buffer {
  const copy = Buffer.from(video);
  for (let i = 0; i < FRAMES; i++) {
    const canvas = frameOf(copy, i);
    const masker = new Masker(canvas, () => canvas.planes);
    masker.load(() => undefined);
    masker.mask(plan);
  }
  return copy;
}

/** Through the codec and back. */
function coded(video: Buffer, codec: string, bitrate: string): Buffer {
  const rate = ['-b:v', bitrate, '-maxrate', bitrate, '-bufsize', bitrate];
  const tuning = ['-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15'];
  const size = ['-s', `${WIDTH}x${HEIGHT}`, '-r', '25'];
  const quiet = codec === 'libx265' ? ['-x265-params', 'log-level=none'] : [];
  const stream = ffmpeg(
    [...RAW, ...size, '-i', 'pipe:0', '-c:v', codec, ...tuning, ...rate, ...quiet, '-f', 'matroska'],
    video,
  );
  return ffmpeg(['-i', 'pipe:0', ...RAW], stream);
}

/** Over all frames: the largest deviation of an inner canary, and the least and largest mean of a frame. */
function deviation(plan: MaskPlan, canvas: Buffer, decoded: Buffer, p: 0 | 1 | 2): string {
  const { x, y, inner } = canariesOf(plan.layers[0]!, p);
  let largest = 0;
  const means: number[] = [];
  for (let i = 0; i < FRAMES; i++) {
    const [expected, seen] = [frameOf(canvas, i).planes[p], frameOf(decoded, i).planes[p]];
    const deviations = [...x.keys()]
      .filter((canary) => inner[canary] === 1)
      .map((canary) => y[canary]! * expected.stride + x[canary]!)
      .map((at) => Math.abs(expected.data[at]! - seen.data[at]!));
    largest = Math.max(largest, ...deviations);
    means.push(deviations.reduce((sum, each) => sum + each, 0) / deviations.length);
  }
  return `max ${largest}, mean ${Math.min(...means).toFixed(1)} to ${Math.max(...means).toFixed(1)}`;
}

const raw = ffmpeg(['-ss', '5', '-i', footage, '-frames:v', String(FRAMES), ...RAW]);
const rows = ZONE_STYLES.flatMap((style) => {
  const plan = compileMask([zone(style)], WIDTH, HEIGHT, false);
  const canvas = masked(raw, plan);
  return CODECS.flatMap(([codec, bitrate]) =>
    [canvas, raw].map((input) => {
      const decoded = coded(input, codec, bitrate);
      const [luma, u, v] = ([0, 1, 2] as const).map((p) => deviation(plan, canvas, decoded, p));
      return { style, codec, bitrate, input: input === raw ? 'raw' : 'masked', luma, u, v };
    }),
  );
});
console.table(rows);
