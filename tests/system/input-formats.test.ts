import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoCodec } from '../../src/rtsp/published-stream.js';
import {
  CardFiles,
  type CardSource,
  expectMasked,
  expectTimes,
  FPS,
  FRAMES,
  steadyTimes,
  X264,
  X265,
} from '../support/card-files.js';
import { displayOrientation, insertSei, type SeiMessage } from '../support/sei.js';
import { judge } from '../support/test-card.js';
import { decodeFrames, ffmpeg, ffprobe, frameTimes, type Matrix, setDisplayMatrix } from '../support/video-file.js';

interface Case extends CardSource {
  readonly name: string;
  /** The source cannot tell when its frames are to be shown: they follow each other without a gap. */
  readonly untold?: boolean;
}

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
    untold: true,
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
  {
    name: 'an SPS that is cropped on every side',
    extension: 'mp4',
    make: [
      '-vf',
      'pad=iw+20:ih+12:6:4:white',
      ...X264,
      '-pix_fmt',
      'yuv420p',
      '-bsf:v',
      'h264_metadata=crop_left=6:crop_right=26:crop_top=4:crop_bottom=20',
    ],
  },
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
    untold: true,
  },
  {
    name: 'no timestamps, H.265 with B-frames',
    extension: 'hevc',
    make: [...X265, '-bf', '3', '-pix_fmt', 'yuv420p'],
    untold: true,
  },
  {
    name: 'decoding times alone (AVI with B-frames)',
    extension: 'avi',
    make: [...X264, '-bf', '2', '-pix_fmt', 'yuv420p'],
    untold: true,
  },
];

let cards: CardFiles;

beforeAll(async () => {
  cards = await CardFiles.create();
});
afterAll(() => cards[Symbol.asyncDispose]());

describe('every frame is masked, in its place and at its time', () => {
  it.each(['yuv420p', 'yuv422p'])('and a %s zone that is not masked would be noticed', async (format) => {
    const source = await cards.make({ extension: 'mp4', make: [...X264, '-pix_fmt', format] });
    const { output } = await cards.mask(source, { zones: [] });
    const look = { width: 640, height: 360, fullRange: false, grey: false };
    for (const frame of await decodeFrames(output, 640, 360))
      expect(judge(frame, look).faults.join('\n')).toMatch(
        /plane 0 of the zone is \d+ from black(.|\n)*plane 2 has a colour/,
      );
  });

  it.each([...CASES, ...TIMES])('$name', async (format) => {
    const source = await cards.make(format);
    const { output, summary } = await cards.mask(source);
    expect(summary.frames).toBe(FRAMES);
    await expectMasked(output, format);
    await expectTimes(output, format.untold ? steadyTimes() : await frameTimes(source));
  });

  it('to H.265', async () => {
    const source = await cards.make({ extension: 'mp4', make: [...X264, '-bf', '2', '-pix_fmt', 'yuv420p'] });
    const { output } = await cards.mask(source, { codec: 'h265' });
    expect((await ffprobe(output)).video.codec_name).toBe('hevc');
    await expectMasked(output);
    await expectTimes(output, steadyTimes());
  });

  it('to H.265 in full range', async () => {
    const source = await cards.make({ extension: 'avi', make: [...MJPEG, '-pix_fmt', 'yuvj422p'] });
    const { output } = await cards.mask(source, { codec: 'h265' });
    await expectMasked(output, { fullRange: true });
  });

  it('a transport stream whose clock jumps plays on without a pause', async () => {
    const source = await cards.make({ extension: 'ts', make: [...X264, '-g', '10', '-pix_fmt', 'yuv420p'] });
    const [later, earlier] = [`${source}.later.ts`, `${source}.earlier.ts`];
    await ffmpeg('-i', source, '-c', 'copy', '-output_ts_offset', '5000', later);
    await ffmpeg('-i', source, '-c', 'copy', '-output_ts_offset', '20', earlier);
    const joined = `${source}.joined.ts`;
    await writeFile(joined, Buffer.concat(await Promise.all([source, later, earlier].map((path) => readFile(path)))));
    const { output, summary } = await cards.mask(joined);
    expect(summary.frames).toBe(3 * FRAMES);
    await expectTimes(
      output,
      Array.from({ length: 3 * FRAMES }, (_, n) => n / FPS),
    );
  });

  it('what an edit list cuts away at the beginning stays away', async () => {
    const source = await cards.make({
      extension: 'mp4',
      make: [...X264, '-bf', '2', '-g', '50', '-pix_fmt', 'yuv420p'],
    });
    const cut = `${source}.cut.mp4`;
    await ffmpeg('-ss', '0.2', '-i', source, '-c', 'copy', cut);
    const { output, summary } = await cards.mask(cut);
    expect(summary.frames).toBe(FRAMES - 5);
    await expectTimes(output, await frameTimes(cut));
  });
});

describe('zones lie on the picture as it is displayed', () => {
  it.each(ROTATIONS)('$name', async (format) => {
    const source = await cards.make(format);
    const { output } = await cards.mask(source);
    await expectMasked(output, format);
  });

  it('a picture that is shown at an angle is refused, since zones cannot be placed on it', async () => {
    const source = await cards.make({ extension: 'mp4', make: X264, edit: shownBy([0.7, 0.7, -0.7, 0.7]) });
    await expect(cards.mask(source)).rejects.toMatchObject({ code: 'orient-unsupported' });
  });
});
