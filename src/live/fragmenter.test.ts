import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Clip, encodeClip } from '../../tests/support/clip.js';
import { isMissing } from '../../tests/support/peer.js';
import type { AccessUnit, VideoCodec } from '../rtsp/published-stream.js';
import { Fragmenter } from './fragmenter.js';

/** Timestamps of a clip's pictures, in ticks. */
const spaced = (clip: Clip, ticks: (index: number) => number): AccessUnit[] =>
  clip.pictures.map((picture, index) => ({ ...picture, timestamp: ticks(index) }));

const fragment = (codec: VideoCodec, size: { width: number; height: number }, units: readonly AccessUnit[]) => {
  const fragmenter = new Fragmenter(codec, () => size);
  const mimes: string[] = [];
  const parts = units.flatMap((unit) => {
    const track = fragmenter.trackOf(unit);
    if (track) mimes.push(track.mime);
    const { head, sample } = fragmenter.segment(unit);
    return [...(track ? [track.init] : []), head, sample];
  });
  return { mimes, file: Buffer.concat(parts) };
};

interface Probed {
  readonly streams: readonly Readonly<Record<string, string | number>>[];
  readonly packets: readonly { readonly pts: number; readonly duration: number; readonly flags: string }[];
}

/** What ffprobe finds in a file, and what ffmpeg complains of when it decodes all of it. */
const inspect = (file: Buffer): { probed: Probed; complaints: string; frames: number } => {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-live-'));
  const path = join(folder, 'live.mp4');
  try {
    writeFileSync(path, file);
    const probe = ['-v', 'error', '-of', 'json', '-show_streams', '-show_packets', path];
    const probed = JSON.parse(execFileSync('ffprobe', probe, { encoding: 'utf8' })) as Probed;
    const decode = `ffmpeg -v warning -i "${path}" -fps_mode passthrough -f framemd5 - 2>"${path}.err"`;
    const sums = execFileSync('sh', ['-c', decode], { encoding: 'utf8' });
    const complaints = execFileSync('cat', [`${path}.err`], { encoding: 'utf8' });
    return { probed, complaints, frames: sums.split('\n').filter((line) => /^0,/.test(line)).length };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe.skipIf(isMissing('ffmpeg'))('a live stream as fragmented MP4', () => {
  it.each([
    ['h264', /^video\/mp4; codecs="avc1\.[0-9A-F]{6}"$/],
    ['h265', /^video\/mp4; codecs="hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*"$/],
  ] as const)('carries %s that ffmpeg decodes picture by picture without a complaint', async (codec, name) => {
    const clip = await encodeClip({ codec, size: '320x180', seconds: 1, gop: 10 });
    const { mimes, file } = fragment(
      codec,
      clip.description,
      spaced(clip, (index) => index * 3600),
    );
    expect(mimes).toHaveLength(1);
    expect(mimes[0]).toMatch(name);
    const { probed, complaints, frames } = inspect(file);
    expect(complaints).toBe('');
    expect(frames).toBe(25);
    expect(probed.streams).toHaveLength(1);
    expect(probed.streams[0]).toMatchObject({
      codec_name: codec === 'h264' ? 'h264' : 'hevc',
      width: 320,
      height: 180,
    });
    expect(probed.packets.filter(({ flags }) => flags.startsWith('K'))).toHaveLength(3);
  });

  it('has neither holes nor overlaps, however unevenly the pictures come', async () => {
    const clip = await encodeClip({ size: '320x180', seconds: 1, gop: 10 });
    const gaps = [0, 3600, 3600, 18_000, 1, 7200, 90_000];
    let at = 5_000_000;
    const units = spaced(clip, (index) => {
      at += gaps[index % gaps.length]!;
      return at;
    });
    const fragmenter = new Fragmenter('h264', () => clip.description);
    let end = 0n;
    for (const unit of units) {
      const { head } = fragmenter.segment(unit);
      expect(head.readBigUInt64BE(head.indexOf('tfdt') + 8)).toBe(end);
      end += BigInt(head.readUInt32BE(head.indexOf('trun') + 16));
    }
    expect(end).toBe(BigInt(3600 + units.at(-1)!.timestamp - units[0]!.timestamp));
  });

  it('describes the track anew where the picture becomes another one, and not otherwise', async () => {
    const [small, large] = await Promise.all([
      encodeClip({ size: '320x180', seconds: 1, gop: 5 }),
      encodeClip({ size: '640x360', seconds: 1, gop: 5 }),
    ]);
    const fragmenter = new Fragmenter('h264', () => small.description);
    const told = [...small.pictures, ...large.pictures, ...small.pictures].map(
      (picture, index) => fragmenter.trackOf({ ...picture, timestamp: index * 3600 }) !== null,
    );
    expect(told.flatMap((is, index) => (is ? [index] : []))).toEqual([0, 25, 50]);
  });

  it('keeps parameter sets in the keyframes for a reader that is told of the track once', async () => {
    const [small, large] = await Promise.all([
      encodeClip({ size: '320x180', seconds: 1, gop: 5 }),
      encodeClip({ size: '640x360', seconds: 1, gop: 5 }),
    ]);
    const fragmenter = new Fragmenter('h264', () => small.description, 'inside');
    const units = [...small.pictures, ...large.pictures].map((picture, n) => ({ ...picture, timestamp: n * 3600 }));
    const init = fragmenter.trackOf(units[0]!)!.init;
    const parts = units.flatMap((unit) => Object.values(fragmenter.segment(unit)) as Buffer[]);
    const { complaints, frames } = inspect(Buffer.concat([init, ...parts]));
    expect(complaints).toBe('');
    expect(frames).toBe(50);
  });

  it('hands the same bytes to all who watch', async () => {
    const clip = await encodeClip({ size: '320x180', seconds: 1 });
    const unit: AccessUnit = { ...clip.pictures[0]!, timestamp: 0 };
    const [one, other] = [0, 1].map(() => new Fragmenter('h264', () => clip.description).segment(unit));
    expect(one!.sample).toBe(other!.sample);
  });
});
