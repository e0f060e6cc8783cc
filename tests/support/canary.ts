import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { H264_NAL, h264NalType, joinAnnexB, splitAnnexB } from '../../src/rtsp/payload/annexb.js';
import type { Point } from '../../src/zones/zone.js';

const run = promisify(execFile);

/** Corners of the area that is painted: what a zone of the tests must hide. */
export const PAINTED: readonly Point[] = [
  [0.25, 0.25],
  [0.5, 0.25],
  [0.5, 0.75],
  [0.25, 0.75],
];

/** Cells of the chequer across the width of the picture, where nothing else is asked for. */
export const CELLS_ACROSS = 32;

/** Frames that a camera's clip holds a second. */
export const CANARY_FPS = 25;

/** Frame numbers are 12 bits long. */
export const CODES = 4096;

export interface CanaryOptions {
  /** Of the displayed picture, px. */
  readonly size?: readonly [width: number, height: number];
  readonly codec?: 'h264' | 'h265' | 'mjpeg';
  /** FFmpeg's name: what the clip is coded in. */
  readonly pixelFormat?: 'yuv420p' | 'yuvj420p' | 'yuv422p' | 'yuv444p';
  readonly seconds?: number;
  /** Pictures from keyframe to keyframe. */
  readonly gop?: number;
  /** bits/s. */
  readonly bitrate?: number;
  /** Cells of the chequer across the width of the picture. */
  readonly cells?: number;
  /** Noise around the pattern: it takes the bits that it is given. */
  readonly noise?: boolean;
  /** The first picture's number. */
  readonly from?: number;
  /** So many coded pixels on every side that the parameter sets cut away (H.264). They are bright, so that a shift shows. */
  readonly crop?: number;
  /** Text that each picture carries in SEI, as user data and as closed captions (H.264). */
  readonly userData?: string;
  /** Hides part of the pattern, as a faulty mask would: for tests of the detector. */
  readonly hide?: 'luma' | 'chroma' | 'all' | 'all-but-stripe' | 'none';
}

/** Footage with people in it; the synthetic scene stands in where the real one is missing. */
const footage = (): string | null => {
  const path = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');
  return existsSync(path) ? path : null;
};

/**
 * A clip whose zone is painted in a saturated chequer, magenta and green, that moves to the left, and that tells at its top left which
 * frame is which: 16 blocks, 12 bits of the number and its low 4 inverted. An elementary stream (Annex B; MJPEG: pictures in a row),
 * without B-frames, parameter sets with each keyframe. Returns its path; the same options cost nothing the second time.
 */
export const makeCanary = async (options: CanaryOptions = {}): Promise<string> => {
  const input = footage();
  const source = await readFile(new URL(import.meta.url), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([source, input, options]))
    .digest('hex');
  const extension = { h264: 'h264', h265: 'h265', mjpeg: 'mjpeg' }[options.codec ?? 'h264'];
  const path = join(tmpdir(), `veilgate-canary-${key.slice(0, 20)}.${extension}`);
  if (existsSync(path)) return path;
  const beside = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  await run('ffmpeg', [...inputsAndFilters(options, input), ...coding(options), '-y', beside], { timeout: 120_000 });
  if (options.userData) await writeFile(beside, withSei(await readFile(beside), options.userData));
  await rename(beside, path);
  return path;
};

/** Several clips one after the other in one stream: what a camera sends whose resolution is changed. Returns the path. */
export const joinCanaries = async (parts: readonly CanaryOptions[]): Promise<string> => {
  const paths = await Promise.all(parts.map(makeCanary));
  const key = createHash('sha256').update(paths.join(' ')).digest('hex');
  const path = join(tmpdir(), `veilgate-canary-${key.slice(0, 20)}.${parts[0]?.codec ?? 'h264'}`);
  if (existsSync(path)) return path;
  const beside = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  await writeFile(beside, Buffer.concat(await Promise.all(paths.map((part) => readFile(part)))));
  await rename(beside, path);
  return path;
};

