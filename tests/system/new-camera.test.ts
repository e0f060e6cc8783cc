import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, TestGateway } from '../support/gateway.js';
import { OnvifCamera } from '../support/onvif-camera.js';
import { DiscoverableDevices, probeMatch } from '../support/ws-discovery.js';

interface Streams {
  readonly streams: readonly { readonly url: string; readonly width: number }[];
}

/** What no camera should send, and some do: each made the library throw where nobody can catch it. */
const NONSENSE = [
  'not XML',
  '<a/>',
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
  probeMatch('', 'silent').replace(/<a:EndpointReference>.*<\/a:EndpointReference>/, ''),
  probeMatch('http://[::1', 'broken address'),
];

describe.skipIf(!isBuilt())('a new camera', () => {
  it('is found among devices that answer nonsense, tells its streams, and is written into the site file', async () => {
    await using camera = await OnvifCamera.start();
    camera.stream = 'rtsp://someone:else@127.0.0.1:9/stream1';
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    const answers = [...NONSENSE, probeMatch(camera.publicService, 'Gate camera')];
    await using _devices = await DiscoverableDevices.listen(answers);
    const found = await gateway.api<{ devices: readonly unknown[] }>('POST', '/onvif/discovery');
    expect(found.devices).toEqual([{ name: 'Gate camera', hardware: 'X-100', service: camera.publicService }]);

    const question = { service: camera.publicService, user: 'operator', password: 's3cret-ptz' };
    const { streams } = await gateway.api<Streams>('POST', '/onvif/streams', question);
    expect(streams).toEqual([
      { name: 'main', url: 'rtsp://127.0.0.1:9/stream1', codec: 'H264', width: 1280, height: 720, fps: 25 },
    ]);
    await expect(gateway.api('POST', '/onvif/streams', { ...question, user: 'guest' })).rejects.toThrow(
      /502.*scout-failed.*does not tell its streams/,
    );

    const before = `# Ours, by hand.\n${await readFile(gateway.siteFile, 'utf8')}`;
    await gateway.write(before);
    const source = 'rtsp://operator:s3cret-ptz@127.0.0.1:9/stream1';
    const added = await gateway.api<{ line: number }>('POST', '/cameras', { id: 'gate', source, place: 'entrance' });
    const after = await readFile(gateway.siteFile, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.split('\n')[added.line - 1]).toContain('- id: gate');
    await gateway.reaches('gate', 'offline');
    const entries = JSON.stringify(await gateway.api('GET', '/log/entries?start=0&limit=200'));
    expect(entries).toContain('"camera-added"');
    expect(entries).not.toContain('s3cret-ptz');
    expect(gateway.process.output()).not.toContain('s3cret-ptz');
  });

  it('is refused with every problem, and the file stays as it was', async () => {
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    const add = (camera: object) => gateway.api('POST', '/cameras', { place: 'lobby', ...camera });
    const before = await readFile(gateway.siteFile, 'utf8');
    await expect(add({ id: 'lobby', source: 'demo:lobby' })).rejects.toThrow(/422.*camera-invalid/);
    await expect(add({ id: 'gate', source: 'rtsp://' })).rejects.toThrow(/422.*"path":"source"/);
    await expect(add({ id: 'gate', source: 'rtsp://u:${NOT_SET}@10.0.0.9/' })).rejects.toThrow(/NOT_SET is not set/);
    await expect(add({ id: 'gate', source: join(gateway.folder, 'site.yaml') })).rejects.toThrow(/422/);
    expect(await readFile(gateway.siteFile, 'utf8')).toBe(before);
    await gateway.write(`${before}\nnonsense: 1\n`);
    await expect(add({ id: 'gate', source: 'demo:lobby' })).rejects.toThrow(/409.*site-file-invalid/);
  });

  it('comes to a site that has none, and the last one goes as any other does', async () => {
    await using gateway = await TestGateway.start({ cameras: [] });
    expect(await gateway.api('GET', '/cameras')).toEqual({ cameras: [] });
    const series = async () =>
      (await gateway.bytes('/../../metrics')).toString().match(/^veilgate_.*camera="gate".*$/gm) ?? [];
    expect(await series()).toEqual([]);
    const reported = await gateway.command('report', 'compliance', '--site', gateway.siteFile, '--out', gateway.folder);
    expect([reported.code, reported.output]).toEqual([0, expect.stringContaining('nothing is watched')]);
    await gateway.api('POST', '/cameras', { id: 'gate', source: 'demo:lobby', place: 'lobby' });
    const { workerPid } = await gateway.reaches('gate', 'masked');
    expect((await series()).length).toBeGreaterThan(0);

    await gateway.write(gateway.text);
    await gateway.eventually('forget the camera', async () =>
      (await gateway.api<{ cameras: object[] }>('GET', '/cameras')).cameras.length === 0 ? true : undefined,
    );
    expect(await series()).toEqual([]);
    await gateway.eventually('end its worker', async () => (existsSync(`/proc/${workerPid}`) ? undefined : true));
    await expect(gateway.camera('gate')).rejects.toThrow(/404/);
    expect(await gateway.get('/readyz')).toMatchObject({ ready: true });
    await gateway.api('POST', '/cameras', { id: 'gate', source: 'demo:lobby', place: 'lobby' });
    await gateway.reaches('gate', 'masked');
  });

  it('leaves the file the rights that it has, and is masked as a whole', async () => {
    await using gateway = await TestGateway.start({ cameras: [{ id: 'lobby', source: 'demo:lobby' }] });
    const { mode } = await stat(gateway.siteFile);
    await gateway.api('POST', '/cameras', { id: 'gate', source: 'demo:lobby', place: 'lobby' });
    expect((await stat(gateway.siteFile)).mode).toBe(mode);
    await gateway.reaches('gate', 'masked');
  });
});
