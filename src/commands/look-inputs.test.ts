import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandInput } from './look-inputs.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-look-'));
  await mkdir(join(folder, 'b/empty'), { recursive: true });
  for (const name of ['z.JPG', 'a.png', 'b/c.mp4', 'b/notes.txt', 'unnamed']) await writeFile(join(folder, name), '');
});
afterAll(() => rm(folder, { recursive: true }));

it('takes a folder for the pictures and clips in it, by name', async () => {
  expect(await expandInput(folder)).toEqual([
    { kind: 'picture', path: join(folder, 'a.png') },
    { kind: 'clip', path: join(folder, 'b/c.mp4') },
    { kind: 'picture', path: join(folder, 'z.JPG') },
  ]);
});

it('takes a file whose name does not tell for a clip, and addresses for what they are', async () => {
  expect(await expandInput(join(folder, 'unnamed'))).toEqual([{ kind: 'clip', path: join(folder, 'unnamed') }]);
  expect(await expandInput('rtsp://10.0.0.5/stream')).toEqual([{ kind: 'live', url: 'rtsp://10.0.0.5/stream' }]);
  expect(await expandInput('demo:lobby')).toEqual([{ kind: 'live', url: 'demo:lobby' }]);
});

it('says what is not there, what is empty, and what is not allowed', async () => {
  await expect(expandInput(join(folder, 'nothing.jpg'))).rejects.toMatchObject({ code: 'look-missing' });
  await expect(expandInput(join(folder, 'b/empty'))).rejects.toThrow(/holds no picture/);
  await expect(expandInput('http://example.org/a.jpg')).rejects.toMatchObject({ code: 'scheme-not-allowed' });
});
