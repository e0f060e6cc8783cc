import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietEngineLog } from '../../src/camera/engine-log.js';
import { type MaskFileJob, maskFile } from '../../src/camera/offline.js';
import type { VideoCodec } from '../../src/rtsp/published-stream.js';
import { displayOrientation, insertSei, type SeiMessage } from '../support/sei.js';
import { judge, paintTestCard, SECRET_ZONE } from '../support/test-card.js';
import { decodeFrames, ffmpeg, ffprobe, frameTimes, type Matrix, setDisplayMatrix } from '../support/video-file.js';

/** Frames of every source here. */
const FRAMES = 20;
const FPS = 25;

/** A file's clock may be as coarse as 1/1000 s. */
const TIME_TOLERANCE = 0.0011;

/** So that what the encoder makes of the picture is not what is tested. bits/s. */
const BITRATE = 6_000_000;

interface Case {
  readonly name: string;
  /** Of the displayed test card. */
  readonly size?: readonly [width: number, height: number];
  readonly extension: string;
  /** Arguments of ffmpeg that make the source from the test card. */
  readonly make: readonly string[];
  readonly fullRange?: boolean;
  readonly grey?: boolean;
  /** Of the output's pixels. */
  readonly pixels?: string;
  /** What is done to the source after it was made. */
  readonly edit?: (path: string) => Promise<void>;
  /** When each frame is to be shown, s, where the source itself cannot tell. */
  readonly times?: (n: number) => number;
}

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12'];
const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '12', '-x265-params', 'log-level=none'];
const MJPEG = ['-c:v', 'mjpeg', '-q:v', '2'];
/** The card is studio range: a full-range source is made of it. */
const toFull = (format: string): string[] => [
  '-vf',
  `scale=in_range=tv:out_range=pc,format=${format}`,
  '-color_range',
  'pc',
];

