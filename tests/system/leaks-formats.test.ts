import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { forEachNalUnit, H264_NAL, H265_NAL, h264NalType, h265NalType } from '../../src/rtsp/payload/annexb.js';
import type { CanaryOptions } from '../support/canary.js';
import { zone } from '../support/gateway.js';
import { countLeaks } from '../support/leaks.js';
import { cannotPlay, expectNoLeak, type Part, ROUNDS, Stage, TIMEOUT } from '../support/stage.js';

const run = promisify(execFile);

/** Of a picture that is no keyframe, in either codec (H.265: TRAIL_R). */
const SLICE = 1;

/** Types of the NAL units of a recording, and how many there are of each. */
async function nalTypes(file: string, codec: 'h264' | 'h265'): Promise<Map<number, number>> {
  const format = codec === 'h264' ? 'h264' : 'hevc';
  const copy = ['-nostdin', '-v', 'error', '-i', file, '-c', 'copy', '-f', format, '-'];
  const { stdout } = await run('ffmpeg', copy, { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  const types = new Map<number, number>();
  forEachNalUnit(stdout, (start) => {
    const type = codec === 'h264' ? h264NalType(stdout[start]!) : h265NalType(stdout[start]!);
    types.set(type, (types.get(type) ?? 0) + 1);
  });
  return types;
}

/** What every scenario here does: all cameras at once, until each has shown enough. */
async function play(parts: readonly Part[]): Promise<Stage> {
  const stage = await Stage.open(...parts);
  await Promise.all(parts.map(({ id }) => stage.plays(ROUNDS * 40, id)));
  return stage;
}

describe.skipIf(cannotPlay())('no unmasked picture gets out', TIMEOUT, () => {
  const FORMATS: Readonly<Record<string, CanaryOptions>> = {
    'full-range': { pixelFormat: 'yuvj420p' },
    'chroma-422': { pixelFormat: 'yuv422p' },
    'chroma-422-odd-height': { pixelFormat: 'yuv422p', size: [640, 361] },
    'chroma-444-odd-sides': { pixelFormat: 'yuv444p', size: [641, 361] },
    'cropped-sps': { crop: 8 },
    mjpeg: { codec: 'mjpeg' },
    h265: { codec: 'h265' },
  };

  it('of any format: full range, 4:2:2, 4:4:4, odd sizes, a cropped SPS, MJPEG, H.265', async () => {
    await using stage = await play(Object.entries(FORMATS).map(([id, clip]) => ({ id, clip })));
    for (const id of Object.keys(FORMATS)) await stage.showsNoLeak(ROUNDS * 35, id);
  });

  it('in any output: H.265, an encoder that never sleeps, frames that are held back', async () => {
    await using stage = await play([
      { id: 'to-h265', output: { codec: 'h265' } },
      { id: 'always-on', output: { onDemand: false } },
      { id: 'low-rate', output: { bitrate: '100k' } },
      { id: 'looking-ahead', lookAhead: 5 },
    ]);
    for (const id of ['to-h265', 'always-on', 'low-rate', 'looking-ahead']) await stage.showsNoLeak(ROUNDS * 35, id);
  });

  it('under pixelate and blur with more than their means: a pattern finer than their cells is gone', async () => {
    // 8 px cells under 16 px blocks: each block holds as much of one colour as of the other.
    const clip: CanaryOptions = { cells: 80 };
    const kind = 'private';
    await using stage = await play([
      { id: 'solid', clip, zones: [zone({ kind })] },
      { id: 'pixelate', clip, zones: [zone({ kind, style: 'pixelate' })] },
      { id: 'blur', clip, zones: [zone({ kind, style: 'blur' })] },
    ]);
    for (const id of ['solid', 'pixelate', 'blur']) await stage.showsNoLeak(ROUNDS * 35, id);
  });

  it('with anything that rides along: SEI of the camera comes out of no codec', async () => {
    const clip: CanaryOptions = { userData: 'plate B-123' };
    await using stage = await play([
      { id: 'h264', clip },
      { id: 'h265', clip, output: { codec: 'h265' } },
    ]);
    for (const codec of ['h264', 'h265'] as const) {
      await stage.recorder(codec).stop();
      const [file] = stage.recorder(codec).files;
      const types = await nalTypes(file!, codec);
      expect(types.get(SLICE)).toBeGreaterThan(20);
      const sei = codec === 'h264' ? [H264_NAL.sei] : [H265_NAL.prefixSei, H265_NAL.suffixSei];
      for (const type of sei) expect(types.get(type) ?? 0).toBe(0);
    }
    const source = await nalTypes(stage.clip('h264'), 'h264');
    // Twice in each of its 100 pictures.
    expect(source.get(H264_NAL.sei)).toBeGreaterThanOrEqual(200);
  });

  it('and the detector would see it: without a zone the pattern is in every live picture', async () => {
    await using stage = await play([{ zones: [], unmasked: 'to test the test' }]);
    const count = countLeaks((await stage.pictures()).filter(({ slate }) => !slate));
    expect(count.frames).toBeGreaterThanOrEqual(ROUNDS * 40);
    expect(count.leaked).toBe(count.frames);
    expect(() => expectNoLeak([], 1, 'nothing')).toThrow('live pictures');
  });
});
