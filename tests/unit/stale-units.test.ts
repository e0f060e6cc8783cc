import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { MaskedStream } from '../../src/control/masked-stream.js';
import { Timeline } from '../../src/control/timeline.js';
import { serveApp, TOKEN } from '../../src/http/gateway.fixture.js';
import { LIVE_PROTOCOL, LiveViews } from '../../src/http/live-views.js';
import { PREVIEW_PROTOCOL, PreviewViews } from '../../src/http/preview-views.js';
import { findFfmpeg } from '../../src/preview/find-ffmpeg.js';
import { SILENT_LOGGER } from '../../src/rtsp/logger.js';
import { RtspPublisher } from '../../src/rtsp/publisher.js';
import { RtspServer } from '../../src/rtsp/server.js';
import { parseRtp } from '../../src/rtsp/wire/rtp.js';
import { encodeClip } from '../support/clip.js';
import { isMissing } from '../support/peer.js';
import { RawRtsp } from '../support/raw-rtsp.js';
import { RecordSink } from '../support/record-sink.js';
import { Viewer } from '../support/viewer.js';

const SPS = Buffer.from('0000000167640028acd940780227e5c04400000fa40003', 'hex');
const PPS = Buffer.from('0000000168ebe3cb22c0', 'hex');

/** So many together are more than the kernel takes for a client that does not read: 10 MB with Linux's largest buffers. */
const UNITS = 40;
/** Quickly read. */
const FEW = 4;
const UNIT_BYTES = 1_000_000;
/** Whatever waits for a slow client is kept for it: what ends it is the drain. */
const PATIENT = { maxBufferedBytes: 2 * UNITS * UNIT_BYTES, maxLagMs: 60_000 };

const keyframe = (mark: number, bytes: number): Buffer =>
  Buffer.concat([SPS, PPS, Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(bytes, mark + 1)]);

/** A stream that carries a picture. */
const begin = (first = keyframe(0, UNIT_BYTES)) => {
  const stream = new MaskedStream('lobby', 'h264', new Timeline(() => performance.now()), {
    demand: () => undefined,
    keyframe: () => undefined,
  });
  onTestFinished(() => stream.close());
  stream.showPictures();
  let pts = 0;
  const publish = (data: Buffer, isKeyframe = true): void =>
    void stream.publish({ data, keyframe: isKeyframe, pts: 3600 * pts++, width: 64, height: 64 });
  const publishMany = (count: number): void => {
    for (let mark = 1; mark < count; mark++) publish(keyframe(mark, UNIT_BYTES));
  };
  publish(first);
  return { stream, publish, publishMany };
};

const serveRtsp = async (stream: MaskedStream): Promise<{ server: RtspServer; client: RawRtsp }> => {
  const server = new RtspServer({ host: '127.0.0.1', port: 0, catalogue: { get: () => stream }, limits: PATIENT });
  await server.listen();
  onTestFinished(() => server.close());
  const client = await RawRtsp.open(server.port);
  onTestFinished(() => client.close());
  return { server, client };
};

const bytesOf = (frames: RawRtsp['frames']): number => frames.reduce((sum, { payload }) => sum + payload.length, 0);

// What the kernel had taken by then comes; of the rest, not one byte.
const KERNEL_BYTES = (UNITS / 2) * UNIT_BYTES;

