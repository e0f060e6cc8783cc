import { spawnSync } from 'node:child_process';
import { rm, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CameraReport, TestGateway, zone } from '../support/gateway.js';
import { countLeaks, type SeenPicture } from '../support/leaks.js';
import { cannotPlay, expectNoLeak, Stage } from '../support/stage.js';
import { Viewer } from '../support/viewer.js';
import { WireClient } from '../support/wire-client.js';

/** Seconds from the last picture to the slate: what viewers are promised (1 s), and half as much for a machine that is busy. */
const SLATE_WITHIN_S = 1.5;
/** From the slate to the picture: the promised 3 s, and the wait for the camera's next keyframe (1 s). */
const PICTURE_WITHIN_S = 4;
/** Between two pictures of a camera to which nothing happens: 40 ms, but the machine is busy. */
const UNDISTURBED_S = 0.7;

const GONE = 'a slate after the picture';
const BACK = 'a picture after the slate';

/** What a viewer saw around a disturbance: the picture before it, the slate, and the picture after, by the stream's own clock. */
async function disturbance(viewer: Viewer, from: number): Promise<{ toSlate: number; toPicture: number }> {
  const slate = await viewer.until((picture) => picture.slate, GONE, { from });
  const slateAt = viewer.pictures.indexOf(slate);
  const back = await viewer.until((picture) => picture.fresh, BACK, { from: slateAt });
  const before = viewer.pictures[slateAt - 1]!;
  return { toSlate: slate.time - before.time, toPicture: back.time - slate.time };
}

const seesPictures = async (viewer: Viewer): Promise<void> => {
  const from = viewer.pictures.length;
  await viewer.until(() => countLeaks(viewer.pictures.slice(from)).fresh >= 10, '10th live picture', { from });
};

const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  // What has ended and was not waited for yet is a zombie.
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

const refusesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });

