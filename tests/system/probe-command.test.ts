import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProbeOptions, runProbe } from '../../src/commands/probe.js';
import type { ProbeReport } from '../../src/commands/probe-report.js';
import { hasCamera, startCamera } from '../support/camera.js';
import { ffmpeg } from '../support/video-file.js';

const PASSWORD = 's3cr@t/word';
const CREDENTIALS = `watcher:${encodeURIComponent(PASSWORD)}@`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Probed {
  readonly code: 0 | 1;
  readonly text: string;
}

async function probe(source: string, options: Partial<ProbeOptions> = {}): Promise<Probed> {
  let text = '';
  const stdout = { write: (part: string) => (text += part) };
  const code = await runProbe({ source, json: false, transport: 'auto', verify: true, stdout, ...options });
  return { code, text };
}

const probeJson = async (source: string): Promise<ProbeReport> =>
  JSON.parse((await probe(source, { json: true })).text) as ProbeReport;

/** Neither the password nor anything that holds it. */
function expectNoSecret(text: string): void {
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain(encodeURIComponent(PASSWORD));
  expect(text).not.toContain('watcher');
}

describe.skipIf(!hasCamera())('veilgate probe of a camera', () => {
  it('tells what it offers, what would be taken, and what its pictures are', async () => {
    await using camera = await startCamera({
      codec: 'h264',
      size: '640x360',
      fps: 15,
      audio: true,
      user: 'watcher',
      password: PASSWORD,
      auth: 'digest',
    });
    const { code, text } = await probe(camera.url.replace('rtsp://', `rtsp://${CREDENTIALS}`));
    expect(code).toBe(0);
    expectNoSecret(text);
    expect(text.split('\n')[0]).toBe(camera.url.replace('rtsp://', 'rtsp://***@'));
    expect(text).toMatch(/server +GStreamer RTSP server/);
    expect(text).toMatch(/authentication +Digest MD5/);
    expect(text).toMatch(/video +H264, RTP\/AVP.*; would be taken/);
    expect(text).toMatch(/audio +PCMA, RTP\/AVP.*; never taken: sound is not set up/);
    expect(text).toMatch(/picture +640x360, h264, yuv420p, studio range, 15 fps/);
  });

  it.each(['h265', 'mjpeg'] as const)('sees the pictures of %s', async (codec) => {
    await using camera = await startCamera({ codec, size: '320x240', fps: 10 });
    const { picture, offer } = await probeJson(camera.url);
    expect(picture).toMatchObject({ codec, width: 320, height: 240, fullRange: codec === 'mjpeg' });
    expect(picture!.fps).toBeCloseTo(10, 0);
    expect(offer).toMatchObject({ kind: 'rtsp', profile: { authentication: 'none', video: { codec } } });
  });

  it('says that the password is wrong, without saying which', async () => {
    await using camera = await startCamera({ user: 'watcher', password: 'another', auth: 'basic' });
    const error = await probe(camera.url.replace('rtsp://', `rtsp://${CREDENTIALS}`)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'source-refused', message: expect.stringContaining('does not accept') });
    expectNoSecret(String(error.stack) + JSON.stringify(error));
  });

  it('keeps a password in the path to itself', async () => {
    await using camera = await startCamera();
    const error = await probe(`${camera.url}/user=admin&password=hunter22`).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'source-refused' });
    expect(error.message).not.toContain('hunter22');
  });
});

describe('veilgate probe of what is no camera', () => {
  it('says so where nothing listens', async () => {
    await expect(probe('rtsp://127.0.0.1:1/stream')).rejects.toMatchObject({
      code: 'source-lost',
      message: expect.stringContaining('refused the connection'),
    });
  });

  it('says so where somebody listens who does not speak RTSP', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await expect(probe(`rtsp://127.0.0.1:${port}/stream`)).rejects.toMatchObject({
      code: expect.stringMatching(/^source-/),
    });
    server.close();
  });

  it('opens no other addresses', async () => {
    await expect(probe('http://127.0.0.1:1/a.mp4')).rejects.toMatchObject({ code: 'scheme-not-allowed' });
  });

  it('knows the demo scenes', async () => {
    const { code, text } = await probe('demo:lobby');
    expect(code).toBe(0);
    expect(text).toMatch(/picture +1280x720, demo, yuv420p, studio range, 25 fps/);
  });
});

describe('veilgate probe of a file', () => {
  it('tells its streams and how its pictures are displayed', async () => {
    const path = join(folder, 'clip.mkv');
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=s=352x288:r=30:d=2', '-f', 'lavfi', '-i', 'sine=duration=2'],
      ...['-vf', 'setsar=12/11,format=yuvj422p', '-c:v', 'mjpeg', '-c:a', 'aac', path],
    );
    const { text } = await probe(path);
    expect(text).toMatch(/container +matroska,webm/);
    expect(text).toMatch(/length +2\.0 s/);
    expect(text).toMatch(/video +mjpeg, 352x288.*; would be taken/);
    expect(text).toMatch(/audio +aac.*; never taken: sound is not set up/);
    expect(text).toMatch(/picture +352x288, mjpeg, yuvj422p, full range, 30 fps, pixels 12:11/);
    expect(await probeJson(path)).toMatchObject({
      offer: {
        kind: 'file',
        profile: {
          streams: [
            { type: 'video', isTaken: true },
            { type: 'audio', isTaken: false },
          ],
        },
      },
      problem: null,
    });
  });

  it('says what is wrong with one that cannot be read', async () => {
    const path = join(folder, 'text.mp4');
    await writeFile(path, 'not a video');
    await expect(probe(path)).rejects.toMatchObject({ code: 'source-refused' });
    await expect(probe(join(folder, 'nothing.mp4'))).rejects.toMatchObject({
      code: 'source-refused',
      message: expect.stringContaining('No such file'),
    });
  });
});
