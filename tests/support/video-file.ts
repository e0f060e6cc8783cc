import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A picture of 1080p takes 3 MB, decoded. */
const MOST_OUTPUT = 1024 * 1024 * 1024;

/** Runs the ffmpeg command line; what it writes to `-` comes back. */
export const ffmpeg = async (...args: string[]): Promise<Buffer> => {
  const { stdout } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], {
    encoding: 'buffer',
    maxBuffer: MOST_OUTPUT,
  });
  return stdout;
};

/** What ffprobe says of a file's one video stream, as it names things. */
export interface ProbedVideo {
  readonly codec_name: string;
  readonly width: number;
  readonly height: number;
  readonly pix_fmt: string;
  readonly color_range?: string;
  readonly sample_aspect_ratio?: string;
  readonly side_data_list?: readonly unknown[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ProbedFile {
  readonly streams: readonly { readonly codec_type: string }[];
  readonly video: ProbedVideo;
  readonly tags: Readonly<Record<string, string>>;
}

export const ffprobe = async (path: string): Promise<ProbedFile> => {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', path]);
  const { streams, format } = JSON.parse(stdout);
  const video = streams.find(({ codec_type }: { codec_type: string }) => codec_type === 'video');
  return { streams, video, tags: format.tags ?? {} };
};

/** A frame as ffmpeg decodes it. */
interface ProbedFrame {
  readonly best_effort_timestamp_time?: string;
  readonly side_data_list?: readonly { readonly side_data_type: string }[];
}

const probeFrames = async (path: string): Promise<ProbedFrame[]> => {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_frames', '-of', 'json', path];
  const { stdout } = await run('ffprobe', args, { maxBuffer: MOST_OUTPUT });
  return JSON.parse(stdout).frames;
};

/** When each frame is shown, in seconds after the first; NaN where the file does not say. */
export const frameTimes = async (path: string): Promise<number[]> => {
  const times = (await probeFrames(path)).map((frame) => Number(frame.best_effort_timestamp_time));
  return times.map((time) => time - times[0]!);
};

/** The kinds of side data that ffmpeg finds on the frames: captions, user data. */
export const frameSideData = async (path: string): Promise<Set<string>> => {
  const frames = await probeFrames(path);
  return new Set(frames.flatMap((frame) => (frame.side_data_list ?? []).map((data) => data.side_data_type)));
};

/** Every picture of a file, decoded by ffmpeg, in the file's own 8-bit 4:2:0 planar format. */
export const decodeFrames = async (path: string, width: number, height: number): Promise<Buffer[]> => {
  const raw = await ffmpeg('-i', path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-');
  const size = (width * height * 3) / 2;
  return Array.from({ length: raw.length / size }, (_, n) => raw.subarray(n * size, (n + 1) * size));
};

/** a, b, c and d of a display matrix (ISO/IEC 14496-12, 8.5.3). */
export type Matrix = readonly [a: number, b: number, c: number, d: number];

/** Where the matrix stands in a track header of version 0, from its type on (8.3.2). */
const MATRIX_AT = 44;

/** Writes how an MP4 file's one track is to be displayed into its header. */
export const setDisplayMatrix = async (path: string, [a, b, c, d]: Matrix): Promise<void> => {
  const file = await readFile(path);
  const at = file.indexOf('tkhd') + MATRIX_AT;
  for (const [index, value] of [a, b, 0, c, d, 0].entries())
    file.writeInt32BE(Math.round(value * 0x10000), at + 4 * index);
  await writeFile(path, file);
};