describe.skipIf(cannotPlay())('a stream', () => {
  it('lives through the end of its worker: the slate, then the picture, in one session; other cameras go on', async () => {
    await using stage = await Stage.open({ id: 'cam' }, { id: 'other' });
    const { gateway } = stage;
    await using viewer = Viewer.live(gateway.url('cam'));
    await using other = Viewer.live(gateway.url('other'));
    for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGSTOP'] as const) {
      await Promise.all([seesPictures(viewer), seesPictures(other)]);
      const undisturbed = other.pictures.length;
      const pid = await gateway.workerPid('cam');
      const from = viewer.pictures.length;
      process.kill(pid, signal);
      const { toSlate, toPicture } = await disturbance(viewer, from);
      expect(toSlate, signal).toBeLessThan(SLATE_WITHIN_S);
      expect(toPicture, signal).toBeLessThan(PICTURE_WITHIN_S);
      await seesPictures(viewer);
      const { slates, longestGap } = countLeaks(other.pictures.slice(undisturbed));
      expect(slates, `slates of the other camera after ${signal}`).toBe(0);
      expect(longestGap).toBeLessThan(UNDISTURBED_S);
      // One that was stopped is not there to go on.
      await gateway.eventually('see the old worker gone', async () => (isRunning(pid) ? undefined : true));
    }
    for (const how of ['crashed', 'hung'])
      expect(await gateway.metric('veilgate_worker_restarts_total', { camera: 'cam', how })).toBeGreaterThan(0);
    expect(await gateway.metric('veilgate_worker_restarts_total', { camera: 'other' })).toBe(0);
    await stage.showsNoLeak(50, 'cam');
    await stage.showsNoLeak(50, 'other');
  });

  it('lives through the loss of its camera for some seconds', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await using viewer = Viewer.live(gateway.url('cam'));
    await seesPictures(viewer);
    const from = viewer.pictures.length;
    await stage.unplug();
    await gateway.reaches('cam', 'offline');
    // Five slates a second: three seconds.
    await viewer.until(() => countLeaks(viewer.pictures.slice(from)).slates >= 15, '15th slate', { from });
    await stage.plug();
    await viewer.until((picture) => picture.fresh, BACK, { from: viewer.pictures.length });
    expect(await gateway.camera('cam')).toMatchObject({ state: 'masked', reason: null, detail: null });
    await stage.showsNoLeak(10);
  });

  it('of a place in which cameras are prohibited shows nothing but the slate, from the first picture on', async () => {
    await using stage = await Stage.open({ place: 'restroom' });
    const { gateway } = stage;
    expect(await gateway.camera('cam')).toMatchObject({ state: 'withheld', reason: 'prohibited-place' });
    await using viewer = Viewer.live(gateway.url('cam'));
    await viewer.until(() => viewer.pictures.length >= 20, '20th picture');
    expect(viewer.pictures.every(({ slate }) => slate)).toBe(true);
    // Nor does an operator's word, given and taken back, let it out.
    await gateway.withhold('cam', true);
    await gateway.withhold('cam', false);
    const from = viewer.pictures.length;
    await viewer.until(() => viewer.pictures.length >= from + 10, '10th picture', { from });
    expect(viewer.pictures.every(({ slate }) => slate)).toBe(true);
    expect(await gateway.camera('cam')).toMatchObject({ state: 'withheld', reason: 'prohibited-place' });
    const recorded = await stage.pictures();
    expect(recorded.length).toBeGreaterThan(0);
    expect(recorded.every(({ slate }) => slate)).toBe(true);
  });

  it('is withheld on an operator’s word and comes back on another, however fast they follow each other', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(10);
    await using client = await WireClient.play(gateway.ports.rtsp, 'cam');
    const closed: (readonly [from: number, to: number])[] = [];
    for (let round = 0; round < 4; round++) {
      await Promise.all([true, false, true].map((withheld) => gateway.withhold('cam', withheld)));
      const report = await gateway.withhold('cam', true);
      expect(report).toMatchObject({ state: 'withheld', reason: 'operator' });
      const from = await client.mark();
      await gateway.eventually('send slates', async () => ((await client.mark()) >= from + 3 ? true : undefined));
      closed.push([from, await client.mark()]);
      await gateway.withhold('cam', false);
      await stage.plays(10);
    }
    const pictures = await client.pictures();
    for (const [from, to] of closed) expect(pictures.slice(from, to).every(({ slate }) => slate)).toBe(true);
    expectNoLeak(pictures, 30, 'the client');
    expect(await gateway.metric('veilgate_withheld_seconds_total', { reason: 'operator' })).toBeGreaterThan(0);
  });

  it('is withheld when the picture has another shape, until a person accepts it', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(10);
    await stage.unplug();
    await stage.plug({ size: [640, 480] });
    const report = await gateway.reaches('cam', 'withheld:geometry-changed');
    expect(report.detail).toBe('the source sends 640x480, the zones were accepted on 640x360');
    await using viewer = Viewer.live(gateway.url('cam'));
    await viewer.until(() => viewer.pictures.length >= 10, '10th picture');
    expect(viewer.pictures.every(({ slate }) => slate)).toBe(true);
    const { code, output } = await gateway.command('zones', 'accept', 'cam', '--site', gateway.siteFile);
    expect(output).toContain('is in force');
    expect(code).toBe(0);
    await seesPictures(viewer);
    await stage.plays(20);
    const pictures = await stage.pictures();
    const sizes = (some: readonly SeenPicture[]) => new Set(some.filter(({ fresh }) => fresh).map(({ size }) => size));
    expect(sizes(pictures)).toEqual(new Set(['640x360', '640x480']));
    expectNoLeak(pictures, 25, 'the recording');
  });
});

