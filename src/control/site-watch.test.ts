import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { loadSite } from '../config/load.js';
import { watchSite } from './site-watch.js';

const text = (name: string): string =>
  `version: 1\nsite: { name: ${name}, responsibleUnit: Unit }\ncameras: [{ id: cam, source: "demo:lobby", place: lobby, zones: [], unmasked: a test }]\n`;

describe('the watch of a site file', () => {
  it.each([
    ['an edit', text('after'), 'changed: after'],
    ['what broke the file', 'version: 1\n', 'rejected'],
  ])('tells of %s from before it began', async (_, edited, told) => {
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-site-watch-'));
    try {
      const path = join(folder, 'site.yaml');
      await writeFile(path, text('before'));
      const first = await loadSite(path, {});
      await writeFile(path, edited);
      const heard = await new Promise<string>((resolve) => {
        const stop = watchSite(first, {}, pino({ level: 'silent' }), {
          async changed({ site }) {
            stop();
            resolve(`changed: ${site.site.name}`);
          },
          rejected() {
            stop();
            resolve('rejected');
          },
        });
      });
      expect(heard).toBe(told);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
