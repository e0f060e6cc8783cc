import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Clip, encodeClip } from '../../tests/support/clip.js';
import { ClipStream } from '../../tests/support/clip-stream.js';
import { isMissing } from '../../tests/support/peer.js';
import { SILENT_LOGGER } from '../rtsp/logger.js';
import { MAX_WRONG_TOKENS } from './gatekeeper.js';
import { type ServedApp, serveApp, TOKEN } from './gateway.fixture.js';
import { LIVE_PROTOCOL, LiveViews } from './live-views.js';

const clip = isMissing('ffmpeg') ? null : await encodeClip({ size: '320x180', seconds: 2, gop: 10 });

/** The same pictures, 200 kB larger each. */
const fat = (from: Clip): Clip => ({
  ...from,
  pictures: from.pictures.map((picture) => ({
    ...picture,
    data: Buffer.concat([picture.data, Buffer.alloc(200_000, 0xff)]),
  })),
});

describe.skipIf(clip === null)('live views', () => {
  const opened: { app: ServedApp; stream: ClipStream; sockets: WebSocket[] }[] = [];
  afterEach(async () => {
    for (const { app, stream, sockets } of opened.splice(0)) {
      stream.stop();
      for (const socket of sockets) socket.terminate();
      await app[Symbol.asyncDispose]();
    }
  });

  const serve = async () => {
    const stream = new ClipStream('lobby', clip!);
    const live = new LiveViews(SILENT_LOGGER);
    const app = await serveApp({ live, catalogue: { get: (id) => (id === 'lobby' ? stream : undefined) } });
    const sockets: WebSocket[] = [];
    const open = (headers: Record<string, string> = {}, token = TOKEN, camera = 'lobby'): WebSocket => {
      const url = `ws://127.0.0.1:${app.port}/api/v1/cameras/${camera}/live`;
      const socket = new WebSocket(url, token ? [LIVE_PROTOCOL, `bearer.${token}`] : [LIVE_PROTOCOL], { headers });
      sockets.push(socket);
      return socket;
    };
    opened.push({ app, stream, sockets });
    return { app, stream, live, open };
  };

  /** The status that a socket is refused with. */
  const refusal = async (socket: WebSocket): Promise<number> => {
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    return response.statusCode;
  };

  /** Resolves with this many messages: texts read, others by their length. */
  const messages = (socket: WebSocket, count: number): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const got: unknown[] = [];
      socket.on('error', reject);
      socket.on('message', (data: Buffer, isBinary) => {
        got.push(isBinary ? data : JSON.parse(data.toString()));
        if (got.length === count) resolve(got);
      });
    });

  it('carry the track, its first segment, and a message a picture', async () => {
    const { stream, open } = await serve();
    stream.start();
    const socket = open();
    const [track, init, ...pictures] = await messages(socket, 12);
    expect(socket.protocol).toBe(LIVE_PROTOCOL);
    expect(track).toMatchObject({ type: 'track', mime: expect.stringMatching(/^video\/mp4; codecs="avc1\./) });
    expect((init as Buffer).toString('latin1', 4, 8)).toBe('ftyp');
    for (const picture of pictures) expect((picture as Buffer).toString('latin1', 4, 8)).toBe('moof');
  });

  it('are for who may ask the API, and for its own pages', async () => {
    const { open, app } = await serve();
    expect(await refusal(open({}, ''))).toBe(401);
    expect(await refusal(open({}, 'not-the-token'))).toBe(401);
    expect(await refusal(open({ Origin: 'https://evil.example' }))).toBe(403);
    expect(await refusal(open({ Origin: 'null' }))).toBe(403);
    expect(await refusal(open({ Host: 'evil.example' }))).toBe(421);
    expect(await refusal(open({}, TOKEN, 'nowhere'))).toBe(404);
    await once(open({ Origin: `http://127.0.0.1:${app.port}` }), 'open');
    await once(open({ Authorization: `Bearer ${TOKEN}` }, ''), 'open');
    expect((await app.ask('/api/v1/cameras/lobby/live')).status).toBe(426);
  });

  it('cannot be used to guess tokens faster than elsewhere', async () => {
    const { open } = await serve();
    for (let i = 0; i < MAX_WRONG_TOKENS; i++) expect(await refusal(open({}, `guess-${i}`))).toBe(401);
    expect(await refusal(open())).toBe(429);
  });

  it('leave the stream when the page goes, and end with it', async () => {
    const { stream, live, open } = await serve();
    stream.start();
    const [one, other] = [open(), open()];
    await Promise.all([messages(one, 3), messages(other, 3)]);
    expect([stream.joined, live.count]).toEqual([2, 2]);
    one.close();
    await expect.poll(() => [stream.joined, live.count]).toEqual([1, 1]);
    const closed = once(other, 'close');
    live.endStream('another');
    expect(live.count).toBe(1);
    live.endStream('lobby');
    expect((await closed)[0]).toBe(1001);
    await expect.poll(() => stream.joined).toBe(0);
  });

  it('skip to a keyframe where a page is slow, and hold no more than their bound for it', async () => {
    const { stream, open } = await serve();
    const socket = open();
    await once(socket, 'open');
    await expect.poll(() => stream.joined).toBe(1);
    socket.pause();
    // 30 MB: far more than kernel buffers and backlog take together, and less than ten seconds, after which a view is given up.
    stream.switchTo(fat(clip!));
    for (let i = 0; i < 150; i++) {
      stream.push();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stream.joins).toBe(1);
    let got = 0;
    socket.on('message', (data: Buffer) => {
      got += data.length;
    });
    socket.resume();
    const pushed = () => {
      stream.push();
      return stream;
    };
    await expect.poll(() => pushed().joins).toBe(2);
    expect(got).toBeLessThan(20 * 1024 * 1024);
    const before = got;
    await expect.poll(() => pushed() && got).toBeGreaterThan(before);
  });

  it('do not keep a gateway from stopping', async () => {
    const { stream, live, open, app } = await serve();
    stream.start();
    await messages(open(), 3);
    live.close();
    await app.listener.close();
    await expect.poll(() => stream.joined).toBe(0);
  });
});
