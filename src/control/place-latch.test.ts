import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PlaceLatches } from './place-latch.js';

const NOW = () => new Date('2026-01-01T00:00:00Z');

describe('what is remembered of a prohibited place', () => {
  let folder: string;
  let latches: PlaceLatches;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-latch-'));
    latches = new PlaceLatches(folder, NOW);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is nothing before anything was recognised, and outlives a restart after that', async () => {
    expect(await latches.read('cam')).toBeNull();
    await latches.close('cam', 'bathroom 90 %');
    expect(await new PlaceLatches(folder, NOW).read('cam')).toMatchObject({
      evidence: 'bathroom 90 %',
      released: null,
    });
  });

  test('is released by two different people who say why, and by nobody else', async () => {
    const latch = await latches.close('cam', 'bathroom 90 %');
    const refused = (by: string, approvedBy: string, reason: string) =>
      expect(latches.release(latch, { by, approvedBy, reason })).rejects;
    await refused('li', 'li', 'A showroom.').toMatchObject({ code: 'one-person' });
    await refused('li', 'wang', ' ').toMatchObject({ code: 'no-reason' });
    expect((await latches.read('cam'))!.released).toBeNull();
    await latches.release(latch, { by: 'li', approvedBy: 'wang', reason: 'A showroom.' });
    expect((await latches.read('cam'))!.released).toMatchObject({ by: 'li', approvedBy: 'wang' });
  });

  test('keeps what a site file declared', async () => {
    await latches.close('cam', 'The site file names a restroom.', 'restroom');
    expect(await new PlaceLatches(folder, NOW).read('cam')).toMatchObject({ declared: 'restroom', released: null });
  });

  test('holds while the disk does not take it, and is written as soon as it does', async () => {
    const path = join(folder, 'places');
    await writeFile(path, 'a file where the folder should be');
    await expect(latches.close('cam', 'bathroom 90 %')).rejects.toThrow();
    expect(await latches.read('cam')).toMatchObject({ released: null });
    await rm(path);
    await mkdir(path);
    await latches.read('cam');
    expect(await new PlaceLatches(folder, NOW).read('cam')).toMatchObject({ released: null });
  });

  test.each([
    ['cut short', '{"format":1,"camera":"c'],
    [
      'another camera’s',
      JSON.stringify({ format: 1, camera: 'other', since: NOW().toISOString(), evidence: '', released: null }),
    ],
    ['empty', ''],
  ])('counts as recognised where its file is %s', async (_, text) => {
    await latches.close('cam', 'bathroom 90 %');
    await writeFile(join(folder, 'places', 'cam.json'), text);
    expect(await latches.read('cam')).toMatchObject({ released: null });
  });

  test('is forgotten with the view that it was of', async () => {
    await latches.close('cam', 'bathroom 90 %');
    await latches.forget('cam');
    expect(await latches.read('cam')).toBeNull();
  });
});
