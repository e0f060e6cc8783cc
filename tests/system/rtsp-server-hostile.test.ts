import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RtspServerOptions } from '../../src/rtsp/server.js';
import { type Clip, encodeClip } from '../support/clip.js';
import { ClipStream } from '../support/clip-stream.js';
import type { RawRtsp } from '../support/raw-rtsp.js';
import { RtspFixture } from '../support/rtsp-fixture.js';

let clip: Clip;
let stream: ClipStream;
let fixture: RtspFixture;

beforeAll(async () => {
  clip = await encodeClip({ seconds: 1, gop: 5 });
});

beforeEach(() => {
  stream = new ClipStream('lobby', clip);
  stream.push();
});

afterEach(async () => {
  stream.stop();
  await fixture.stop();
});

const serve = async (options: Partial<RtspServerOptions> = {}): Promise<void> => {
  fixture = await RtspFixture.start([stream], options);
};

/** A client that plays, and a check that it still does. */
const viewer = async (): Promise<{ client: RawRtsp; stillPlays: () => Promise<void> }> => {
  const client = await fixture.client();
  expect((await client.play('lobby')).status).toBe(200);
  const stillPlays = async (): Promise<void> => {
    const before = client.frames.length;
    stream.push();
    await client.until(() => (client.frames.length > before ? true : undefined));
  };
  return { client, stillPlays };
};

