import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../src/camera/decode/decoder.js';
import { FileSource, type FileSourceConfig } from '../../src/camera/ingest/file-source.js';
import type { SourceError } from '../../src/camera/ingest/source.js';
import { CLOCK_HZ } from '../../src/rtsp/published-stream.js';
import { CardFiles, FPS, FRAMES, X264, X265 } from '../support/card-files.js';
import { setDisplayMatrix } from '../support/video-file.js';

const STEP = CLOCK_HZ / FPS;

let cards: CardFiles;

beforeAll(async () => {
  cards = await CardFiles.create();
});
afterAll(() => cards[Symbol.asyncDispose]());

interface Played {
  /** Time of each frame that came out of the decoder. */
  readonly times: number[];
  /** Which of the pictures were keyframes. */
  readonly keyframes: boolean[];
  /** Why it ended; undefined where it was closed. */
  readonly end: SourceError | null | undefined;
}

/** Plays a file until it ends, or has delivered `most` pictures. */
async function play(
  path: string,
  config: Partial<FileSourceConfig> = {},
  most = Number.POSITIVE_INFINITY,
): Promise<Played> {
  const times: number[] = [];
  const keyframes: boolean[] = [];
  const decoders: Decoder[] = [];
  let source: FileSource | null = null;
  const end = await new Promise<SourceError | null | undefined>((resolve) => {
    source = new FileSource(
      { path, loop: false, pace: 'asap', whole: false, ...config },
      {
        track: (track) => decoders.push(new Decoder(track.decoder!)),
        picture: (picture) => {
          keyframes.push(picture.keyframe);
          decoders.at(-1)!.decode(picture, (_frame, pts) => times.push(pts));
          if (keyframes.length >= most) resolve(undefined);
        },
        frame: () => undefined,
        end: resolve,
      },
    );
    source.start();
  });
  await (source as FileSource | null)!.close();
  expect(decoders.length).toBeLessThanOrEqual(1);
  for (const decoder of decoders) {
    decoder.flush((_frame, pts) => times.push(pts));
    decoder[Symbol.dispose]();
  }
  return { times, keyframes, end };
}

describe('a file as a camera', () => {
  const H264 = [...X264, '-bf', '2', '-g', '10', '-pix_fmt', 'yuv420p'];
  it.each([
    { extension: 'mp4', make: H264 },
    { extension: 'mkv', make: H264 },
    { extension: 'ts', make: H264 },
    { extension: 'avi', make: H264 },
    { extension: 'h264', make: H264 },
    { extension: 'hevc', make: [...X265, '-pix_fmt', 'yuv420p'] },
    { extension: 'mjpeg', make: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] },
  ])('$extension: begins again at its end, with a keyframe and without a step back', async (source) => {
    const path = await cards.make(source);
    const { times, keyframes, end } = await play(path, { loop: true }, 3 * FRAMES);
    expect(end).toBe(undefined);
    expect([0, 1, 2].map((round) => keyframes[round * FRAMES])).toEqual([true, true, true]);
    expect(times).toHaveLength(3 * FRAMES);
    for (let n = 1; n < times.length; n++) expect(times[n]! - times[n - 1]!, `frame ${n}`).toBeCloseTo(STEP, -3);
  });

  it('plays at the pace of its own clock', async () => {
    const path = await cards.make({ extension: 'mp4', make: H264 });
    const started = performance.now();
    const { times } = await play(path, { pace: 'realtime' });
    expect(times).toHaveLength(FRAMES);
    // The first picture is due at once. However slow the machine is, it cannot be faster than the clock.
    expect(performance.now() - started).toBeGreaterThan(((FRAMES - 1) * 1000) / FPS - 20);
  });

  it('says that it came to its end', async () => {
    const path = await cards.make({ extension: 'mp4', make: H264 });
    expect((await play(path)).end).toBe(null);
  });

  it('says why there is nothing to be had', async () => {
    const text = `${cards.folder}/text.mp4`;
    await writeFile(text, 'not a video');
    expect((await play(text)).end).toMatchObject({ code: 'source-refused' });
    expect((await play(`${cards.folder}/nothing.mp4`)).end).toMatchObject({ code: 'source-refused' });
  });

  it('can be closed at any moment, and says nothing afterwards', async () => {
    const path = await cards.make({ extension: 'mp4', make: H264 });
    for (const most of [1, 5, FRAMES]) {
      const { keyframes, end } = await play(path, { loop: true }, most);
      expect(keyframes).toHaveLength(most);
      expect(end).toBe(undefined);
    }
  });

  it('a matrix that says "upright" changes nothing', async () => {
    const path = await cards.make({
      extension: 'mp4',
      make: H264,
      edit: (file) => setDisplayMatrix(file, [1, 0, 0, 1]),
    });
    expect((await play(path)).times).toHaveLength(FRAMES);
  });
});
