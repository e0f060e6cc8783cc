import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { probeRtsp } from '../../src/rtsp/describe.js';
import { formatRtp } from '../../src/rtsp/wire/rtp.js';
import { freePort } from '../support/ports.js';
import { soon } from '../support/process.js';
import { startPull } from '../support/pull.js';
import { behave, SDP, startScriptedRtsp } from '../support/scripted-rtsp.js';

const picture = (sequenceNumber: number): Buffer =>
  formatRtp(
    { payloadType: 96, marker: true, sequenceNumber, timestamp: sequenceNumber * 3600, ssrc: 1 },
    Buffer.from([0x65, sequenceNumber]),
  );

/** Short enough for tests; every wait of the client ends by one of them. */
const TIMEOUTS = { connectMs: 500, responseMs: 500, firstPictureMs: 500, stallMs: 500 };

describe('the client', () => {
  it('sets up the video and nothing else, plays, and says goodbye', async () => {
    await using server = await startScriptedRtsp((request, connection) => {
      if (request.method !== 'PLAY') return;
      behave(request, connection);
      connection.frame(0, picture(1));
      return true;
    });
    const pull = startPull(server.url);
    await pull.until(1);
    await pull.client.close();
    expect(await pull.ended).toBeNull();
    expect(server.requests.map(({ method, url }) => [method, url])).toEqual([
      ['OPTIONS', server.url],
      ['DESCRIBE', server.url],
      ['SETUP', `${server.url}/video`],
      ['PLAY', server.url],
      ['TEARDOWN', server.url],
    ]);
    expect(server.requests.at(-1)!.headers.get('Session')).toBe('12345');
  });

  it('takes the channels that the server gives', async () => {
    await using server = await startScriptedRtsp((request, { reply, frame }) => {
      if (request.method === 'SETUP') {
        reply(request, 200, { Session: '1', Transport: 'RTP/AVP/TCP;unicast;interleaved=6-7' });
        return true;
      }
      if (request.method !== 'PLAY') return;
      reply(request);
      frame(0, picture(1));
      frame(6, picture(2));
      return true;
    });
    await using pull = startPull(server.url);
    const [first] = await pull.until(1);
    expect(first!.data.at(-1)).toBe(2);
  });

  it.each([
    ['GET_PARAMETER', 'OPTIONS, GET_PARAMETER'],
    ['OPTIONS', 'OPTIONS'],
  ])('keeps the session alive with %s at half its timeout', async (method, offered) => {
    await using server = await startScriptedRtsp((request, { reply }) => {
      if (request.method === 'OPTIONS') reply(request, 200, { Public: offered });
      else if (request.method === 'SETUP') reply(request, 200, { Session: '9;timeout=2' });
      else return;
      return true;
    });
    await using pull = startPull(server.url);
    await server.request('PLAY');
    const request = await server.request(method, method === 'OPTIONS' ? 1 : 0);
    expect(request.headers.get('Session')).toBe('9');
    expect(pull.ends()).toBe(0);
  });

  it('answers what the server asks', async () => {
    await using server = await startScriptedRtsp();
    await using _pull = startPull(server.url);
    await server.request('PLAY');
    const { socket } = server.connections[0]!;
    socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\nREDIRECT * RTSP/1.0\r\nCSeq: 78\r\n\r\n');
    const [first] = (await soon(socket, 'rtsp-response')) as [{ status: number; headers: Map<string, string> }];
    expect([first.status, first.headers.get('CSeq')]).toEqual([200, '77']);
  });

  it('sends receiver reports with what keeps the session, and not in between', async () => {
    await using server = await startScriptedRtsp((request, connection) => {
      if (request.method === 'SETUP') connection.reply(request, 200, { Session: '9;timeout=2' });
      if (request.method !== 'PLAY') return request.method === 'SETUP';
      behave(request, connection);
      let sequence = 0;
      const timer = setInterval(() => connection.frame(0, picture(++sequence)), 40);
      connection.socket.on('close', () => clearInterval(timer));
      return true;
    });
    await using _pull = startPull(server.url);
    await server.request('PLAY');
    const [channel, report] = (await soon(server.connections[0]!.socket, 'rtsp-frame', 8_000)) as [number, Buffer];
    expect([channel, report[1]]).toEqual([1, 201]);
    await server.request('GET_PARAMETER');
    expect(server.requests.filter(({ method }) => method === 'GET_PARAMETER')).toHaveLength(1);
  });

  it('answers a stale nonce with a fresh one', async () => {
    let nonce = 1;
    await using server = await startScriptedRtsp((request, { reply }) => {
      const answered = request.headers.get('Authorization')?.includes(`nonce="n${nonce}"`) ?? false;
      // Every nonce is good for one request.
      if (answered) nonce++;
      else reply(request, 401, { 'WWW-Authenticate': `Digest realm="r", nonce="n${nonce}", stale=true` });
      return !answered;
    });
    await using _pull = startPull(server.url.replace('//', '//u:p@'));
    await server.request('PLAY', 1);
    expect(nonce).toBeGreaterThan(4);
  });

  it('sends wrong credentials once', async () => {
    let nonce = 0;
    await using server = await startScriptedRtsp((request, { reply }) => {
      reply(request, 401, { 'WWW-Authenticate': `Digest realm="r", nonce="n${nonce++}"` });
      return true;
    });
    await using pull = startPull(server.url.replace('//', '//u:wrong@'));
    expect(await pull.ended).toMatchObject({ code: 'source-refused', message: expect.not.stringContaining('wrong') });
    expect(server.requests.filter(({ headers }) => headers.has('Authorization'))).toHaveLength(1);
  });

  it('closed while it connects, ends once and without an error', async () => {
    await using server = await startScriptedRtsp(() => true);
    const pull = startPull(server.url);
    await server.request('OPTIONS');
    await Promise.all([pull.client.close(), pull.client.close()]);
    expect(await pull.ended).toBeNull();
    expect(pull.ends()).toBe(1);
    expect(pull.tracks).toEqual([]);
  });
});

