import { readFile, writeFile } from 'node:fs/promises';
import type { Frame } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../src/camera/decode/decoder.js';
import { EncodeStage } from '../../src/camera/encode-stage.js';
import { FileReader } from '../../src/camera/ingest/file-reader.js';
import { MaskStage } from '../../src/camera/mask-stage.js';
import { CardFiles, expectCards, FPS, FRAMES, X264 } from '../support/card-files.js';
import { SECRET_ZONE } from '../support/test-card.js';
import { decodeFrames } from '../support/video-file.js';

const SIZES = [
  [640, 360],
  [1920, 1080],
  [640, 360],
] as const;

/** A run of pictures that came out of one encoder. */
interface Run {
  readonly width: number;
  readonly height: number;
  readonly pictures: Buffer[];
}

let cards: CardFiles;
/** One elementary stream: three sizes, one after the other. */
let joined: string;

beforeAll(async () => {
  cards = await CardFiles.create();
  const make = [...X264, '-bf', '2', '-pix_fmt', 'yuv420p'];
  const parts = [];
  for (const size of SIZES) parts.push(await readFile(await cards.make({ size, extension: 'h264', make })));
  joined = `${cards.folder}/joined.h264`;
  await writeFile(joined, Buffer.concat(parts));
});
afterAll(() => cards[Symbol.asyncDispose]());

/** Takes a file through the stages of a live camera. */
async function maskLive(path: string): Promise<Run[]> {
  const runs: Run[] = [];
  await using reader = await FileReader.open(path);
  using decoder = new Decoder(reader.track.decoder!);
  using mask = new MaskStage({ revision: 1, zones: [SECRET_ZONE], shape: null });
  using encode = new EncodeStage(
    { codec: 'h264', bitrate: 8_000_000, onDemand: false, hardware: false },
    {
      picture: ({ data }) => runs.at(-1)!.pictures.push(data),
      fault: (fault) => expect.unreachable(JSON.stringify(fault)),
      opened: (_name, { width, height }) => runs.push({ width, height, pictures: [] }),
    },
    FPS,
  );
  const show = (frame: Frame, pts: number): void => encode.encode(mask.apply(frame, pts), frame, pts);
  for (let picture = await reader.next(); picture; picture = await reader.next()) decoder.decode(picture, show);
  decoder.flush(show);
  encode.flush();
  return runs;
}

describe('a resolution that changes in mid-stream', () => {
  it('is followed in-band, and no frame of any size shows the zone', async () => {
    const runs = await maskLive(joined);
    expect(runs.map(({ width, height }) => [width, height])).toEqual(SIZES);
    for (const [index, { width, height, pictures }] of runs.entries()) {
      const path = `${cards.folder}/run-${index}.h264`;
      await writeFile(path, Buffer.concat(pictures));
      expectCards(await decodeFrames(path, width, height), { size: [width, height] });
      expect(pictures).toHaveLength(FRAMES);
    }
  });

  it('cannot be held by one MP4 file: it is refused, and nothing is left of it', async () => {
    await expect(cards.mask(joined)).rejects.toMatchObject({
      code: 'mask-size-change',
      message: expect.stringMatching(/0\.[78] s from 640x360 .* to 1920x1080/),
    });
    await expect(readFile(`${joined}.masked.mp4`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