/** Resolves when the server has closed a connection. */
const closedHere = async (): Promise<void> => {
  const { connections } = fixture.server.stats();
  while (fixture.server.stats().connections >= connections) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('an RTSP server among hostile clients', () => {
  it.each([
    ['bytes that are no RTSP', Buffer.from([0, 1, 2, 3, 255, 254])],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a header without a colon', Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n')],
    ['a giant header', Buffer.from(`OPTIONS * RTSP/1.0\r\nX: ${'a'.repeat(100_000)}`)],
    ['endless headers', Buffer.from(`OPTIONS * RTSP/1.0\r\n${'X: a\r\n'.repeat(500)}\r\n`)],
    ['a body without end', Buffer.from('SET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 4000000000\r\n\r\n')],
    ['a negative length', Buffer.from('SET_PARAMETER * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n')],
  ])('closes the connection that sends %s, after saying 400, and serves the others', async (_what, bytes) => {
    await serve();
    const { stillPlays } = await viewer();
    const client = await fixture.client();
    client.socket.write(bytes);
    await client.closed;
    expect(client.events).toMatchObject([{ kind: 'response', response: { status: 400 } }]);
    await stillPlays();
  });

  it('survives whatever bytes come, in whatever pieces', async () => {
    await serve();
    const { stillPlays } = await viewer();
    const line = fc.constantFrom(
      'SETUP rtsp://h/lobby/trackID=0 RTSP/1.0\r\n',
      'PLAY rtsp://h/lobby RTSP/1.0\r\n',
      'DESCRIBE rtsp://h/%ff RTSP/1.0\r\n',
      'CSeq: 1\r\n',
      'Transport: RTP/AVP/TCP;unicast;interleaved=255-0\r\n',
      'Transport: RTP/AVP;unicast;client_port=1-65535\r\n',
      'Session: ,;=";timeout=-1\r\n',
      'Require: \t"\r\n',
      'Authorization: Digest ,=,,"\r\n',
      'Content-Length: 5\r\n',
      '\r\n',
      '$\x00\x00\x04abcd',
    );
    const chunk = fc.oneof(
      { weight: 4, arbitrary: line.map((text) => Buffer.from(text, 'latin1')) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const client = await fixture.client();
        for (const bytes of chunks) client.socket.write(bytes);
        client.socket.end();
        await client.closed;
      }),
      { numRuns: 150 },
    );
    await stillPlays();
    expect(fixture.log.filter((entry) => entry.message === 'RTSP request failed')).toEqual([]);
    expect(stream.joined).toBe(1);
  });

  it('closes connections that send nothing, or a request byte by byte without an end', async () => {
    await serve({ limits: { firstRequestMs: 100, sessionTimeoutMs: 400 } });
    const { stillPlays } = await viewer();
    const [silent, slow, lapsed] = [await fixture.client(), await fixture.client(), await fixture.client()];
    const drip = setInterval(() => slow.socket.write('X'), 10);
    await lapsed.request('OPTIONS', '*');
    await Promise.all([silent.closed, slow.closed, lapsed.closed]);
    clearInterval(drip);
    await stillPlays();
  });

  it('lets a viewer in while 200 idle connections are held, and lets the oldest of them go', async () => {
    await serve({ limits: { maxIdleConnections: 20 } });
    const first = await viewer();
    const idle: RawRtsp[] = [];
    for (let i = 0; i < 200; i++) idle.push(await fixture.client());
    const last = await viewer();
    await Promise.all(idle.slice(0, 180).map((client) => client.closed));
    await first.stillPlays();
    await last.stillPlays();
    const { connections, idleConnectionsEvicted } = fixture.server.stats();
    expect(connections).toBeLessThanOrEqual(22);
    expect(idleConnectionsEvicted).toBeGreaterThanOrEqual(180);
  });

  it('bounds those who set up, or have paused, as it does those who are idle', async () => {
    await serve({ limits: { maxIdleConnections: 5 } });
    const Transport = 'RTP/AVP/TCP;unicast;interleaved=0-1';
    const ready = [];
    for (let i = 0; i < 5; i++) {
      const client = await fixture.client();
      await client.request('SETUP', '/lobby/trackID=0', { Transport });
      ready.push(client);
    }
    const { stillPlays } = await viewer();
    await ready[0]!.closed;
    await stillPlays();
  });

  it('refuses to play for more clients than there are places, and has one again when one leaves', async () => {
    await serve({ limits: { maxClients: 2 } });
    const [first, second] = [await viewer(), await viewer()];
    const third = await fixture.client();
    expect((await third.play('lobby')).status).toBe(503);
    await first.stillPlays();
    await second.stillPlays();
    expect(fixture.server.stats()).toMatchObject({ clients: 2, clientsRefused: 1 });
    await first.client.request('TEARDOWN', '/lobby');
    expect((await third.request('PLAY', '/lobby')).status).toBe(200);
  });

  it('lets a UDP session without a connection go where places are short', async () => {
    await serve({ limits: { maxClients: 1 } });
    const gone = await fixture.client();
    expect((await gone.play('lobby', 'RTP/AVP;unicast;client_port=40000-40001')).status).toBe(200);
    gone.close();
    while (fixture.server.stats().connections > 0) await new Promise(setImmediate);
    const { stillPlays } = await viewer();
    await stillPlays();
    expect(fixture.server.stats().clients).toBe(1);
  });

  it('drops a client that does not read, and the stream goes on for the others', async () => {
    await serve({ limits: { maxBufferedBytes: 200_000 } });
    const { client: reader, stillPlays } = await viewer();
    const { client: stuck } = await viewer();
    stuck.socket.pause();
    // The kernel's buffers take some megabytes before anything waits here.
    while (fixture.server.stats().slowClientsDropped === 0) {
      for (let i = 0; i < 50; i++) stream.push();
      await new Promise(setImmediate);
      await stillPlays();
    }
    expect(fixture.log.filter((line) => line.level === 'warn')).toMatchObject([
      { message: 'RTSP client dropped: it reads too slowly', fields: { stream: 'lobby', client: '127.0.0.1' } },
    ]);
    stuck.socket.resume();
    await stuck.closed;
    await stillPlays();
    expect(reader.socket.destroyed).toBe(false);
    expect(stream.joined).toBe(1);
  });

  it('closes a client that asks and asks and reads no answer', async () => {
    await serve();
    const { stillPlays } = await viewer();
    const client = await fixture.client();
    client.socket.pause();
    const described = clip.description;
    let asked = (): void => {};
    stream.describe = async () => {
      asked();
      return { ...described, parameterSets: [Buffer.alloc(100_000, 0x67)] };
    };
    // One request at a time, so that it is the answers that are too many.
    while (fixture.server.stats().connections > 1) {
      const next = new Promise<void>((resolve) => {
        asked = resolve;
      });
      client.socket.write('DESCRIBE rtsp://h/lobby RTSP/1.0\r\nCSeq: 1\r\n\r\n');
      await Promise.race([next, closedHere()]);
    }
    expect(fixture.log).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ cause: 'reads no answers' }) }),
    );
    client.close();
    stream.describe = async () => described;
    await stillPlays();
  });

  it('closes a client that sends a great many requests in one go', async () => {
    await serve();
    const client = await fixture.client();
    client.socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(500));
    await client.closed;
  });

  it('ignores interleaved frames of its clients, sound or not', async () => {
    await serve();
    const { client, stillPlays } = await viewer();
    for (const payload of [Buffer.alloc(0), Buffer.from('not RTCP'), Buffer.alloc(60_000, 0x80)]) {
      client.socket.write(Buffer.concat([Buffer.from([0x24, 1, payload.length >> 8, payload.length & 255]), payload]));
    }
    expect((await client.request('GET_PARAMETER', '/lobby')).status).toBe(200);
    await stillPlays();
  });

  it('ends the session of a client that has closed its half of the connection', async () => {
    await serve();
    const { client } = await viewer();
    client.socket.end();
    await client.closed;
    expect(stream.joined).toBe(0);
  });

  it('ends the session of a client that has closed its half and reads nothing of what is on its way', async () => {
    await serve({ limits: { maxBufferedBytes: 1e9, maxLagMs: 1e9 } });
    const { client } = await viewer();
    client.socket.pause();
    for (let sent = 0; sent < 30_000_000; ) sent += stream.push().data.length;
    client.socket.end();
    while (fixture.server.stats().connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(stream.joined).toBe(0);
  });

  it('keeps one client out of the session of another', async () => {
    await serve();
    const { client, stillPlays } = await viewer();
    const thief = await fixture.client();
    thief.session = client.session;
    for (const method of ['PAUSE', 'TEARDOWN', 'GET_PARAMETER']) {
      expect((await thief.request(method, '/lobby')).status).toBe(454);
    }
    await stillPlays();
  });
});
