import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeRtsp } from '../../src/rtsp/describe.js';
import { hasCamera, startCamera } from '../support/camera.js';
import { CorruptingRelay } from '../support/corrupting-relay.js';
import { runProgram } from '../support/program.js';
import { startPull } from '../support/pull.js';

const DATA = resolve(process.env.VEILGATE_DATA ?? '../shared/data');
const FOOTAGE = join(DATA, 'video/bottles.mp4');
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-client-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** How many pictures a decoder that is not ours finds, and what it complains of. */
const decode = async (bytes: Buffer, format: string): Promise<{ frames: number; complaints: string }> => {
  const file = join(folder, `pulled.${format}`);
  await writeFile(file, bytes);
  const args = ['-v', 'error', '-f', format, '-i', file, '-f', 'framemd5', '-fps_mode', 'passthrough', '-'];
  const { output } = await runProgram('ffmpeg', args);
  const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const frames = lines.filter((line) => /^0,/.test(line));
  return { frames: frames.length, complaints: lines.filter((line) => !/^0,/.test(line)).join('\n') };
};

describe.skipIf(!hasCamera())('the client and a GStreamer camera', () => {
  describe.each(['h264', 'h265', 'mjpeg'] as const)('%s', (codec) => {
    it.skipIf(!hasFfmpeg).each(['tcp', 'udp'] as const)('over %s gives every picture whole', async (transport) => {
      await using camera = await startCamera({ codec, audio: true });
      await using pull = startPull(camera.url, { transport });
      const pictures = await pull.until(40);
      expect(pull.tracks).toEqual([expect.objectContaining({ codec, offeredAudio: true, clockRate: 90_000 })]);
      expect(pictures[0]!.keyframe).toBe(true);
      expect(pictures.filter(({ keyframe }) => keyframe)).toHaveLength(codec === 'mjpeg' ? 40 : 2);
      expect(pull.client.counters).toMatchObject({ lost: 0, malformed: 0, corruptPictures: 0, foreign: 0 });
      for (const [i, { pts90k, corrupt }] of pictures.entries()) {
        expect(corrupt).toBe(false);
        expect(Math.abs(pts90k - i * 3600)).toBeLessThanOrEqual(90); // GStreamer rounds to milliseconds
      }
      const format = codec === 'h265' ? 'hevc' : codec;
      expect(await decode(Buffer.concat(pictures.map(({ data }) => data)), format)).toEqual({
        frames: 40,
        complaints: '',
      });
    });
  });

  it.each(['h264', 'h265'] as const)(
    '%s: packets that are lost cost no group of pictures, where it can be asked for a keyframe',
    async (codec) => {
      await using camera = await startCamera({ codec, feedback: true, gop: 1000 });
      const damage = { kind: 'lost-packets', share: 1, spell: 1, pause: 60, seed: 1 } as const;
      await using relay = await CorruptingRelay.start(camera.port, damage);
      await using pull = startPull(`rtsp://127.0.0.1:${relay.port}/cam0`, { transport: 'tcp' });
      const pictures = await pull.until(120);
      expect(pull.client.counters!.lost).toBeGreaterThan(1);
      expect(pictures.filter(({ keyframe, corrupt }) => keyframe && !corrupt).length).toBeGreaterThan(1);
    },
  );

  it.skipIf(!hasFfmpeg)('keyframes are complete where the parameter sets are in the SDP only', async () => {
    await using camera = await startCamera({ outOfBand: true });
    await using pull = startPull(camera.url);
    const pictures = await pull.until(5);
    expect(await decode(Buffer.concat(pictures.map(({ data }) => data)), 'h264')).toEqual({
      frames: 5,
      complaints: '',
    });
  });

  it.each(['basic', 'digest'] as const)('%s authentication lets the right user in and no other', async (auth) => {
    await using camera = await startCamera({ auth, user: 'admin', password: 'p@ss w/rd' });
    const at = (user: string): string => camera.url.replace('//', `//${user}@`);
    {
      await using pull = startPull(at('admin:p%40ss%20w%2Frd'));
      await pull.until(3);
    }
    await using wrong = startPull(at('admin:secret'));
    const refusal = await wrong.ended;
    expect(refusal?.code).toBe('source-refused');
    expect(refusal?.message).toContain('does not accept the user name or the password');
    expect(refusal?.message).not.toContain('secret');
    await using none = startPull(camera.url);
    expect((await none.ended)?.message).toContain('asks for a user name and a password');
  });

  it('auto falls back to UDP where the camera refuses TCP; tcp does not', async () => {
    await using camera = await startCamera({ protocols: 'udp' });
    {
      await using pull = startPull(camera.url, { transport: 'auto' });
      await pull.until(3);
    }
    await using pull = startPull(camera.url, { transport: 'tcp' });
    expect(await pull.ended).toMatchObject({ code: 'source-refused', message: expect.stringContaining('461') });
  });

  it('a camera that dies is lost', async () => {
    await using camera = await startCamera();
    await using pull = startPull(camera.url);
    await pull.until(3);
    camera.process.child.kill('SIGKILL');
    expect(await pull.ended).toMatchObject({ code: 'source-lost' });
    expect(pull.ends()).toBe(1);
  });

  it('a camera that hangs is stalled', async () => {
    await using camera = await startCamera();
    await using pull = startPull(camera.url);
    await pull.until(3);
    const { child } = camera.process;
    child.kill('SIGSTOP');
    const error = await pull.ended;
    child.kill('SIGCONT');
    expect(error).toMatchObject({ code: 'source-stalled', message: expect.stringContaining('3000 ms') });
  });

  it('a stream that does not exist is refused, in words', async () => {
    await using camera = await startCamera();
    await using pull = startPull(camera.url.replace('cam0', 'nothing'));
    const error = await pull.ended;
    expect(error).toMatchObject({ code: 'source-refused', message: expect.stringContaining('check the path') });
  });

  it('rtsps is pulled with the right authority, or where any certificate is allowed, and only then', async () => {
    const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=camera', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = await runProgram('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ]);
    expect(made.code, made.output).toBe(0);
    const both = join(folder, 'both.pem');
    await writeFile(both, Buffer.concat([await readFile(certificate), await readFile(key)]));
    await using camera = await startCamera({ certificate: both });
    for (const tls of [
      { rejectUnauthorized: true, ca: await readFile(certificate, 'utf8') },
      { rejectUnauthorized: false },
    ]) {
      await using pull = startPull(camera.url, { tls });
      await pull.until(3);
    }
    await using pull = startPull(camera.url);
    expect(await pull.ended).toMatchObject({
      code: 'source-refused',
      message: expect.stringContaining('certificate that is not trusted'),
    });
  });

  it('the probe tells all that is offered', async () => {
    await using camera = await startCamera({ audio: true, user: 'admin', password: 'secret' });
    const profile = await probeRtsp(camera.url.replace('//', '//admin:secret@'));
    expect(profile).toMatchObject({
      url: camera.url,
      server: 'GStreamer RTSP server',
      authentication: 'Digest MD5',
      medias: [
        { type: 'video', encodings: ['H264'], framerate: 25 },
        { type: 'audio', encodings: ['PCMA'] },
      ],
      video: { codec: 'h264', offeredAudio: true },
      problem: null,
    });
    expect(JSON.stringify(profile)).not.toContain('secret');
  });

  it.skipIf(!existsSync(FOOTAGE) || !hasFfmpeg)('real footage comes through bit by bit', async () => {
    await using camera = await startCamera({ file: FOOTAGE, fps: 30 });
    await using pull = startPull(camera.url);
    const pictures = await pull.until(60);
    const start = pictures.findIndex(({ keyframe }) => keyframe);
    const decoded = await decode(Buffer.concat(pictures.slice(start).map(({ data }) => data)), 'h264');
    expect(decoded).toEqual({ frames: 60 - start, complaints: '' });
  });
});
