import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { machineClock } from '../../src/camera/commission/grant.js';
import type { FromWorker, ToWorker, WorkerConfig } from '../../src/camera/messages.js';
import type { TestGateway } from '../support/gateway.js';
import { SecondPerson } from '../support/second-person.js';
import { cannotPlay, expectNoLeak, Stage, TIMEOUT } from '../support/stage.js';
import { lookAtJpegs } from '../support/viewer.js';

const BOX = '/cameras/cam/commission';
const PICTURE = `${BOX}/picture.jpg`;

interface Entry {
  readonly kind: string;
  readonly actor: string;
  readonly camera: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the audit log has of commissioning. */
const recorded = async (gateway: TestGateway): Promise<Entry[]> => {
  const { entries } = await gateway.api<{ entries: Entry[] }>('GET', '/log/entries?start=0&limit=256');
  return entries.filter(({ kind }) => kind === 'commission');
};

/** Waits until the log has so many ends of boxes, and gives the last one. */
const closed = (gateway: TestGateway, count: number): Promise<Entry> =>
  gateway.eventually(`record ${count} ends of a commissioning view`, async () => {
    const ends = (await recorded(gateway)).filter(({ data }) => data.step === 'closed');
    return ends.length >= count ? ends.at(-1) : undefined;
  });

/** What a session is answered: a status alone, or the JPEG. It asks again when it was too early. */
const look = async (person: SecondPerson): Promise<number | Buffer> => {
  const response = await person.ask('GET', PICTURE);
  if (response.status === 429) {
    await pause(Number(response.headers.get('retry-after')) * 1000);
    return look(person);
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  return response.ok ? bytes : response.status;
};

const lookAgain = async (person: SecondPerson, times: number): Promise<Buffer[]> => {
  const pictures: Buffer[] = [];
  while (pictures.length < times) {
    const seen = await look(person);
    if (typeof seen === 'number') throw new Error(`answered ${seen}`);
    pictures.push(seen);
  }
  return pictures;
};

describe.skipIf(cannotPlay())('the raw picture', TIMEOUT, () => {
  it('is seen by the session that opened the commissioning view, in its time, and by nobody else', async () => {
    await using stage = await Stage.open({ commissioning: true });
    const { gateway } = stage;
    await stage.plays(10);
    const ada = await SecondPerson.join(gateway, 'ada', 'integrator');
    const bob = await SecondPerson.join(gateway, 'bob', 'admin');
    const olga = await SecondPerson.join(gateway, 'olga', 'operator');
    const everybodyElse = async (): Promise<void> => {
      expect(await look(bob)).toBe(404);
      expect(await look(olga)).toBe(403);
      await expect(gateway.bytes(PICTURE)).rejects.toThrow('403');
    };

    // Before anybody opened it.
    expect(await look(ada)).toBe(404);
    await everybodyElse();
    expect(await recorded(gateway)).toEqual([]);

    // In the box: the pattern shows to who opened it, and the snapshot of the same moment is masked.
    const opened = await ada.ask('POST', BOX, { reason: 'the door was moved' });
    expect(opened.status).toBe(201);
    expect(await recorded(gateway)).toMatchObject([
      { actor: 'ada', camera: 'cam', data: { step: 'opened', reason: 'the door was moved' } },
    ]);
    const [raw, snapshots] = await Promise.all([
      lookAgain(ada, 3),
      Promise.all(Array.from({ length: 5 }, () => gateway.snapshot('cam'))),
    ]);
    for (const sight of await lookAtJpegs(raw)) expect(sight.leaked).toBe(true);
    expectNoLeak(await lookAtJpegs(snapshots), 0, 'snapshots');
    await everybodyElse();
    expect((await bob.ask('POST', BOX, { reason: 'me too' })).status).toBe(409);
    expect((await bob.ask('DELETE', BOX)).status).toBe(404);
    // A worker that was replaced shows nothing of before, and the box goes on.
    const pid = await gateway.workerPid('cam');
    process.kill(pid, 'SIGKILL');
    await gateway.workerPid('cam', pid);
    await stage.plays(10);
    for (const sight of await lookAtJpegs(await lookAgain(ada, 1))) expect(sight.leaked).toBe(true);

    // Closed by the person, by its time, by an operator, by the end of the session.
    expect((await ada.ask('DELETE', BOX)).status).toBe(204);
    expect(await look(ada)).toBe(404);
    expect(await closed(gateway, 1)).toMatchObject({ actor: 'ada', data: { why: 'by the person', pictures: 4 } });
    await ada.ask('POST', BOX, { reason: 'once more', seconds: 1 });
    expect(await closed(gateway, 2)).toMatchObject({ actor: 'system', data: { why: 'its time is over' } });
    expect(await look(ada)).toBe(404);
    await ada.ask('POST', BOX, { reason: 'once more' });
    await gateway.withhold('cam', true);
    expect([404, 409]).toContain(await look(ada));
    expect(await closed(gateway, 3)).toMatchObject({ data: { why: 'withheld-by-operator' } });
    expect((await ada.ask('POST', BOX, { reason: 'all the same' })).status).toBe(409);
    await gateway.withhold('cam', false);
    expect((await ada.ask('POST', BOX, { reason: 'once more' })).status).toBe(201);
    await gateway.api('PATCH', '/accounts/ada', { role: 'operator' });
    expect(await look(ada)).toBe(401);
    expect(await closed(gateway, 4)).toMatchObject({ data: { why: 'the session is over' } });
    await everybodyElse();
    await stage.plays(10);
    await stage.showsNoLeak(40);
  });

  it('is shown to nobody where the site file does not say so, or the place is a prohibited one', async () => {
    await using closedSite = await Stage.open({});
    const ada = await SecondPerson.join(closedSite.gateway, 'ada', 'integrator');
    await closedSite.plays(5);
    expect((await ada.ask('POST', BOX, { reason: 'why not' })).status).toBe(403);
    expect(await look(ada)).toBe(404);
    // What zones are drawn on instead: all blocks, and recorded.
    expect((await closedSite.gateway.bytes('/cameras/cam/coarse.jpg')).subarray(0, 2)).toEqual(
      Buffer.from('ffd8', 'hex'),
    );
    await using restroom = await Stage.open({ commissioning: true, place: 'restroom' });
    const bob = await SecondPerson.join(restroom.gateway, 'bob', 'integrator');
    await restroom.gateway.reaches('cam', 'withheld:prohibited-place');
    expect((await bob.ask('POST', BOX, { reason: 'why not' })).status).toBe(403);
    await expect(restroom.gateway.bytes('/cameras/cam/coarse.jpg')).rejects.toThrow('403');
    for (const { gateway } of [closedSite, restroom]) expect(await recorded(gateway)).toEqual([]);
  });
});

/** One life of a worker without a gateway: what control could say to it, were it broken or worse. */
const worker = async (commissioning: boolean, holds: WorkerConfig['holds'] = []) => {
  const child = fork(fileURLToPath(new URL('../../dist/camera/worker.js', import.meta.url)), {
    serialization: 'advanced',
    stdio: 'ignore',
  });
  const say = (message: ToWorker): boolean => child.send(message);
  const heard = on(child, 'message');
  const hears = async <T extends FromWorker['type']>(type: T): Promise<Extract<FromWorker, { type: T }>> => {
    for (;;) {
      const { value } = (await heard.next()) as { value: [FromWorker] };
      if (value[0].type === type) return value[0] as Extract<FromWorker, { type: T }>;
    }
  };
  await hears('hello');
  say({
    type: 'configure',
    config: {
      camera: 'cam',
      epoch: 1,
      source: { url: 'demo:lobby', transport: 'auto', tls: { verify: true, ca: null }, loop: true },
      output: { codec: 'h264', bitrate: null, onDemand: true, hardware: false },
      zones: { revision: 1, zones: [], shape: null },
      lookAhead: 0,
      guard: { mode: 'off', view: null, mayLearn: true },
      ptz: null,
      commissioning,
      holds,
      wanted: false,
      vision: null,
    },
  });
  await hears('source');
  const grant = async (ms: number): Promise<boolean> => {
    say({ type: 'commission', grant: { request: 1, until: machineClock() + ms } });
    return (await hears('commissioned')).picture !== null;
  };
  const close = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { grant, [Symbol.asyncDispose]: close };
};

describe.skipIf(cannotPlay())('a worker', TIMEOUT, () => {
  it('makes a raw picture on a grant, where it was started so', async () => {
    await using open = await worker(true);
    expect(await open.grant(4_000)).toBe(true);
    expect(await open.grant(60_000)).toBe(false);
    expect(await open.grant(-1)).toBe(false);
  });

  it('refuses every grant where it was not, or where the place is prohibited', async () => {
    await using never = await worker(false);
    expect(await never.grant(4_000)).toBe(false);
    await using prohibited = await worker(true, ['prohibited-place']);
    expect(await prohibited.grant(4_000)).toBe(false);
  });
});