describe.skipIf(cannotPlay())('a gateway', () => {
  it('whose record of the zones is damaged withholds the stream, and names the way out', async () => {
    await using stage = await Stage.open({});
    await stage.plays(10);
    const { storage, ports } = stage.gateway;
    const source = stage.camera().url;
    await stage.gateway.process.close();
    const record = join(storage, 'zones', 'cam.json');
    await truncate(record, 200);
    await using gateway = await TestGateway.start({ cameras: [{ id: 'cam', source }], storage, ports });
    expect(await gateway.camera('cam')).toMatchObject({ state: 'withheld', reason: 'config-invalid' });
    expect(gateway.process.output()).toContain('is cut short or damaged');
    await using viewer = Viewer.live(gateway.url('cam'));
    await viewer.until(() => viewer.pictures.length >= 10, '10th picture');
    expect(viewer.pictures.every(({ slate }) => slate)).toBe(true);
    await rm(record);
    await gateway.edit((camera) => ({ ...camera, lookAhead: 1 }));
    await gateway.reaches('cam', 'masked');
    await seesPictures(viewer);
    expectNoLeak(viewer.pictures, 10, 'the viewer');
    await stage.showsNoLeak(10);
  });

  it('that is killed leaves no worker and no listener behind, and starts again on the same storage', async () => {
    await using stage = await Stage.open({ id: 'cam' }, { id: 'other' });
    const { gateway } = stage;
    await Promise.all(['cam', 'other'].map((id) => stage.plays(10, id)));
    const workers = await Promise.all(['cam', 'other'].map((id) => gateway.workerPid(id)));
    process.kill(gateway.pid, 'SIGKILL');
    await expect.poll(() => workers.filter(isRunning), { timeout: 10_000 }).toEqual([]);
    for (const port of [gateway.ports.http, gateway.ports.rtsp]) expect(await refusesConnections(port)).toBe(true);
    const cameras = ['cam', 'other'].map((id) => ({ id, source: stage.camera(id).url }));
    await using next = await TestGateway.start({ cameras, storage: gateway.storage, ports: gateway.ports });
    await next.reaches('cam', 'masked');
    await using viewer = Viewer.live(next.url('cam'));
    await seesPictures(viewer);
    expectNoLeak(viewer.pictures, 10, 'the viewer');
    await stage.showsNoLeak(10, 'cam');
  });

  it('follows an edit of the site file that masks more, at once', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(10);
    const before = await gateway.camera('cam');
    const more = zone({
      id: 'whole',
      polygon: [
        [0, 0.2],
        [1, 0.2],
        [1, 1],
        [0, 1],
      ],
    });
    await gateway.edit((camera) => ({ ...camera, zones: [zone(), more] }));
    const after = await gateway.eventually('mask more', async () => {
      const now = await gateway.camera('cam');
      return now.maskedArea > 0.7 ? now : undefined;
    });
    expect(after.zoneRevision).toBeGreaterThan(before.zoneRevision);
    expect(after.pendingLosses).toBeNull();
    await stage.showsNoLeak(10);
  });

  it('keeps its zones where an edit masks less, until a person accepts', async () => {
    await using stage = await Stage.open({ zones: [zone(), zone({ id: 'second' })] });
    const { gateway } = stage;
    await stage.plays(10);
    const before = await gateway.camera('cam');
    const window = zone({
      id: 'window',
      polygon: [
        [0.8, 0.8],
        [0.9, 0.8],
        [0.9, 0.9],
        [0.8, 0.9],
      ],
    });
    await gateway.edit((camera) => ({ ...camera, zones: [window] }));
    const waiting = await gateway.eventually('ask a person', async (): Promise<CameraReport | undefined> => {
      const now = await gateway.camera('cam');
      return now.pendingLosses ? now : undefined;
    });
    expect(waiting.pendingLosses?.map((loss) => loss.zone)).toEqual(['painted', 'second']);
    expect(waiting.zoneRevision).toBe(before.zoneRevision);
    expect(await gateway.metric('veilgate_zones_pending', { camera: 'cam' })).toBe(1);
    await stage.plays(10);
    await stage.showsNoLeak(18);
    const { output } = await gateway.command('zones', 'accept', 'cam', '--site', gateway.siteFile);
    expect(output).toContain('is in force');
    expect(await gateway.camera('cam')).toMatchObject({ state: 'masked', pendingLosses: null });
    // Now, and only now, it shows.
    await using viewer = Viewer.live(gateway.url('cam'));
    await viewer.until(({ leaked }) => leaked, 'picture without the zone');
  });

  it('keeps what it has where an edit is broken, and says so', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(10);
    const rejected = (): Promise<number> => gateway.metric('veilgate_config_rejected');
    const before = await gateway.camera('cam');
    expect(await rejected()).toBe(0);
    await gateway.write(gateway.text.replace('polygon', 'polygom'));
    await gateway.eventually('reject the edit', async () => ((await rejected()) === 1 ? true : undefined));
    expect(gateway.process.output()).toContain('polygom');
    const { state, zoneRevision, workerPid } = await gateway.camera('cam');
    expect({ state, zoneRevision, workerPid }).toEqual({
      state: 'masked',
      zoneRevision: before.zoneRevision,
      workerPid: before.workerPid,
    });
    await stage.plays(10);
    await gateway.write(gateway.text);
    await gateway.eventually('take the repaired file', async () => ((await rejected()) === 0 ? true : undefined));
    await stage.showsNoLeak(18);
  });
});
