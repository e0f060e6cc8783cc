import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { unpackExport } from '../../src/record/export/export-archive.js';
import { type TestGateway, zone } from '../support/gateway.js';
import { countLeaks } from '../support/leaks.js';
import { freePort } from '../support/ports.js';
import { SecondPerson } from '../support/second-person.js';
import { cannotPlay, expectNoLeak, Stage, TIMEOUT } from '../support/stage.js';
import { lookAtJpegs, Viewer } from '../support/viewer.js';

const BOX = '/cameras/cam/commission';

/** The lines of text over an exported picture are as loud as this; the naked pattern is 12 to 16. */
const LOUDEST_WATERMARK = 4;

interface Alert {
  readonly id: string;
  readonly kind: string;
  readonly evidence: string | null;
}

/** What a page watches: fragmented MP4 over a WebSocket. */
const watchLive = (gateway: TestGateway): Viewer => {
  const address = `ws://127.0.0.1:${gateway.ports.http}/api/v1/cameras/cam/live`;
  const socket = new WebSocket(address, ['veilgate.live.v1', `bearer.${gateway.token}`]);
  const bytes = new PassThrough();
  socket.on('message', (data: Buffer, isBinary) => isBinary && bytes.write(data));
  socket.on('error', (error) => bytes.destroy(error));
  socket.once('close', () => bytes.end());
  bytes.once('close', () => socket.terminate());
  return Viewer.fed(bytes);
};

/** Looks at the raw picture over and over, as fast as that may be, until it is told to end. */
class Looking {
  readonly pictures: Buffer[] = [];
  readonly #running: Promise<void>;
  #goesOn = true;

  constructor(readonly person: SecondPerson) {
    this.#running = this.#run();
  }

  async end(): Promise<Buffer[]> {
    this.#goesOn = false;
    await this.#running;
    return this.pictures;
  }

  async #run(): Promise<void> {
    while (this.#goesOn) {
      const response = await this.person.ask('GET', `${BOX}/picture.jpg`);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (response.ok) this.pictures.push(bytes);
      else if (response.status !== 429) throw new Error(`answered ${response.status} ${bytes}`);
      else await pause(Number(response.headers.get('retry-after')) * 1000);
    }
  }
}

/** Exports everything by two people, and gives the pictures of it. */
const exported = async (gateway: TestGateway, second: SecondPerson): Promise<Buffer[]> => {
  const ask = (approval?: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${gateway.ports.http}/api/v1/exports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${gateway.token}`,
        'content-type': 'application/json',
        ...(approval !== undefined && { approval }),
      },
      body: JSON.stringify({ from: '2020-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', purpose: 'GA-17' }),
    });
  const { error } = (await (await ask()).json()) as { error: { approval: string } };
  await second.agree(error.approval);
  const answer = await ask(error.approval);
  expect(answer.status).toBe(200);
  const files = await unpackExport(Buffer.from(await answer.arrayBuffer()));
  return [...files].filter(([path]) => path.endsWith('.jpg')).map(([, bytes]) => bytes);
};

describe.skipIf(cannotPlay())('while one session looks at the raw picture', TIMEOUT, () => {
  it('nothing of it is in live views, what is pushed, snapshots, evidence, exports, or RTSP', async () => {
    const mediaServer = `rtsp://127.0.0.1:${await freePort()}/cam`;
    await using pushed = Viewer.listening(mediaServer);
    await using stage = await Stage.open({ commissioning: true, publish: [mediaServer] });
    const { gateway } = stage;
    await stage.plays(5);
    const ada = await SecondPerson.join(gateway, 'ada', 'integrator');
    const bob = await SecondPerson.join(gateway, 'bob', 'admin');
    await using live = watchLive(gateway);
    const ways = { live, pushed };
    for (const [name, viewer] of Object.entries(ways))
      await viewer.until(({ fresh }) => fresh, `picture of what is ${name}`);

    expect((await ada.ask('POST', BOX, { reason: 'the door was moved' })).status).toBe(201);
    const looking = new Looking(ada);
    const from = Object.values(ways).map(({ pictures }) => pictures.length);
    // Something to be found, and with a picture: a file that asks to mask less.
    await gateway.edit((camera) => ({ ...camera, zones: [zone({ id: 'painted', padding: 0 })] }));
    const evidence = await gateway.eventually('keep a picture of what was found', async () => {
      const { alerts } = await gateway.api<{ alerts: Alert[] }>('GET', '/alerts');
      const pictured = alerts.filter((alert) => alert.evidence !== null);
      if (!pictured.some(({ kind }) => kind === 'zones-mask-less')) return undefined;
      return Promise.all(pictured.map(({ id }) => gateway.bytes(`/alerts/${id}/evidence.jpg`)));
    });
    const files = await exported(gateway, bob);
    const snapshots = [await gateway.snapshot('cam')];
    for (const [i, viewer] of Object.values(ways).entries())
      await viewer.until(() => countLeaks(viewer.pictures.slice(from[i])).fresh >= 50, '50th picture in the time box');
    snapshots.push(await gateway.snapshot('cam'), await gateway.bytes('/cameras/cam/view.jpg'));

    // All that time the pattern showed to who looked, and the box is open still.
    const raw = await looking.end();
    expect(raw.length).toBeGreaterThanOrEqual(4);
    for (const sight of await lookAtJpegs(raw)) expect(sight.leaked).toBe(true);
    expect((await ada.ask('DELETE', BOX)).status).toBe(204);

    expectNoLeak(await lookAtJpegs([...evidence, ...snapshots]), 0, 'kept pictures');
    expect(files).toHaveLength(evidence.length);
    for (const { painted, chequer } of await lookAtJpegs(files)) {
      expect(painted).toBe(0);
      expect(chequer).toBeLessThan(LOUDEST_WATERMARK);
    }
    for (const [i, [name, viewer]] of Object.entries(ways).entries()) {
      expectNoLeak(viewer.pictures.slice(from[i]), 50, name);
      expectNoLeak(viewer.pictures, 51, name);
    }
    await stage.showsNoLeak(50);
  });
});
