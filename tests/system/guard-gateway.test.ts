import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCamera, startCamera } from '../support/camera.js';
import { isBuilt, TestGateway } from '../support/gateway.js';
import { OnvifCamera } from '../support/onvif-camera.js';

const run = promisify(execFile);
const FOOTAGE = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');
const TIMEOUT = { timeout: 120_000 };

describe.skipIf(!hasCamera() || !isBuilt() || !existsSync(FOOTAGE))('the guard in a gateway', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-guard-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A clip of 600 columns whose left edge is at `left` of the footage, an FFmpeg expression: 60 px are 10 %. */
  const clip = (name: string, left: string, seconds: number): Promise<string> =>
    encoded(name, seconds, ['-i', FOOTAGE, '-vf', `fps=25,crop=600:400:'${left}':80`]);

  const encoded = async (name: string, seconds: number, source: readonly string[]): Promise<string> => {
    const path = join(folder, `${name}.h264`);
    await run('ffmpeg', [
      ...['-nostdin', '-y', '-v', 'error', ...source, '-t', String(seconds)],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '25', '-bf', '0'],
      ...['-x264-params', 'repeat-headers=1:scenecut=0', '-f', 'h264', path],
    ]);
    return path;
  };

  it('withholds a camera that was turned, and shows it again when it is back for 5 s', TIMEOUT, async () => {
    await using camera = await startCamera({ file: await clip('turned', 'if(between(t,6,12),100,40)', 20) });
    await using gateway = await TestGateway.start({ cameras: [{ id: 'cam', source: camera.url }] });
    await gateway.reaches('cam', 'masked');
    const { detail } = await gateway.reaches('cam', 'withheld:view-moved');
    expect(detail).toMatch(/shifted by (9|10|11)\.\d % of its width/);
    const kept = JSON.parse(await readFile(join(gateway.storage, 'views', 'cam.json'), 'utf8'));
    expect(kept.acceptedBy).toBe('first stable view');
    await gateway.reaches('cam', 'masked');
  });

  it('notices at once that a camera was turned while it was down, until a person accepts', TIMEOUT, async () => {
    const storage = join(folder, 'data');
    {
      await using camera = await startCamera({ file: await clip('before', '40', 8) });
      await using gateway = await TestGateway.start({ storage, cameras: [{ id: 'cam', source: camera.url }] });
      await gateway.eventually(
        'keep the view',
        async () => existsSync(join(storage, 'views', 'cam.json')) || undefined,
      );
    }
    await using camera = await startCamera({ file: await clip('after', '100', 8) });
    await using gateway = await TestGateway.start({ storage, cameras: [{ id: 'cam', source: camera.url }] });
    await gateway.reaches('cam', 'withheld:view-moved');
    expect(await gateway.metric('veilgate_frames_out_total', { camera: 'cam' })).toBe(0);
    await gateway.command('zones', 'accept', 'cam', '--site', gateway.siteFile);
    await gateway.reaches('cam', 'masked');
  });

  it('holds a blank wall that a person accepted to any change, also after a restart', TIMEOUT, async () => {
    const storage = await mkdtemp(join(folder, 'wall-'));
    const wall = await encoded('wall', 8, ['-f', 'lavfi', '-i', 'color=gray:s=600x400:r=25,noise=alls=6:allf=t']);
    {
      await using camera = await startCamera({ file: wall });
      await using gateway = await TestGateway.start({ storage, cameras: [{ id: 'cam', source: camera.url }] });
      await gateway.reaches('cam', 'masked');
      // It is shown, and somebody is told that nothing guards it.
      const told = async () =>
        (
          await gateway.api<{ alerts: { kind: string; severity: string; state: string }[] }>(
            'GET',
            '/alerts?camera=cam',
          )
        ).alerts.filter(({ kind }) => kind === 'view-unguarded');
      await gateway.eventually('alert', async () => ((await told()).length > 0 ? true : undefined));
      expect(await told()).toMatchObject([{ severity: 'low', state: 'new', article: 24, action: 'flag' }]);
      expect((await gateway.camera('cam')).state).toBe('masked');
      const { output } = await gateway.command('zones', 'accept', 'cam', '--site', gateway.siteFile);
      expect(output).toContain('guarded strictly');
      const kept = await gateway.eventually(
        'keep the view',
        async () =>
          JSON.parse(await readFile(join(storage, 'views', 'cam.json'), 'utf8').catch(() => 'null')) ?? undefined,
      );
      expect(kept.acceptedBy).not.toBe('first stable view');
      expect(await told()).toMatchObject([{ occurrences: 1 }]);
    }
    await using camera = await startCamera({ file: await clip('no-wall', '40', 8) });
    await using gateway = await TestGateway.start({ storage, cameras: [{ id: 'cam', source: camera.url }] });
    const { detail } = await gateway.reaches('cam', 'withheld:view-moved');
    expect(detail).toContain('too uniform');
    expect(await gateway.metric('veilgate_frames_out_total', { camera: 'cam' })).toBe(0);
  });

  it('shows a camera that can be turned at its preset alone', TIMEOUT, async () => {
    await using onvif = await OnvifCamera.start();
    await using camera = await startCamera({ file: await clip('ptz', '40', 8) });
    const ptz = { preset: 'Gate', service: onvif.service, every: 0.2 };
    await using gateway = await TestGateway.start({ cameras: [{ id: 'cam', source: camera.url, ptz }] });
    const withheldFor = (why: RegExp) =>
      gateway.eventually(`be withheld for ${why}`, async () =>
        why.test((await gateway.reaches('cam', 'withheld:off-preset')).detail ?? '') ? true : undefined,
      );
    await withheldFor(/pan 0\.000.*preset "Gate"/);
    expect(existsSync(join(gateway.storage, 'views', 'cam.json'))).toBe(false);
    onvif.position = onvif.presets.Gate!;
    await gateway.reaches('cam', 'masked');
    onvif.isBroken = true;
    await withheldFor(/does not tell where/);
    expect(gateway.process.output()).not.toContain('s3cret-ptz');
  });
});
