import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { h264NalType, h265NalType, splitAnnexB } from '../../src/rtsp/payload/annexb.js';
import type { VideoCodec } from '../../src/rtsp/published-stream.js';
import { CardFiles, expectMasked, X264, X265 } from '../support/card-files.js';
import { CAPTIONS, insertSei, userData } from '../support/sei.js';
import { ffmpeg, ffprobe, frameSideData } from '../support/video-file.js';

const SECRET_TEXT = 'badge 4711 at the door';

/** NAL unit types that may leave: slices and parameter sets. */
const MAY_LEAVE = { h264: [1, 5, 7, 8], h265: [0, 1, 19, 20, 21, 32, 33, 34] } as const;

let cards: CardFiles;

beforeAll(async () => {
  cards = await CardFiles.create();
});
afterAll(() => cards[Symbol.asyncDispose]());

/** The NAL unit types of an MP4 file, each once. */
async function nalTypes(path: string, codec: VideoCodec): Promise<number[]> {
  const [filter, format] = codec === 'h264' ? ['h264_mp4toannexb', 'h264'] : ['hevc_mp4toannexb', 'hevc'];
  const stream = await ffmpeg('-i', path, '-c', 'copy', '-bsf:v', filter, '-f', format, '-');
  const typeOf = codec === 'h264' ? h264NalType : h265NalType;
  return [...new Set(splitAnnexB(stream).map((unit) => typeOf(unit[0]!)))];
}

describe("nothing but masked pictures gets out of a camera's stream", () => {
  it.each([
    { from: 'h264', to: 'h264' },
    { from: 'h264', to: 'h265' },
    { from: 'h265', to: 'h264' },
    { from: 'h265', to: 'h265' },
  ] as const)('captions and user data of $from do not get into $to', async ({ from, to }) => {
    const coded = from === 'h264' ? [...X264, '-bf', '2'] : X265;
    const source = await cards.make({
      extension: from === 'h264' ? 'h264' : 'hevc',
      make: [...coded, '-pix_fmt', 'yuv420p'],
      edit: async (path) =>
        writeFile(path, insertSei(await readFile(path), from, [CAPTIONS, userData(SECRET_TEXT)], 'all')),
    });
    const { output } = await cards.mask(source, { codec: to });
    expect([...(await frameSideData(source))]).toEqual(
      expect.arrayContaining(['ATSC A53 Part 4 Closed Captions', 'H.26[45] User Data Unregistered SEI message']),
    );
    expect([...(await frameSideData(output))]).toEqual([]);
    const types = await nalTypes(output, to);
    expect(types.filter((type) => !(MAY_LEAVE[to] as readonly number[]).includes(type))).toEqual([]);
    expect((await readFile(output)).includes(SECRET_TEXT)).toBe(false);
    await expectMasked(output);
  });

  it('sound, subtitles, chapters and tags are left behind', async () => {
    const video = await cards.make({ extension: 'mp4', make: [...X264, '-pix_fmt', 'yuv420p'] });
    const source = `${video}.mkv`;
    const subtitles = `${video}.srt`;
    const metadata = `${video}.txt`;
    await writeFile(subtitles, `1\n00:00:00,000 --> 00:00:01,000\n${SECRET_TEXT}\n`);
    await writeFile(
      metadata,
      `;FFMETADATA1\ntitle=${SECRET_TEXT}\ncreation_time=2026-01-02T03:04:05Z\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=${SECRET_TEXT}\n`,
    );
    await ffmpeg(
      ...['-i', video, '-f', 'lavfi', '-i', 'sine=duration=0.8', '-i', subtitles, '-i', metadata, '-map_metadata', '3'],
      ...['-map', '0:v', '-map', '1:a', '-map', '2:s', '-c:v', 'copy', '-c:a', 'aac', source],
    );
    const { output, summary } = await cards.mask(source);
    expect(summary.hadAudio).toBe(true);
    const { streams, tags } = await ffprobe(output);
    expect(streams.map(({ codec_type }) => codec_type)).toEqual(['video']);
    expect(Object.keys(tags).sort()).toEqual(['compatible_brands', 'major_brand', 'minor_version']);
    expect((await readFile(output)).includes(SECRET_TEXT)).toBe(false);
    await expectMasked(output);
  });

  it('a playlist that is called a video does not make the gateway fetch an address', async () => {
    const playlist = `${cards.folder}/list.m3u8`;
    await writeFile(
      playlist,
      '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    );
    await expect(cards.mask(playlist)).rejects.toMatchObject({ code: expect.stringMatching(/^source-/) });
  });
});