function inputsAndFilters(options: CanaryOptions, input: string | null): string[] {
  const {
    size = [640, 360],
    seconds = 4,
    from = 0,
    cells = CELLS_ACROSS,
    hide = 'none',
    crop = 0,
    noise = false,
  } = options;
  const [width, height] = size;
  const cell = Math.round(width / cells);
  const [left, top] = [Math.ceil(width * 0.25), Math.ceil(height * 0.25)];
  const [wide, high] = [Math.floor(width * 0.5) - left, Math.floor(height * 0.75) - top];
  const rate = `r=${CANARY_FPS}`;
  const scene = input
    ? ['-stream_loop', '-1', '-i', input]
    : ['-f', 'lavfi', '-i', `testsrc2=s=768x576:r=10,hue=s=0.25`];
  // One still, wider than the zone, of which the part that is seen moves on.
  const on = `mod(floor(X/${cell})+floor(Y/${cell}),2)`;
  const step = Math.max(1, Math.round(cell / 10));
  const chequer =
    `nullsrc=s=${wide + 2 * cell}x${high}:${rate},geq=r='255*${on}':g='255*(1-${on})':b='255*${on}',trim=end_frame=1,` +
    `loop=-1:1:0,crop=${wide}:${high}:'mod(${step}*n,${2 * cell})':0:exact=1,${HIDE[hide](wide, high)}`;
  const bit = `floor((N+${from})/pow(2,if(lt(X,12),X,X-12)))`;
  const code =
    `nullsrc=s=16x1:${rate},format=gray,geq=lum='if(lt(X,12),255*mod(${bit},2),255-255*mod(${bit},2))',` +
    `scale=${16 * Math.round(width / 40)}:${Math.round(height / 30)}:flags=neighbor,format=yuv420p`;
  const format = options.pixelFormat ?? (options.codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p');
  const range = format === 'yuvj420p' ? 'full' : 'tv';
  const border = crop > 0 ? `,pad=${width + 2 * crop}:${height + 2 * crop}:${crop}:${crop}:color=white` : '';
  const graph =
    `[0:v]fps=${CANARY_FPS},scale=${width}:${height},setsar=1,settb=1/${CANARY_FPS},setpts=N${noise ? ',noise=alls=40:allf=t' : ''},format=yuv444p[scene];` +
    `[scene][1:v]overlay=${left}:${top}:format=yuv444[painted];` +
    `[painted][2:v]overlay=${Math.round(width / 80)}:${Math.round(height / 45)}:format=yuv444${border},` +
    `scale=in_range=tv:out_range=${range},format=${format}`;
  return [
    ...['-nostdin', '-v', 'error', ...scene, '-f', 'lavfi', '-i', chequer, '-f', 'lavfi', '-i', code],
    ...['-filter_complex', graph, '-t', String(seconds), '-an'],
  ];
}

/** Filters that a faulty mask is made of, for a picture of the chequer. */
const HIDE: Record<NonNullable<CanaryOptions['hide']>, (width: number, height: number) => string> = {
  none: () => 'format=yuv444p',
  luma: () => 'format=yuv444p,lutyuv=y=16',
  chroma: () => 'format=yuv444p,lutyuv=u=128:v=128',
  all: () => 'format=yuv444p,lutyuv=y=16:u=128:v=128',
  'all-but-stripe': (width, height) => `format=yuv444p,drawbox=16:0:${width - 16}:${height}:color=black:t=fill`,
};

function coding(options: CanaryOptions): string[] {
  const { codec = 'h264', gop = CANARY_FPS, bitrate = 2_000_000, crop = 0, pixelFormat } = options;
  const rate = ['-b:v', String(bitrate), '-g', String(gop), '-bf', '0'];
  const range = pixelFormat === 'yuvj420p' ? ['-color_range', 'pc'] : [];
  switch (codec) {
    case 'mjpeg':
      return ['-c:v', 'mjpeg', '-q:v', '4', '-huffman', 'default', '-f', 'mjpeg'];
    case 'h265':
      return [
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency', ...rate, ...range],
        ...['-x265-params', `log-level=none:repeat-headers=1:keyint=${gop}:min-keyint=${gop}:scenecut=0`, '-f', 'hevc'],
      ];
    case 'h264': {
      const edits = ['left', 'right', 'top', 'bottom'].map((side) => `crop_${side}=${crop}`);
      const filter = crop > 0 ? ['-bsf:v', `h264_metadata=${edits.join(':')}`] : [];
      return [
        ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', ...rate, ...range, ...filter],
        ...['-x264-params', `keyint=${gop}:min-keyint=${gop}:scenecut=0:repeat-headers=1`, '-f', 'h264'],
      ];
    }
  }
}

/** An H.264 stream with two SEI messages in front of the first slice of each picture (H.264, 7.3.2.3). */
function withSei(stream: Buffer, text: string): Buffer {
  const pairs = [...text.padEnd(text.length + (text.length % 2), ' ')].map((letter) => letter.charCodeAt(0));
  // ATSC A/53 part 4, 6.2.3: country, provider, GA94, captions, how many pairs of letters, each behind a byte of its kind.
  const triples = pairs.flatMap((letter, i) => (i % 2 === 0 ? [0xfc, letter, pairs[i + 1]!] : []));
  const captions = [
    0xb5,
    0x00,
    0x31,
    ...Buffer.from('GA94'),
    0x03,
    0xc0 | (triples.length / 3),
    0xff,
    ...triples,
    0xff,
  ];
  const message = (type: number, bytes: readonly number[]): Buffer =>
    Buffer.from([H264_NAL.sei, type, bytes.length, ...bytes, 0x80]);
  const sei = [message(4, captions), message(5, [...Buffer.from('any sixteen byte'), ...Buffer.from(text)])];
  // first_mb_in_slice is 0, one set bit: the picture begins.
  const begins = (nal: Buffer): boolean => [1, 5].includes(h264NalType(nal[0]!)) && (nal[1]! & 0x80) !== 0;
  return joinAnnexB(splitAnnexB(stream).flatMap((nal) => (begins(nal) ? [...sei, nal] : [nal])));
}
