import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { quietEngineLog } from '../../src/camera/engine-log.js';
import { type MaskedFileSummary, type MaskFileJob, maskFile } from '../../src/camera/offline.js';
import { judge, paintTestCard, SECRET_ZONE } from './test-card.js';
import { decodeFrames, ffmpeg, ffprobe, frameTimes } from './video-file.js';

/** Frames of every source. */
export const FRAMES = 20;
export const FPS = 25;

/** A file's clock may be as coarse as 1/1000 s. */
const TIME_TOLERANCE = 0.0011;

/** So that what the encoder makes of the picture is not what is tested. bits/s. */
const BITRATE = 6_000_000;

export const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12'];
export const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '12', '-x265-params', 'log-level=none'];

/** How a source is made of the test card, and what its masked output must look like. */
export interface CardSource {
  /** Of the displayed card. */
  readonly size?: readonly [width: number, height: number];
  readonly extension: string;
  /** Arguments of ffmpeg. */
  readonly make: readonly string[];
  /** What is done to the file after it was made. */
  readonly edit?: (path: string) => Promise<void>;
  readonly fullRange?: boolean;
  readonly grey?: boolean;
  /** Of the output's pixels: `4:3`. */
  readonly pixels?: string;
}

/** What the masked output must look like. */
type CardLook = Pick<CardSource, 'size' | 'fullRange' | 'grey' | 'pixels'>;

/** A folder of sources made of the test card, and of what became of them. */
export class CardFiles implements AsyncDisposable {
  readonly folder: string;
  #made = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<CardFiles> {
    quietEngineLog();
    return new CardFiles(await mkdtemp(join(tmpdir(), 'veilgate-cards-')));
  }

  /** Returns the path of a new file that holds the card's FRAMES frames. */
  async make({ size = [640, 360], extension, make, edit }: CardSource): Promise<string> {
    const [width, height] = size;
    const card = join(this.folder, `card-${width}x${height}.yuv`);
    await writeFile(card, Buffer.concat(Array.from({ length: FRAMES }, (_, n) => paintTestCard(n, width, height))));
    const path = join(this.folder, `source-${this.#made++}.${extension}`);
    const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv444p', '-s', `${width}x${height}`, '-r', String(FPS), '-i', card];
    await ffmpeg(...input, ...make, path);
    await edit?.(path);
    return path;
  }

  /** Masks the secret zone of a file. */
  async mask(
    input: string,
    options: Partial<MaskFileJob> = {},
  ): Promise<{ output: string; summary: MaskedFileSummary }> {
    const output = `${input}.masked.mp4`;
    const job = { input, output, zones: [SECRET_ZONE], codec: 'h264', bitrate: BITRATE, hardware: false } as const;
    return { output, summary: await maskFile({ ...job, ...options }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Decodes masked output with ffmpeg and looks at every frame: nothing of the secret, all else where it was, each frame once. */
export async function expectMasked(output: string, look: CardLook = {}): Promise<void> {
  const { size = [640, 360], fullRange = false, pixels } = look;
  const [width, height] = [size[0] & ~1, size[1] & ~1];
  const { video, streams } = await ffprobe(output);
  expect(streams).toHaveLength(1);
  expect(video).toMatchObject({ width, height, pix_fmt: fullRange ? 'yuvj420p' : 'yuv420p' });
  expect(video.side_data_list).toBeUndefined();
  if (pixels) expect(video.sample_aspect_ratio).toBe(pixels);
  expectCards(await decodeFrames(output, width, height), look);
}

/** The same for frames that are decoded already: 8-bit planar 4:2:0. */
export function expectCards(frames: readonly Buffer[], look: CardLook = {}): void {
  const { size = [640, 360], fullRange = false, grey = false } = look;
  const [width, height] = [size[0] & ~1, size[1] & ~1];
  const judged = frames.map((frame) => judge(frame, { width, height, fullRange, grey }));
  expect(judged.flatMap(({ faults, frame }) => faults.map((fault) => `frame ${frame}: ${fault}`))).toEqual([]);
  expect(judged.map(({ frame }) => frame)).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
}

/** @param expected s after the first, of each frame */
export async function expectTimes(output: string, expected: readonly number[]): Promise<void> {
  const times = await frameTimes(output);
  expect(times).toHaveLength(expected.length);
  for (const [n, time] of times.entries())
    expect(Math.abs(time - expected[n]!), `frame ${n}`).toBeLessThan(TIME_TOLERANCE);
}

/** The times of frames that follow each other without a gap. */
export const steadyTimes = (): number[] => Array.from({ length: FRAMES }, (_, n) => n / FPS);
