import { existsSync } from 'node:fs';
import { link, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MaskOptions, runMask } from '../../src/commands/mask.js';
import { CardFiles, expectMasked, FRAMES, X264 } from '../support/card-files.js';
import { SECRET_ZONE } from '../support/test-card.js';
import { ffmpeg, ffprobe } from '../support/video-file.js';

const FOOTAGE = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');

let cards: CardFiles;
/** The card, in MP4 with its index in front, so that it can be cut short. */
let source: string;
let site: string;

beforeAll(async () => {
  cards = await CardFiles.create();
  source = await cards.make({
    extension: 'mp4',
    make: [...X264, '-bf', '2', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  });
  site = join(cards.folder, 'site.yaml');
  await writeFile(site, siteFile());
});
afterAll(() => cards[Symbol.asyncDispose]());

const siteFile = (output = 'bitrate: 6M'): string => `
version: 1
site: { name: Test, responsibleUnit: Test }
cameras:
  - id: lobby
    source: demo:lobby
    place: lobby
    output: { ${output} }
    zones:
      - { id: secret, kind: restroom, polygon: ${JSON.stringify(SECRET_ZONE.polygon)} }
  - id: washroom
    source: demo:lobby
    place: restroom
    zones:
      - { id: secret, kind: restroom, polygon: ${JSON.stringify(SECRET_ZONE.polygon)} }
`;

/** Collects what a command prints. */
class Printed {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

let outputs = 0;

interface Ran {
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
}

async function mask(options: Partial<MaskOptions> = {}): Promise<Ran> {
  const output = options.output ?? join(cards.folder, `masked-${outputs++}.mp4`);
  const [stdout, stderr] = [new Printed(), new Printed()];
  await runMask({ input: source, site, camera: 'lobby', force: false, env: {}, ...options, output, stdout, stderr });
  return { output, stdout: stdout.text, stderr: stderr.text };
}

/** Files that were begun and left behind. */
const leftBehind = async (): Promise<string[]> =>
  (await readdir(cards.folder)).filter((name) => name.endsWith('.part'));

describe('veilgate mask', () => {
  it("burns the camera's zones in and says what it did in one line", async () => {
    const { output, stdout, stderr } = await mask();
    await expectMasked(output);
    expect(stdout).toMatch(
      /^\S+masked-\d+\.mp4: 20 frames, 640x360, 0\.8 s, 1\d\.\d % masked, 20 self-tests and 1 decode-backs passed, libx264\n$/,
    );
    expect(stderr).toMatch(/^10 % \(\d frames\)\n(\d+0 % \(\d+ frames\)\n)+$/);
    expect(await leftBehind()).toEqual([]);
  });

  it("takes about the source's bit rate, and not more, where the site file says none", async () => {
    const plain = join(cards.folder, 'plain.yaml');
    await writeFile(plain, siteFile('codec: h264'));
    const noisy = await cards.make({
      extension: 'mp4',
      make: ['-vf', 'noise=alls=30:allf=t', '-c:v', 'libx264', '-b:v', '3M'],
    });
    const long = `${noisy}.long.mp4`;
    await ffmpeg('-stream_loop', '9', '-i', noisy, '-c', 'copy', long);
    const { output } = await mask({ input: long, site: plain });
    const [before, after] = [(await readFile(long)).length, (await readFile(output)).length];
    expect(after / before).toBeGreaterThan(0.3);
    expect(after / before).toBeLessThan(1.15);
  });

  it('writes the codec that the site file asks for', async () => {
    const h265 = join(cards.folder, 'h265.yaml');
    await writeFile(h265, siteFile('codec: h265, bitrate: 6M'));
    const { output } = await mask({ site: h265 });
    expect((await ffprobe(output)).video.codec_name).toBe('hevc');
    await expectMasked(output);
  });

  it('the index comes first, so that a browser plays it before it has all of it', async () => {
    const file = await readFile((await mask()).output);
    expect(file.indexOf('moov')).toBeLessThan(file.indexOf('mdat'));
  });

  it('says that sound was left out', async () => {
    const loud = join(cards.folder, 'loud.mp4');
    await ffmpeg('-i', source, '-f', 'lavfi', '-i', 'sine=duration=0.8', '-c:v', 'copy', '-c:a', 'aac', loud);
    expect((await mask({ input: loud })).stderr).toContain('The input has sound; it was left out.\n');
  });

  it('skips what comes before the first keyframe, which nothing could decode, and says so', async () => {
    const stream = join(cards.folder, 'gop.h264');
    await ffmpeg(
      '-i',
      source,
      '-c:v',
      'libx264',
      '-g',
      '5',
      '-bf',
      '0',
      '-bsf:v',
      'filter_units=remove_types=6',
      stream,
    );
    const whole = await readFile(stream);
    const beheaded = join(cards.folder, 'beheaded.h264');
    // From the second picture on.
    const second = whole.indexOf(Buffer.from([0, 0, 1, 0x41]));
    await writeFile(
      beheaded,
      Buffer.concat([whole.subarray(0, whole.indexOf(Buffer.from([0, 0, 1, 0x65]))), whole.subarray(second)]),
    );
    const { stdout, stderr } = await mask({ input: beheaded });
    expect(stdout).toContain(`: ${FRAMES - 5} frames`);
    expect(stderr).toContain('4 pictures before the first keyframe could not be decoded by anything.\n');
  });

  it('draws a bar with the time that is left on a terminal', async () => {
    const terminal = Object.assign(new Printed(), {
      isTTY: true as const,
      columns: 100,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    });
    const output = join(cards.folder, 'with-bar.mp4');
    const stdout = new Printed();
    await runMask({ input: source, output, site, camera: 'lobby', force: false, env: {}, stdout, stderr: terminal });
    expect(terminal.text).toMatch(/█+.* % \| \d+ frames \| .* left/);
    expect(terminal.text).toContain('100 % | 20 frames');
  });
});

describe('veilgate mask refuses', () => {
  it('a camera in a place of Art. 15: no mask makes it lawful', async () => {
    await expect(mask({ camera: 'washroom' })).rejects.toMatchObject({
      code: 'prohibited-place',
      message: expect.stringContaining('Art. 15'),
    });
  });

  it('a camera that the site file does not have, and names those that it has', async () => {
    await expect(mask({ camera: 'loby' })).rejects.toMatchObject({
      code: 'unknown-camera',
      message: `${site} has no camera "loby"; it has: lobby, washroom.`,
    });
  });

  it('to overwrite the input, under whatever name', async () => {
    const [hard, soft] = [join(cards.folder, 'hard.mp4'), join(cards.folder, 'soft.mp4')];
    await link(source, hard);
    await symlink(source, soft);
    const before = await readFile(source);
    for (const output of [source, hard, soft])
      await expect(mask({ output, force: true })).rejects.toMatchObject({ code: 'mask-same-file' });
    expect((await readFile(source)).equals(before)).toBe(true);
  });

  it('to overwrite any file unless it is told to', async () => {
    const output = join(cards.folder, 'precious.mp4');
    await writeFile(output, 'precious');
    await expect(mask({ output })).rejects.toMatchObject({ code: 'mask-output-exists' });
    expect(await readFile(output, 'utf8')).toBe('precious');
    await mask({ output, force: true });
    await expectMasked(output);
  });

  it('an input that is missing, is no video, or holds sound alone', async () => {
    const text = join(cards.folder, 'text.mp4');
    await writeFile(text, 'not a video');
    const sound = join(cards.folder, 'sound.wav');
    await ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', sound);
    await expect(mask({ input: join(cards.folder, 'nothing.mp4') })).rejects.toMatchObject({
      code: 'mask-input-missing',
    });
    await expect(mask({ input: text })).rejects.toMatchObject({ code: 'source-refused' });
    await expect(mask({ input: sound })).rejects.toMatchObject({ code: 'source-unsupported' });
  });

  it('to write MP4 under another name', async () => {
    await expect(mask({ output: join(cards.folder, 'out.mkv') })).rejects.toMatchObject({
      code: 'mask-output-not-mp4',
    });
  });

  it('a folder that cannot be written to, before it reads anything', async () => {
    await expect(mask({ output: join(cards.folder, 'no-such-folder', 'out.mp4') })).rejects.toMatchObject({
      code: 'mux-failed',
    });
  });
});

describe('veilgate mask leaves nothing behind', () => {
  const cut = async (name: string, input: string, share: number): Promise<string> => {
    const path = join(cards.folder, name);
    const whole = await readFile(input);
    await writeFile(path, whole);
    await truncate(path, Math.round(whole.length * share));
    return path;
  };

  it.each(['mp4', 'mkv', 'avi', 'h264'])('of a %s file that is cut short in the middle', async (extension) => {
    const whole = join(cards.folder, `whole.${extension}`);
    await ffmpeg('-stream_loop', '9', '-i', source, '-c', 'copy', '-movflags', '+faststart', whole);
    const input = await cut(`cut.${extension}`, whole, 0.57);
    const output = join(cards.folder, `of-cut-${extension}.mp4`);
    await expect(mask({ input, output })).rejects.toMatchObject({
      code: expect.stringMatching(/^(source-lost|mask-undecodable)$/),
      message: expect.stringMatching(/cut short|damaged/),
    });
    expect(existsSync(output)).toBe(false);
    expect(await leftBehind()).toEqual([]);
  });

  it('of a file that is damaged in the middle', async () => {
    const bytes = await readFile(source);
    const from = Math.round(bytes.length * 0.5);
    for (let at = from; at < from + 400; at++) bytes[at] = (at * 101) & 0xff;
    const input = join(cards.folder, 'damaged.mp4');
    await writeFile(input, bytes);
    await expect(mask({ input })).rejects.toMatchObject({ code: 'mask-undecodable' });
    expect(await leftBehind()).toEqual([]);
  });

  it('where a zone cannot be masked', async () => {
    const outside = { ...SECRET_ZONE, polygon: SECRET_ZONE.polygon.map(([x, y]) => [x + 2, y] as const) };
    const output = join(cards.folder, 'outside.mp4');
    await expect(cards.mask(source, { zones: [outside], output })).rejects.toMatchObject({ code: 'mask-geometry' });
    expect(existsSync(output)).toBe(false);
    expect(await leftBehind()).toEqual([]);
  });

  it('where it is interrupted', async () => {
    const abort = new AbortController();
    const output = join(cards.folder, 'interrupted.mp4');
    const stderr = { write: () => abort.abort() };
    const run = runMask({
      ...{ input: source, output, site, camera: 'lobby', force: false, env: {} },
      ...{ stdout: new Printed(), stderr, signal: abort.signal },
    });
    await expect(run).rejects.toMatchObject({ code: 'interrupted' });
    expect(existsSync(output)).toBe(false);
    expect(await leftBehind()).toEqual([]);
  });
});

describe.skipIf(!existsSync(FOOTAGE))('on real footage', () => {
  it('every frame is kept, at its time, and the zone is black', async () => {
    const { output, stdout } = await mask({ input: FOOTAGE });
    expect(stdout).toContain('795 frames, 768x576, 79.5 s');
    const { video } = await ffprobe(output);
    expect(video).toMatchObject({ nb_frames: '795', duration: '79.500000' });
    const zone = await ffmpeg('-i', output, '-vf', 'crop=230:230:230:173', '-f', 'rawvideo', '-pix_fmt', 'gray', '-');
    expect(zone.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(40);
  });
});