const CASES: readonly Case[] = [
  {
    name: 'H.264 4:2:0 with B-frames',
    extension: 'mp4',
    make: [...X264, '-bf', '3', '-g', '10', '-pix_fmt', 'yuv420p'],
  },
  { name: 'H.264 in a transport stream', extension: 'ts', make: [...X264, '-bf', '2', '-pix_fmt', 'yuv420p'] },
  { name: 'H.264 4:2:0 in full range', extension: 'mp4', make: [...toFull('yuvj420p'), ...X264], fullRange: true },
  { name: 'H.264 4:2:2', extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv422p'] },
  { name: 'H.264 4:2:2 in full range', extension: 'mp4', make: [...toFull('yuvj422p'), ...X264], fullRange: true },
  { name: 'H.264 4:4:4', extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv444p'] },
  {
    name: 'H.264 RGB',
    extension: 'mp4',
    make: ['-c:v', 'libx264rgb', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'rgb24'],
    fullRange: true,
  },
  { name: 'H.264 in 10 bit', extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv420p10le'] },
  { name: 'H.264 4:2:2 in 10 bit', extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv422p10le'] },
  {
    name: 'H.264 in grey',
    extension: 'mp4',
    make: ['-vf', 'extractplanes=y', '-color_range', 'tv', ...X264],
    grey: true,
  },
  {
    name: 'H.264 in grey, full range',
    extension: 'mp4',
    make: [...toFull('gray'), ...X264],
    grey: true,
    fullRange: true,
  },
  {
    name: 'H.264 in grey, 10 bit, full range',
    extension: 'mp4',
    make: [...toFull('gray10le'), ...X264],
    grey: true,
    fullRange: true,
  },
  { name: 'H.265', extension: 'mp4', make: [...X265, '-pix_fmt', 'yuv420p'] },
  { name: 'H.265 in 10 bit', extension: 'mp4', make: [...X265, '-pix_fmt', 'yuv420p10le'] },
  { name: 'H.265 in 10 bit, full range', extension: 'mp4', make: [...toFull('yuv420p10le'), ...X265], fullRange: true },
  { name: 'H.265 4:2:2 in full range', extension: 'mp4', make: [...toFull('yuvj422p'), ...X265], fullRange: true },
  { name: 'MJPEG 4:2:0', extension: 'avi', make: [...MJPEG, '-pix_fmt', 'yuvj420p'], fullRange: true },
  { name: 'MJPEG 4:2:2', extension: 'avi', make: [...MJPEG, '-pix_fmt', 'yuvj422p'], fullRange: true },
  { name: 'MJPEG 4:4:4', extension: 'avi', make: [...MJPEG, '-pix_fmt', 'yuvj444p'], fullRange: true },
  {
    name: 'MJPEG of an odd size',
    size: [641, 361],
    extension: 'avi',
    make: [...MJPEG, '-pix_fmt', 'yuvj420p'],
    fullRange: true,
  },
  {
    name: 'MJPEG 4:2:2 of an odd size',
    size: [641, 361],
    extension: 'avi',
    make: [...MJPEG, '-pix_fmt', 'yuvj422p'],
    fullRange: true,
  },
  {
    name: 'VP9',
    extension: 'webm',
    make: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-crf', '12', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'VP9 in full range',
    extension: 'webm',
    make: [...toFull('yuv420p'), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-crf', '12'],
    fullRange: true,
  },
  {
    name: 'MPEG-4 Part 2 with B-frames',
    times: (n) => n / FPS,
    extension: 'avi',
    make: ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '2'],
  },
  { name: 'MPEG-2, interlaced', extension: 'ts', make: ['-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct'] },
  {
    name: 'H.264, interlaced',
    extension: 'mp4',
    make: [...X264, '-flags', '+ilme+ildct', '-x264-params', 'tff=1', '-pix_fmt', 'yuv420p'],
  },
  { name: 'NV12 without a codec', extension: 'nut', make: ['-c:v', 'rawvideo', '-pix_fmt', 'nv12'] },
  { name: 'PNG pictures', fullRange: true, extension: 'mov', make: ['-c:v', 'png', '-pix_fmt', 'rgb24'] },
  { name: 'a cropped SPS', size: [1914, 1076], extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv420p'] },
  { name: 'a very small picture', size: [160, 90], extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv420p'] },
  {
    name: 'pixels that are not square',
    extension: 'mp4',
    make: ['-vf', 'setsar=4/3', ...X264, '-pix_fmt', 'yuv420p'],
    pixels: '4:3',
  },
  {
    name: 'pixels that are not square by the container alone',
    extension: 'mkv',
    make: ['-vf', 'setsar=8/9', '-c:v', 'mpeg4', '-q:v', '2'],
    pixels: '8:9',
  },
];

const shownBy =
  (matrix: Matrix) =>
  (path: string): Promise<void> =>
    setDisplayMatrix(path, matrix);

const QUARTER: Matrix = [0, 1, -1, 0];

/** Puts messages into an elementary stream. */
const withSei =
  (codec: VideoCodec, messages: readonly SeiMessage[], where: 'keyframes' | 'all') =>
  async (path: string): Promise<void> =>
    writeFile(path, insertSei(await readFile(path), codec, messages, where));

/** Each undoes what was done to the card. */
const ROTATIONS: readonly Case[] = [
  {
    name: 'to be turned right',
    extension: 'mp4',
    make: ['-vf', 'transpose=cclock', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy(QUARTER),
  },
  {
    name: 'upside down',
    extension: 'mp4',
    make: ['-vf', 'hflip,vflip', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([-1, 0, 0, -1]),
  },
  {
    name: 'to be turned left',
    extension: 'mp4',
    make: ['-vf', 'transpose=clock', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([0, -1, 1, 0]),
  },
  {
    name: 'mirrored',
    extension: 'mp4',
    make: ['-vf', 'hflip', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([-1, 0, 0, 1]),
  },
  {
    name: 'flipped',
    extension: 'mp4',
    make: ['-vf', 'vflip', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([1, 0, 0, -1]),
  },
  {
    name: 'transposed',
    extension: 'mp4',
    make: ['-vf', 'transpose=cclock_flip', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([0, 1, 1, 0]),
  },
  {
    name: 'transposed over the other diagonal',
    extension: 'mp4',
    make: ['-vf', 'transpose=clock_flip', ...X264, '-pix_fmt', 'yuv420p'],
    edit: shownBy([0, -1, -1, 0]),
  },
  {
    name: '4:2:2 in full range',
    extension: 'mp4',
    make: ['-vf', 'transpose=cclock,scale=in_range=tv:out_range=pc,format=yuvj422p', ...X264],
    fullRange: true,
    edit: shownBy(QUARTER),
  },
  {
    name: 'H.265 in 10 bit and full range',
    extension: 'mp4',
    make: ['-vf', 'transpose=cclock,scale=in_range=tv:out_range=pc,format=yuv420p10le', '-color_range', 'pc', ...X265],
    fullRange: true,
    edit: shownBy(QUARTER),
  },
  {
    name: 'MJPEG in MP4',
    extension: 'mp4',
    make: ['-vf', 'transpose=cclock,format=yuvj420p', ...MJPEG],
    fullRange: true,
    edit: shownBy(QUARTER),
  },
  {
    name: 'pixels that are not square',
    extension: 'mp4',
    make: ['-vf', 'setsar=4/3,transpose=cclock', ...X264, '-pix_fmt', 'yuv420p'],
    pixels: '4:3',
    edit: shownBy(QUARTER),
  },
  {
    name: 'mirrored by the stream itself',
    extension: 'h264',
    make: ['-vf', 'hflip', ...X264, '-g', '8', '-pix_fmt', 'yuv420p'],
    edit: withSei('h264', [displayOrientation(true, 0)], 'keyframes'),
  },
  {
    name: 'turned by the stream itself',
    extension: 'h264',
    make: ['-vf', 'transpose=clock', ...X264, '-g', '8', '-bf', '2', '-pix_fmt', 'yuv420p'],
    edit: withSei('h264', [displayOrientation(false, 1)], 'keyframes'),
  },
  {
    name: 'turned by an H.265 stream itself',
    extension: 'hevc',
    make: ['-vf', 'transpose=cclock', ...X265, '-g', '8', '-pix_fmt', 'yuv420p'],
    edit: withSei('h265', [displayOrientation(false, 3)], 'keyframes'),
  },
];

const TIMES: readonly Case[] = [
  {
    name: 'a variable frame rate',
    extension: 'mp4',
    make: [
      '-vf',
      "setpts='(N+floor(N/3)*2+floor(N/7))/25/TB'",
      '-fps_mode',
      'vfr',
      ...X264,
      '-bf',
      '2',
      '-pix_fmt',
      'yuv420p',
    ],
  },
  {
    name: 'a pause of half a minute',
    extension: 'mkv',
    make: ['-vf', "setpts='(N+gte(N,9)*750)/25/TB'", '-fps_mode', 'vfr', ...X264, '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'no timestamps, with B-frames',
    extension: 'h264',
    make: [...X264, '-bf', '3', '-pix_fmt', 'yuv420p'],
    times: (n) => n / FPS,
  },
  {
    name: 'no timestamps, H.265 with B-frames',
    extension: 'hevc',
    make: [...X265, '-bf', '3', '-pix_fmt', 'yuv420p'],
    times: (n) => n / FPS,
  },
  {
    name: 'decoding times alone (AVI with B-frames)',
    extension: 'avi',
    make: [...X264, '-bf', '2', '-pix_fmt', 'yuv420p'],
    times: (n) => n / FPS,
  },
];

let folder: string;

beforeAll(async () => {
  quietEngineLog();
  folder = await mkdtemp(join(tmpdir(), 'veilgate-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);

let made = 0;

/** Codes the test card as the case has it. Returns the path. */
async function makeSource({ size = [640, 360], extension, make, edit }: Case): Promise<string> {
  const [width, height] = size;
  const card = inFolder(`card-${width}x${height}.yuv`);
  await writeFile(card, Buffer.concat(Array.from({ length: FRAMES }, (_, n) => paintTestCard(n, width, height))));
  const path = inFolder(`source-${made++}.${extension}`);
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv444p', '-s', `${width}x${height}`, '-r', String(FPS), '-i', card];
  await ffmpeg(...input, ...make, path);
  await edit?.(path);
  return path;
}

const maskCard = async (input: string, options: Partial<MaskFileJob> = {}) => {
  const output = `${input}.masked.mp4`;
  const job = { input, output, zones: [SECRET_ZONE], codec: 'h264', bitrate: BITRATE, hardware: false } as const;
  return { output, summary: await maskFile({ ...job, ...options }) };
};

/** Decodes the output with ffmpeg and looks at every frame. */
async function expectMasked(output: string, { size = [640, 360], fullRange = false, grey = false, pixels }: Case) {
  const [width, height] = [size[0] & ~1, size[1] & ~1];
  const { video, streams } = await ffprobe(output);
  expect(streams).toHaveLength(1);
  expect(video).toMatchObject({ width, height, pix_fmt: fullRange ? 'yuvj420p' : 'yuv420p' });
  expect(video.side_data_list).toBeUndefined();
  if (pixels) expect(video.sample_aspect_ratio).toBe(pixels);
  const frames = await decodeFrames(output, width, height);
  const judged = frames.map((frame) => judge(frame, { width, height, fullRange, grey }));
  expect(judged.flatMap(({ faults, frame }) => faults.map((fault) => `frame ${frame}: ${fault}`))).toEqual([]);
  expect(judged.map(({ frame }) => frame)).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
}

async function expectTimes(output: string, expected: readonly number[]) {
  const times = await frameTimes(output);
  expect(times).toHaveLength(expected.length);
  for (const [n, time] of times.entries())
    expect(Math.abs(time - expected[n]!), `frame ${n}`).toBeLessThan(TIME_TOLERANCE);
}

describe('every frame is masked, in its place and at its time', () => {
  it.each([...CASES, ...TIMES])('$name', async (format) => {
    const source = await makeSource(format);
    const { output, summary } = await maskCard(source);
    expect(summary.frames).toBe(FRAMES);
    await expectMasked(output, format);
    const { times } = format;
    await expectTimes(output, times ? Array.from({ length: FRAMES }, (_, n) => times(n)) : await frameTimes(source));
  });
});

describe('zones lie on the picture as it is displayed', () => {
  it.each(ROTATIONS)('$name', async (format) => {
    const source = await makeSource(format);
    const { output } = await maskCard(source);
    await expectMasked(output, format);
  });

  it('a picture that is shown at an angle is refused, since zones cannot be placed on it', async () => {
    const source = await makeSource({ name: '', extension: 'mp4', make: X264 });
    await setDisplayMatrix(source, [0.7, 0.7, -0.7, 0.7]);
    await expect(maskCard(source)).rejects.toMatchObject({ code: 'orient-unsupported' });
  });
});