describe('units that may not be shown any more', () => {
  it('are out of this process before that is answered, for a client that reads', async () => {
    const { stream, publishMany } = begin();
    const { server, client } = await serveRtsp(stream);
    await client.play('lobby');
    publishMany(FEW);
    await stream.drained();
    expect(server.stats().slowClientsDropped).toBe(0);
    await client.until(() => (bytesOf(client.frames) > FEW * UNIT_BYTES ? true : undefined));
  });

  it('go with a client that has stopped reading', async () => {
    const { stream, publishMany } = begin();
    const { server, client } = await serveRtsp(stream);
    await client.play('lobby');
    client.socket.pause();
    publishMany(UNITS);
    await stream.drained();
    expect(server.stats()).toMatchObject({ slowClientsDropped: 1, clients: 0 });
    client.socket.resume();
    await client.closed;
    expect(bytesOf(client.frames)).toBeLessThan(KERNEL_BYTES);
  });

  it('are out before that is answered over UDP, where they go in bursts', async () => {
    const { stream, publish } = begin();
    const { server, client } = await serveRtsp(stream);
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    await once(receiver, 'listening');
    let last = false;
    receiver.on('message', (packet) => {
      last ||= packet.at(-1) === 8 && parseRtp(packet)!.marker;
    });
    const { port } = receiver.address();
    await client.play('lobby', `RTP/AVP;unicast;client_port=${port}-${port + 1}`);
    await expect.poll(() => server.stats().streams.get('lobby')!.bytesSent).toBeGreaterThan(UNIT_BYTES);
    publish(keyframe(7, 400_000));
    await stream.drained();
    // What is not out by now never will be.
    server.endStream('lobby');
    await expect.poll(() => last).toBe(true);
  });

  it('go with a media server that has stopped reading', async () => {
    const { stream, publishMany } = begin();
    const sink = await RecordSink.listen();
    onTestFinished(() => sink.close());
    const { maxBufferedBytes: maxBacklogBytes } = PATIENT;
    const publisher = new RtspPublisher({ url: sink.url, stream, maxBacklogBytes, schedule: () => () => undefined });
    onTestFinished(() => publisher.close());
    publisher.start();
    await expect.poll(() => publisher.stats().state).toBe('recording');
    const { socket, frames } = await sink.until(() => sink.publishers[0]);
    socket.pause();
    publishMany(UNITS);
    await stream.drained();
    expect(publisher.stats()).toMatchObject({ state: 'waiting', failures: 1 });
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
    expect(bytesOf(frames)).toBeLessThan(KERNEL_BYTES);
  });
});

/** Pages of one stream: who watches it, and who looks at its preview. */
const serveViews = async (stream: MaskedStream) => {
  const live = new LiveViews(SILENT_LOGGER);
  const preview = new PreviewViews({ wanted: true, ffmpeg: findFfmpeg(process.env.PATH) }, SILENT_LOGGER);
  const app = await serveApp({ live, preview, catalogue: { get: () => stream } });
  onTestFinished(() => app[Symbol.asyncDispose]());
  const watch = async (path: 'live' | 'preview', protocol: string): Promise<WebSocket> => {
    const url = `ws://127.0.0.1:${app.port}/api/v1/cameras/lobby/${path}`;
    const socket = new WebSocket(url, [protocol, `bearer.${TOKEN}`]);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    await expect.poll(() => stream.viewers).toBe(1);
    return socket;
  };
  return { live, watch };
};

describe('pictures that may not be shown any more', () => {
  it('are out before that is answered for a page that reads', async () => {
    const { stream, publishMany } = begin();
    const { live, watch } = await serveViews(stream);
    await watch('live', LIVE_PROTOCOL);
    publishMany(FEW);
    await stream.drained();
    expect(live.count).toBe(1);
  });

  it('go with a page that has stopped reading', async () => {
    const { stream, publishMany } = begin();
    const { watch } = await serveViews(stream);
    const socket = await watch('live', LIVE_PROTOCOL);
    socket.pause();
    publishMany(UNITS);
    await stream.drained();
    await expect.poll(() => stream.viewers).toBe(0);
  });

  it('go with a page that had stopped reading when its view was ended', async () => {
    const { stream, publishMany } = begin();
    const { live, watch } = await serveViews(stream);
    const socket = await watch('live', LIVE_PROTOCOL);
    socket.pause();
    publishMany(UNITS);
    live.endStream('lobby');
    await stream.drained();
    const closed = once(socket, 'close');
    socket.resume();
    // Its goodbye waited behind them.
    expect((await closed)[0]).toBe(1006);
  });

  it.skipIf(isMissing('ffmpeg'))('go with the ffmpeg of a preview, which goes on with a new one', async () => {
    const size = '320x180';
    const [before, after] = await Promise.all([encodeClip({ size }), encodeClip({ size, grey: true })]);
    const { stream, publish } = begin(before.pictures[0]!.data);
    const { watch } = await serveViews(stream);
    const socket = await watch('preview', PREVIEW_PROTOCOL);
    const bytes = new PassThrough();
    socket.on('message', (data: Buffer) => bytes.write(data));
    await using viewer = Viewer.fed(bytes);
    // Fewer than ffmpeg looks at before it begins: all of them are in it.
    for (const { data, keyframe } of before.pictures.slice(1, 15)) publish(data, keyframe);
    stream.forgetPictures();
    await stream.drained();
    for (const { data, keyframe } of after.pictures) publish(data, keyframe);
    await viewer.until(() => viewer.pictures.length > 20, '20th picture');
    expect(viewer.pictures.every(({ slate }) => slate)).toBe(true);
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});