describe('a redirect', () => {
  it('is followed, with the credentials on the same host and without them on another', async () => {
    const challenge = { 'WWW-Authenticate': 'Basic realm="r"' };
    await using other = await startScriptedRtsp(
      (request, { reply }) => {
        if (request.headers.has('Authorization')) return;
        reply(request, 401, challenge);
        return true;
      },
      { host: '127.0.0.2' },
    );
    await using same = await startScriptedRtsp((request, { reply }) => {
      if (request.headers.has('Authorization')) return;
      reply(request, 401, challenge);
      return true;
    });
    let target = same.url;
    await using first = await startScriptedRtsp((request, { reply }) => {
      if (request.method !== 'DESCRIBE') return;
      reply(request, 302, { Location: target });
      return true;
    });
    const url = first.url.replace('//', '//u:secret@');
    {
      await using _pull = startPull(url);
      await same.request('PLAY');
    }
    target = other.url;
    await using pull = startPull(url);
    expect(await pull.ended).toMatchObject({ code: 'source-refused' });
    expect(other.requests.some(({ headers }) => headers.has('Authorization'))).toBe(false);
  });

  it('that goes in a circle ends', async () => {
    await using server = await startScriptedRtsp((request, { reply }) => {
      reply(request, 301, { Location: server.url });
      return true;
    });
    await using pull = startPull(server.url);
    expect(await pull.ended).toMatchObject({ code: 'source-refused', message: expect.stringContaining('3 times') });
    expect(server.connections).toHaveLength(4);
  });

  it.each(['', 'http://127.0.0.1/', 'rtsp://'])('to %j is refused', async (location) => {
    await using server = await startScriptedRtsp((request, { reply }) => {
      reply(request, 305, { Location: location });
      return true;
    });
    await using pull = startPull(server.url);
    expect(await pull.ended).toMatchObject({ code: 'source-refused', message: expect.stringContaining('no RTSP URL') });
  });
});

