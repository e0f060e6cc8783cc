import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ffmpeg } from '../support/video-file.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-look-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const look = (inputs: readonly string[], options: readonly string[] = []) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const args = ['dist/cli.js', 'look', '--json', ...options, ...inputs];
    execFile(process.execPath, args, { timeout: 100_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });

interface Line {
  readonly file: string;
  readonly at?: number;
  readonly place: { readonly verdict: string; readonly prohibited: number; readonly classes: Record<string, number> };
  readonly objects: readonly unknown[];
  readonly signs: readonly unknown[];
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

it('prints one line for each picture of every kind, tells what it cannot read, and goes on', async () => {
  const noise = Buffer.from({ length: 320 * 240 * 3 } as ArrayLike<number>).map(
    (_, i) => (i * 7919 + (i >> 5) * 31) & 255,
  );
  const raw = (width: number, height: number, data: Uint8Array) => sharp(data, { raw: { width, height, channels: 3 } });
  const pictures: Record<string, sharp.Sharp> = {
    'black.png': raw(320, 240, Buffer.alloc(320 * 240 * 3)),
    'white.png': raw(320, 240, Buffer.alloc(320 * 240 * 3, 255)),
    'noise.png': raw(320, 240, noise),
    'tiny.png': raw(16, 16, noise.subarray(0, 768)),
    'panoramic.jpg': raw(2400, 32, noise.subarray(0, 2400 * 32 * 3)).jpeg(),
    'turned.jpg': raw(320, 240, noise).jpeg().withMetadata({ orientation: 8 }),
  };
  for (const [name, picture] of Object.entries(pictures)) await picture.toFile(join(folder, name));
  const whole = await readFile(join(folder, 'turned.jpg'));
  await writeFile(join(folder, 'cut.jpg'), whole.subarray(0, whole.length >> 1));
  await writeFile(join(folder, 'text.jpg'), 'not a picture');

  const names = [...Object.keys(pictures), 'cut.jpg', 'text.jpg', 'missing.jpg'];
  const { code, stdout, stderr } = await look(names.map((name) => join(folder, name)));
  const lines = linesOf(stdout);
  expect(lines.map(({ file }) => file)).toEqual(Object.keys(pictures).map((name) => join(folder, name)));
  for (const { file, place, objects, signs } of lines) {
    expect(['prohibited', 'allowed', 'unsure']).toContain(place.verdict);
    expect(place.prohibited, file).toBeGreaterThanOrEqual(0);
    expect(place.prohibited, file).toBeLessThanOrEqual(1);
    expect([Array.isArray(objects), Array.isArray(signs)]).toEqual([true, true]);
  }
  const verdicts = Object.fromEntries(lines.map(({ file, place }) => [file.slice(folder.length + 1), place.verdict]));
  expect(verdicts).toMatchObject({ 'black.png': 'unsure', 'white.png': 'unsure' });
  expect(code).toBe(1);
  for (const name of ['cut.jpg', 'text.jpg', 'missing.jpg']) expect(stderr).toContain(join(folder, name));
});

it('looks at a clip now and then, and at a demo camera', async () => {
  const clip = join(folder, 'clip.mp4');
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10:duration=6', '-pix_fmt', 'yuv420p', clip);
  const { code, stdout, stderr } = await look([clip, 'demo:lobby'], ['--only', 'objects', '--most', '2']);
  const lines = linesOf(stdout);
  expect(lines.map(({ file, at }) => [file, at])).toEqual([
    [clip, 0],
    [clip, 3],
    ['demo:lobby', 0],
    ['demo:lobby', expect.closeTo(2, 0)],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('takes more pictures than the runtime takes bytes of command line', async () => {
  const picture = join(folder, 'grey.png');
  await sharp(Buffer.alloc(48 * 48 * 3, 90), { raw: { width: 48, height: 48, channels: 3 } }).toFile(picture);
  const inputs = Array.from({ length: 1000 }, () => picture);
  expect(inputs.join(' ').length).toBeGreaterThan(32_000);
  const { code, stdout, stderr } = await look([...inputs, join(folder, 'none.png')], ['--only', 'place']);
  expect(linesOf(stdout)).toHaveLength(inputs.length);
  expect(stderr).toContain('none.png cannot be found');
  expect(code).toBe(1);
});
