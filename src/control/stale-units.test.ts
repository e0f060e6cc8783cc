import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { RawRtsp } from '../../tests/support/raw-rtsp.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import type { Drain } from '../rtsp/published-stream.js';
import { RtspServer } from '../rtsp/server.js';
import { CameraControl } from './camera-control.js';
import { CameraMetrics } from './camera-metrics.js';
import type { CameraSetup } from './camera-setup.js';
import { MaskedStream } from './masked-stream.js';
import type { SlateShelf } from './slate-shelf.js';
import { Timeline } from './timeline.js';

const SPS = Buffer.from('0000000167640028acd940780227e5c04400000fa40003', 'hex');
const PPS = Buffer.from('0000000168ebe3cb22c0', 'hex');

/** So many together are more than the kernel takes for a client that does not read: 10 MB with Linux's largest buffers. */
const UNITS = 40;
/** Quickly read. */
const FEW = 4;
const UNIT_BYTES = 1_000_000;

const keyframe = (mark: number): Buffer =>
  Buffer.concat([SPS, PPS, Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(UNIT_BYTES, mark + 1)]);

/** A stream behind a real server, and a client that plays it. */
async function played() {
  const stream = new MaskedStream('cam', 'h264', new Timeline(() => performance.now()), {
    demand: () => undefined,
    keyframe: () => undefined,
  });
  stream.showPictures();
  const publish = (mark: number): void =>
    void stream.publish({ data: keyframe(mark), keyframe: true, pts: mark * 3600, width: 64, height: 64 });
  publish(0);
  const server = new RtspServer({
    host: '127.0.0.1',
    port: 0,
    catalogue: { get: () => stream },
    limits: { maxBufferedBytes: 2 * UNITS * UNIT_BYTES, maxLagMs: 60_000 },
  });
  await server.listen();
  const client = await RawRtsp.open(server.port);
  expect((await client.play('cam')).status).toBe(200);
  const bytes = (): number => client.frames.reduce((sum, { payload }) => sum + payload.length, 0);
  const close = async (): Promise<void> => {
    client.close();
    await server.close();
    stream.close();
  };
  return { stream, publish, server, client, bytes, [Symbol.asyncDispose]: close };
}

describe('units that may not be shown any more', () => {
  it('are out of this process before that is answered, for a client that reads', async () => {
    await using play = await played();
    for (let mark = 1; mark < FEW; mark++) play.publish(mark);
    await play.stream.drained();
    expect(play.server.stats().slowClientsDropped).toBe(0);
    await play.client.until(() => (play.bytes() > FEW * UNIT_BYTES ? true : undefined));
  });

  it('go with a client that has stopped reading', async () => {
    await using play = await played();
    play.client.socket.pause();
    for (let mark = 1; mark < UNITS; mark++) play.publish(mark);
    await play.stream.drained();
    expect(play.server.stats()).toMatchObject({ slowClientsDropped: 1, clients: 0 });
    play.client.socket.resume();
    await play.client.closed;
    // What the kernel had taken by then came; of the rest, not one byte.
    expect(play.bytes()).toBeLessThan((UNITS / 2) * UNIT_BYTES);
  });
});

describe('a camera whose viewers are behind', () => {
  const setUp = () => {
    const shelf = { find: () => undefined, prepare: () => new Promise<void>(() => undefined) } as unknown as SlateShelf;
    const control = new CameraControl(
      { camera: 'cam', output: { codec: 'h264' } } as CameraSetup,
      { revision: 1, zones: [], shape: null },
      { view: null, mayLearn: true },
      { size: () => {}, view: () => {}, drift: () => {}, source: () => {}, transition: () => {} },
      { shelf, metrics: new CameraMetrics(new Registry()), logger: SILENT_LOGGER },
    );
    const asked: (() => void)[] = [];
    const drain: Drain = () => new Promise((resolve) => asked.push(resolve));
    control.stream.join(() => undefined, drain);
    return { control, asked };
  };

  it('answers a change of its zones when nothing older waits for them', async () => {
    const { control, asked } = setUp();
    let answered = false;
    const answer = control.useZones({ revision: 2, zones: [], shape: null }).then(() => {
      answered = true;
    });
    await new Promise(setImmediate);
    expect([asked.length, answered]).toEqual([1, false]);
    asked[0]!();
    await answer;
    control.close();
  });

  it('leaves them nothing of before when it is withheld', () => {
    const { control, asked } = setUp();
    control.hold('operator', true);
    expect(asked).toHaveLength(1);
    control.close();
  });
});