describe('over UDP', () => {
  /** A server that sends pictures to the client's port, from as many sockets as wanted. */
  const startUdpServer = () =>
    startScriptedRtsp((request, { reply }) => {
      if (request.method !== 'SETUP') return;
      reply(request, 200, { Session: '1', Transport: `${request.headers.get('Transport')};server_port=9-10` });
      return true;
    });
  const portOf = (request: { headers: { get(name: string): string | undefined } }): number =>
    Number(/client_port=(\d+)/.exec(request.headers.get('Transport')!)![1]);

  it('packets are heard from the server only, and put into order', async () => {
    await using server = await startUdpServer();
    await using pull = startPull(server.url, { transport: 'udp' });
    const port = portOf(await server.request('SETUP'));
    expect(port % 2).toBe(0);
    await server.request('PLAY');
    const [friend, stranger] = [createSocket('udp4'), createSocket('udp4')];
    friend.bind(0, '127.0.0.1');
    stranger.bind(0, '127.0.0.2');
    await Promise.all([once(friend, 'listening'), once(stranger, 'listening')]);
    const send = (socket: typeof friend, packet: Buffer): Promise<void> =>
      new Promise((resolve) => socket.send(packet, port, '127.0.0.1', () => resolve()));
    await send(stranger, picture(9));
    for (const sequence of [1, 3, 2, 4]) await send(friend, picture(sequence));
    const pictures = await pull.until(4);
    expect(pictures.map(({ data }) => data.at(-1))).toEqual([1, 2, 3, 4]);
    // A lost one is waited for, but not for ever, and not for the next packet.
    await send(friend, picture(6));
    const last = (await pull.until(5)).at(-1)!;
    expect([last.data.at(-1), last.corrupt]).toEqual([6, true]);
    friend.close();
    stranger.close();
  });

  it('silence is stalled, and the message thinks of firewalls', async () => {
    await using server = await startUdpServer();
    await using pull = startPull(server.url, { transport: 'udp', timeouts: TIMEOUTS });
    expect(await pull.ended).toMatchObject({ code: 'source-stalled', message: expect.stringContaining('firewall') });
  });
});

