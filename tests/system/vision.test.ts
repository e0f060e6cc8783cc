import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/vision/picture.js';
import { PlaceClassifier } from '../../src/vision/place/classify.js';
import { isBuilt, TestGateway, zone } from '../support/gateway.js';

const run = promisify(execFile);
const DATA = resolve(process.env.VEILGATE_DATA ?? '../shared/data');
const TIMEOUT = { timeout: 120_000 };
const UNMASKED = 'The tests look at the place alone.';

describe.skipIf(!isBuilt() || !existsSync(DATA))('looking at what cameras show', () => {
  let folder: string;
  let places: PlaceClassifier;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veilgate-vision-'));
    places = await PlaceClassifier.open();
  });
  afterAll(async () => {
    await places[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /**
   * A clip that stands still before photographs of one kind of place, five seconds each: those of which the classifier is surest, since
   * how good it is is measured elsewhere.
   */
  const clipOf = async (kind: string, sign: 1 | -1): Promise<string> => {
    const names = readdirSync(join(DATA, 'scenes/eval', kind))
      .sort()
      .slice(0, 30);
    const judged: { file: string; prohibited: number }[] = [];
    for (const name of names) {
      const file = join(DATA, 'scenes/eval', kind, name);
      judged.push({ file, prohibited: (await places.classify(await decodePicture(file))).prohibited });
    }
    judged.sort((a, b) => sign * (b.prohibited - a.prohibited));
    const list = join(folder, `${kind}.txt`);
    const surest = judged.slice(0, 4);
    await writeFile(list, surest.map(({ file }) => `file '${file}'\nduration 5\n`).join(''));
    const path = join(folder, `${kind}.mp4`);
    await run('ffmpeg', [
      ...['-nostdin', '-y', '-v', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-r', '10'],
      ...['-vf', 'scale=640:480', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '20', path],
    ]);
    return path;
  };

  it('withholds a lobby that is a bathroom, and still after a restart; a kitchen goes on', TIMEOUT, async () => {
    const storage = join(folder, 'data');
    const [bathroom, kitchen] = [await clipOf('bathroom', 1), await clipOf('kitchen', -1)];
    const camera = { zones: [], unmasked: UNMASKED, guard: { mode: 'off' } };
    const cameras = [
      { id: 'wrong', source: bathroom, place: 'lobby', ...camera },
      { id: 'right', source: kitchen, place: 'kitchen', ...camera },
      { id: 'declared', source: kitchen, place: 'restroom', ...camera },
    ];
    {
      await using gateway = await TestGateway.start({ storage, cameras, vision: { mode: 'on' } });
      await gateway.reaches('declared', 'withheld:prohibited-place');
      await gateway.reaches('right', 'masked');
      await gateway.reaches('wrong', 'withheld:prohibited-place', 60_000);
      expect((await gateway.camera('right')).state).toBe('masked');
      expect(await gateway.metric('veilgate_frames_out_total', { camera: 'declared' })).toBe(0);
      const alarms = await gateway.eventually('alert people', async () => {
        const { alerts } = await gateway.api<{ alerts: object[] }>('GET', '/alerts?camera=wrong&kind=prohibited-place');
        return alerts.length > 0 ? alerts : undefined;
      });
      expect(alarms).toMatchObject([{ state: 'new', article: 15 }]);
      const { alerts } = await gateway.api<{ alerts: object[] }>('GET', '/alerts?camera=right&kind=prohibited-place');
      expect(alerts).toEqual([]);
    }
    await using gateway = await TestGateway.start({ storage, cameras: cameras.slice(0, 1) });
    expect(await gateway.camera('wrong')).toMatchObject({ state: 'withheld', reason: 'prohibited-place' });
    expect(await gateway.metric('veilgate_frames_out_total', { camera: 'wrong' })).toBe(0);
  });

  it('goes on showing a lobby and a yard, look after look', TIMEOUT, async () => {
    const camera = { zones: [], unmasked: UNMASKED };
    const cameras = [
      { id: 'lobby', source: 'demo:lobby', place: 'lobby', ...camera },
      { id: 'yard', source: join(DATA, 'video/vtest.mp4'), place: 'yard', ...camera },
    ];
    await using gateway = await TestGateway.start({ cameras, vision: { mode: 'on' } });
    // One look would not be enough to withhold; after six that agree a place is settled.
    await gateway.eventually(
      'look often enough',
      async () => (await gateway.metric('veilgate_vision_looks_total', { eye: 'place' })) >= 14 || undefined,
      90_000,
    );
    for (const { id } of cameras) expect(await gateway.camera(id)).toMatchObject({ state: 'masked' });
    const { alerts } = await gateway.api<{ alerts: object[] }>('GET', '/alerts?kind=prohibited-place');
    expect(alerts).toEqual([]);
  });

  it('masks people, and all of the picture while it cannot see them; other cameras go on', TIMEOUT, async () => {
    const yard = join(DATA, 'video/vtest.mp4');
    const off = { guard: { mode: 'off' }, place: 'yard' };
    const cameras = [
      { id: 'people', source: yard, mask: 'people', people: { rate: 2 }, zones: [], ...off } as const,
      {
        id: 'zone',
        source: yard,
        zones: [zone({ kind: 'private', mask: 'people', onPerson: 'alert' })],
        output: { onDemand: false },
        people: { rate: 2 },
        ...off,
      } as const,
    ];
    await using gateway = await TestGateway.start({ cameras, vision: { mode: 'on' } });
    await gateway.reaches('people', 'masked');
    await gateway.eventually('open the zone', async () => (await gateway.camera('zone')).maskedArea === 0 || undefined);
    // Some are black, and most of the yard is to be seen.
    await gateway.eventually('mask people', async () => {
      const share = await blackShare(await gateway.snapshot('people'));
      return (share > 0.02 && share < 0.4) || undefined;
    });
    await gateway.process.match(/"type":"person-entered","camera":"zone"/);

    const hung = visionOf(gateway.pid);
    process.kill(hung, 'SIGSTOP');
    await gateway.reaches('people', 'withheld:analysis-stale', 10_000);
    expect(await gateway.camera('zone')).toMatchObject({ state: 'masked' });
    await gateway.eventually('close the zone', async () => (await gateway.camera('zone')).maskedArea > 0 || undefined);
    await gateway.reaches('people', 'masked');
    expect(await gateway.metric('veilgate_vision_restarts_total', { how: 'hung' })).toBe(1);

    const killed = visionOf(gateway.pid);
    process.kill(killed, 'SIGKILL');
    // The next one is held up: on an idle machine it sees people before anybody can ask what was masked meanwhile.
    const next = await gateway.eventually('start another', async () => {
      const pid = visionOf(gateway.pid);
      return pid === killed ? undefined : pid;
    });
    process.kill(next, 'SIGSTOP');
    await gateway.eventually('close the zone', async () => (await gateway.camera('zone')).maskedArea > 0 || undefined);
    process.kill(next, 'SIGCONT');
    await gateway.eventually('open it again', async () => (await gateway.camera('zone')).maskedArea === 0 || undefined);
    expect(await gateway.camera('zone')).toMatchObject({ state: 'masked' });
  });
});

it.skipIf(!isBuilt() || !existsSync(DATA))(
  'masks people whom another detector finds; one that is not here masks everything, and `check` says what there is',
  TIMEOUT,
  async () => {
    const yard = {
      source: join(DATA, 'video/vtest.mp4'),
      place: 'yard',
      guard: { mode: 'off' },
      mask: 'people',
      zones: [],
    } as const;
    const cameras = [{ id: 'people', people: { rate: 2 }, ...yard }];
    {
      await using gateway = await TestGateway.start({ cameras, vision: { mode: 'on', detector: 'coco-ssd-int8' } });
      await gateway.reaches('people', 'masked');
      await gateway.eventually('mask people', async () => {
        const share = await blackShare(await gateway.snapshot('people'));
        return (share > 0.02 && share < 0.4) || undefined;
      });
    }
    await using gateway = await TestGateway.start({ cameras, vision: { mode: 'on', detector: 'yolox-none' } });
    await gateway.process.match(/"eye":"people".*yolox-none/);
    await gateway.reaches('people', 'withheld:analysis-stale');
    const check = run(process.execPath, [resolve('dist/cli.js'), 'check', gateway.siteFile]);
    await expect(check).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /site\.yaml:\d+:\d+: vision\.detector: There is no model "yolox-none"\. For objects there are: coco-ssd, coco-ssd-int8, nanodet, nanodet-int8\.\s+.*models pull/,
      ),
    });
  },
);

/** The gateway's vision process. */
function visionOf(gateway: number): number {
  for (const pid of readFileSync(`/proc/${gateway}/task/${gateway}/children`, 'utf8').split(' ').filter(Boolean))
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('vision/process.js')) return Number(pid);
  throw new Error('there is no vision process');
}

/** Of a JPEG. */
async function blackShare(jpeg: Buffer): Promise<number> {
  const { data } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.filter((value) => value < 24).length / data.length;
}
