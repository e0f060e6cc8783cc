import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Looker } from './looker.js';

const grey = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(128) };

it('without any models says so, and is unsure', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-no-models-'));
  try {
    await using looker = await Looker.open(undefined, { dir });
    expect(looker.failures.map(({ code }) => code)).toEqual(['model-missing', 'model-missing', 'model-missing']);
    expect(await looker.look(grey, ['CCTV'])).toEqual({
      place: { verdict: 'unsure', prohibited: 0.5, classes: {} },
      objects: [],
      signs: [],
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});

it('looks for what it was asked for alone', async () => {
  await using looker = await Looker.open(['objects']);
  expect(looker.failures).toEqual([]);
  const { place, objects } = await looker.look(grey, []);
  expect(place.classes).toEqual({});
  expect(objects).toEqual([]);
});
