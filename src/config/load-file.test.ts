import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSite, MAX_SITE_FILE_BYTES } from './load.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-site-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const SITE = `version: 1
site: { name: Hotel, responsibleUnit: Hotel Ltd }
cameras:
  - { id: dock, source: clip.mp4, place: yard, zones: [], unmasked: fenced in }
`;
const written = async (content: string | Uint8Array): Promise<string> => {
  const path = join(folder, 'site.yaml');
  await writeFile(path, content);
  return path;
};
const refusal = (path: string) =>
  loadSite(path, {}).then(
    () => 'no problem',
    (error: { code: string; message: string }) => `${error.code} ${error.message.replaceAll(folder, '')}`,
  );

describe('loading a site file', () => {
  test('gives its digest, and paths relative to it', async () => {
    const path = await written(SITE);
    const loaded = await loadSite(path, {});
    expect(loaded.digest).toBe(createHash('sha256').update(SITE).digest('hex'));
    expect(loaded.path).toBe(path);
    expect(loaded.site.storage.dir).toBe(join(folder, 'data'));
    expect(loaded.site.cameras[0]?.source).toMatchObject({ kind: 'file', path: join(folder, 'clip.mp4'), loop: true });
  });

  test('fills in the defaults', async () => {
    const { site } = await loadSite(await written(SITE), {});
    expect(site.server).toEqual({
      http: { host: '127.0.0.1', port: 8080 },
      rtsp: { host: '127.0.0.1', port: 8554 },
      maxClients: 200,
      rtspUsers: [],
      preview: 'off',
      language: 'en',
      behindProxy: false,
      tls: null,
    });
    expect(site.cameras[0]).toMatchObject({
      transport: 'auto',
      public: true,
      lookAhead: 0,
      responsibleUnit: { name: 'Hotel Ltd', type: 'other' },
      guard: { mode: 'withhold', accept: 'auto' },
      output: { codec: 'h264', bitrate: null, onDemand: true, hardware: 'off' },
      publish: [],
      sign: null,
    });
  });

  test('asks a camera that can be turned where its pictures come from, unless another address is given', async () => {
    const camera = (ptz: string) =>
      SITE.replace('clip.mp4', '"rtsp://u:p%40ss@10.0.0.5:554/1"').replace('place: yard', `place: yard, ptz: ${ptz}`);
    const ptzOf = async (ptz: string) => (await loadSite(await written(camera(ptz)), {})).site.cameras[0]!.ptz!;
    const { service, ...rest } = await ptzOf('{ preset: Gate }');
    expect(service.reveal()).toBe('http://u:p%40ss@10.0.0.5/onvif/device_service');
    expect(rest).toEqual({ preset: 'Gate', tolerance: 0.01, every: 1 });
    const other = await ptzOf('{ preset: 1-a, service: "https://a:b@10.0.0.6/onvif" }');
    expect(other.service.reveal()).toBe('https://a:b@10.0.0.6/onvif');
  });

  test('accepts a byte order mark and Windows line ends', async () => {
    await expect(loadSite(await written(`\ufeff${SITE.replaceAll('\n', '\r\n')}`), {})).resolves.toBeDefined();
  });

  test('says that there is no such file', async () => {
    expect(await refusal(join(folder, 'nope.yaml'))).toBe(
      'site-file-unreadable /nope.yaml:1:1: (document): There is no such file.\n    Give the path of a site file; zones/example.yaml is one.',
    );
  });

  test('refuses a folder, what is not text, and what is too large', async () => {
    expect(await refusal(folder)).toContain('This is not a file.');
    expect(await refusal(await written(Uint8Array.of(0x76, 0xff, 0xfe)))).toContain('The file is not UTF-8 text.');
    expect(await refusal(await written(SITE + '#'.repeat(MAX_SITE_FILE_BYTES)))).toContain('more than 256 KiB');
  });
});