describe('a source that', () => {
  const ending = async (url: string) => {
    await using pull = startPull(url, { timeouts: TIMEOUTS });
    const error = await pull.ended;
    expect(pull.ends()).toBe(1);
    return error;
  };

  it('is not there is lost', async () => {
    expect(await ending(`rtsp://127.0.0.1:${await freePort()}/`)).toMatchObject({
      code: 'source-lost',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('has no URL that can be used is unsupported', async () => {
    expect(await ending('http://user:secret@127.0.0.1/')).toMatchObject({
      code: 'source-unsupported',
      message: expect.not.stringContaining('secret'),
    });
  });

  it('never answers is lost, and the request is named', async () => {
    await using server = await startScriptedRtsp(() => true);
    expect(await ending(server.url)).toMatchObject({
      code: 'source-lost',
      message: expect.stringContaining('did not answer OPTIONS within 500 ms'),
    });
  });

  it('speaks HTTP is lost, and the message thinks of the port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const error = await ending(`rtsp://127.0.0.1:${port}/`);
    server.close();
    expect(error?.code).toBe('source-lost');
  });

  it.each([
    [403, 'source-refused', 'forbids'],
    [404, 'source-refused', 'check the path'],
    [453, 'source-refused', 'no room'],
    [500, 'source-lost', 'DESCRIBE: 500'],
  ])('answers %i is %s', async (status, code, words) => {
    await using server = await startScriptedRtsp((request, { reply }) => {
      if (request.method !== 'DESCRIBE') return;
      reply(request, status);
      return true;
    });
    expect(await ending(server.url)).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('has no video is unsupported, and the probe says why', async () => {
    await using server = await startScriptedRtsp((request, { reply }) => {
      if (request.method !== 'DESCRIBE') return;
      reply(request, 200, {}, SDP.replace('H264', 'VP8'));
      return true;
    });
    expect(await ending(server.url)).toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('VP8'),
    });
    expect(await probeRtsp(server.url)).toMatchObject({ video: null, problem: expect.stringContaining('VP8') });
  });

  it('plays and sends nothing is stalled', async () => {
    await using server = await startScriptedRtsp();
    expect(await ending(server.url)).toMatchObject({
      code: 'source-stalled',
      message: expect.stringContaining('no RTP'),
    });
  });

  it('sends RTP that lies about its lengths is stalled, not crashed', async () => {
    await using server = await startScriptedRtsp((request, connection) => {
      if (request.method !== 'PLAY') return;
      behave(request, connection);
      const { frame } = connection;
      for (let first = 0x80; first < 0xc0; first++)
        frame(0, Buffer.from([first, 0x60, 0, first, 0, 0, 0, 1, 0, 0, 0, 1, 0xff]));
      frame(
        0,
        formatRtp(
          { payloadType: 96, marker: true, sequenceNumber: 1, timestamp: 1, ssrc: 1 },
          Buffer.from('78ffff41', 'hex'),
        ),
      );
      frame(1, Buffer.from('81cbffff00000001', 'hex'));
      frame(9, Buffer.from('garbage'));
      return true;
    });
    expect(await ending(server.url)).toMatchObject({ code: 'source-stalled' });
  });

  it('says goodbye by RTCP is lost', async () => {
    await using server = await startScriptedRtsp((request, connection) => {
      if (request.method !== 'PLAY') return;
      behave(request, connection);
      connection.frame(0, picture(1));
      connection.frame(1, Buffer.from('81cb000100000001', 'hex'));
      return true;
    });
    expect(await ending(server.url)).toMatchObject({
      code: 'source-lost',
      message: expect.stringContaining('ended its stream'),
    });
  });

  it('forgets the session is lost', async () => {
    await using server = await startScriptedRtsp((request, connection) => {
      if (request.method === 'SETUP') connection.reply(request, 200, { Session: '1;timeout=1' });
      else if (request.method === 'GET_PARAMETER') connection.reply(request, 454);
      else return;
      return true;
    });
    await using pull = startPull(server.url);
    expect(await pull.ended).toMatchObject({ code: 'source-lost', message: expect.stringContaining('forgotten') });
  });

  it.each([
    ['garbage', Buffer.alloc(200 * 1024, 0xfe)],
    ['a head that never ends', Buffer.from(`RTSP/1.0 200 OK\r\nA: ${'x'.repeat(64 * 1024)}`)],
    ['endless headers', Buffer.from(`RTSP/1.0 200 OK\r\n${'A: b\r\n'.repeat(2000)}`)],
    ['a body of a gigabyte', Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 1000000000\r\n\r\n')],
    ['a body that never comes', Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 60000\r\n\r\n')],
    ['a flood of 100 Continue', Buffer.from('RTSP/1.0 100 Continue\r\nCSeq: 1\r\n\r\n'.repeat(1000))],
    ['answers to other requests', Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 999\r\n\r\n'.repeat(1000))],
    ['answers without a number', Buffer.from('RTSP/1.0 200 OK\r\nCSeq: x\r\n\r\n'.repeat(1000))],
    ['a frame that never ends', Buffer.from([0x24, 0, 0xff, 0xff, 1, 2, 3])],
  ])('sends %s is lost', async (_, bytes) => {
    await using server = await startScriptedRtsp((_request, { socket }) => {
      socket.write(bytes);
      return true;
    });
    expect(await ending(server.url)).toMatchObject({ code: 'source-lost' });
  });

  it('asks without end and reads no answer is lost', async () => {
    await using server = await startScriptedRtsp(() => false, {
      onConnect: ({ socket }) => {
        socket.pause();
        const question = Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(1000));
        const ask = (): void => {
          if (!socket.destroyed) socket.write(question, ask);
        };
        ask();
      },
    });
    await using pull = startPull(server.url);
    expect(await pull.ended).toMatchObject({ code: 'source-lost', message: expect.stringContaining('does not read') });
  });
});
