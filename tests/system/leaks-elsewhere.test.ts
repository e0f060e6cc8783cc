import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/record/store/store.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { zone } from '../support/gateway.js';
import { cannotPlay, expectNoLeak, ROUNDS, Stage, TIMEOUT } from '../support/stage.js';
import { tinyDisk } from '../support/tiny-disk.js';
import { lookAtJpegs } from '../support/viewer.js';

/** How a JPEG and a stream of H.264 or H.265 begin. */
const PICTURE_SIGNS = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from([0, 0, 0, 1])];

describe.skipIf(cannotPlay())('no unmasked picture gets out', TIMEOUT, () => {
  it('in snapshots: at the start, while zones are edited, while the worker is killed', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    const snapshots: Buffer[] = [];
    let going = true;
    const take = (async () => {
      while (going) snapshots.push(await gateway.snapshot('cam'));
    })();
    await stage.plays(20);
    for (let round = 0; round < ROUNDS * 10; round++) {
      await gateway.putZones('cam', [zone({ id: round % 2 === 0 ? 'even' : 'odd', padding: 16 + round })]);
    }
    const pid = await gateway.workerPid('cam');
    process.kill(pid, 'SIGKILL');
    await gateway.workerPid('cam', pid);
    await stage.plays(20);
    going = false;
    await take;
    const pictures = await lookAtJpegs(snapshots);
    expectNoLeak(pictures, 15, 'snapshots');
    expect(pictures.some(({ slate }) => slate)).toBe(true);
    await stage.showsNoLeak(35);
  });

  it('in snapshots of a stream that is withheld: the slate', async () => {
    await using stage = await Stage.open({ place: 'restroom' });
    const { gateway } = stage;
    const pictures = await lookAtJpegs([await gateway.snapshot('cam'), await gateway.snapshot('cam')]);
    expect(pictures.every(({ slate }) => slate)).toBe(true);
  });

  it('over any other path of HTTP: nothing is a picture but a snapshot and what is all coarse blocks', async () => {
    await using stage = await Stage.open({});
    const { gateway } = stage;
    await stage.plays(5);
    const { paths } = await gateway.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json');
    const tried: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      if (!('get' in methods)) continue;
      const type = await gateway.typeOf(path.replace('{camera}', 'cam'));
      if (!/(snapshot|coarse)\.jpg$/.test(path)) expect(type, path).not.toMatch(/image|video|octet/);
      tried.push(path);
    }
    expect(tried.length).toBeGreaterThan(5);
  });

  it('when the disk is full: zones in force stay, and are masked with', async (context) => {
    await using disk = await tinyDisk(2048);
    if (!disk) return context.skip('needs root, to mount a small file system');
    await using stage = await Stage.open({ storage: disk.path });
    const { gateway } = stage;
    await stage.plays(10);
    await disk.fill();
    const { zoneRevision } = await gateway.camera('cam');
    await expect(gateway.putZones('cam', [], 'for a test')).rejects.toThrow('50');
    await gateway.edit((camera) => ({ ...camera, zones: [zone({ id: 'another' })] }));
    await gateway.eventually('heed the edit', async () =>
      (await gateway.camera('cam')).pendingLosses ? true : undefined,
    );
    await stage.plays(20);
    const pid = await gateway.workerPid('cam');
    process.kill(pid, 'SIGKILL');
    await gateway.workerPid('cam', pid);
    await stage.plays(20);
    expect((await gateway.camera('cam')).zoneRevision).toBe(zoneRevision);
    await stage.showsNoLeak(45);
  });

  it('to the disk: no file that a run leaves behind is a picture', async () => {
    await using stage = await Stage.open({});
    await stage.plays(20);
    await stage.gateway.snapshot('cam');
    await stage.gateway.process.close();
    // What was found on the way (a machine that is busy stops cameras) comes with masked pictures, which the store keeps.
    const store = openStore({ dir: stage.gateway.storage, url: null }, { logger: SILENT_LOGGER, host: 'here' });
    const kept = await store.run((db) => db.selectFrom('evidence').select('jpeg').execute());
    await store.close();
    expectNoLeak(await lookAtJpegs(kept.map(({ jpeg }) => Buffer.from(jpeg))), 0, 'evidence');
    let size = 0;
    for (const entry of await readdir(stage.gateway.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      const mayKeep = entry.name.startsWith('record.db') && kept.length > 0;
      for (const sign of PICTURE_SIGNS) expect(bytes.subarray(0, sign.length), entry.name).not.toEqual(sign);
      if (!mayKeep) expect(bytes.indexOf(PICTURE_SIGNS[0]!), entry.name).toBe(-1);
      size += deflateRawSync(bytes).length;
    }
    // Zones, keys, the log, a database of mostly empty pages: all of it says less than a fourth of one raw picture could.
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan((640 * 360) / 4 + kept.reduce((sum, { jpeg }) => sum + jpeg.length, 0));
  });
});
