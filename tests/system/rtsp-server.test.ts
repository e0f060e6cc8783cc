import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccessUnit } from '../../src/rtsp/published-stream.js';
import type { RtspServerOptions } from '../../src/rtsp/server.js';
import { answerChallenge, parseChallenges } from '../../src/rtsp/wire/auth.js';
import { formatRtcp, parseRtcp } from '../../src/rtsp/wire/rtcp.js';
import { parseRtp, type RtpPacket } from '../../src/rtsp/wire/rtp.js';
import { parseRtpInfo } from '../../src/rtsp/wire/rtp-info.js';
import { parseSdp } from '../../src/rtsp/wire/sdp.js';
import { parseTransports } from '../../src/rtsp/wire/transport.js';
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

afterEach(async () => {
  stream?.stop();
  await fixture?.stop();
});

/** A server with the stream `lobby`, which has played `units` pictures already. */
const serve = async (options: Partial<RtspServerOptions> = {}, units = 3): Promise<RtspFixture> => {
  stream = new ClipStream('lobby', clip);
  for (let i = 0; i < units; i++) stream.push();
  fixture = await RtspFixture.start([stream], options);
  return fixture;
};

const rtpOf = (client: RawRtsp, channel = 0): RtpPacket[] =>
  client.frames.filter((frame) => frame.channel === channel).map((frame) => parseRtp(frame.payload)!);

/** Waits for so many whole pictures on the channel. */
const pictures = (client: RawRtsp, count: number, channel = 0): Promise<RtpPacket[]> =>
  client.until(() => {
    const packets = rtpOf(client, channel);
    return packets.filter((packet) => packet.marker).length >= count ? packets : undefined;
  });

const statusOf = async (
  method: string,
  path: string,
  headers: Record<string, string | undefined> = {},
): Promise<number> => (await (await fixture.client()).request(method, path, headers)).status;

const TCP = 'RTP/AVP/TCP;unicast;interleaved=0-1';

describe('an RTSP server', () => {
  it('describes a stream with its parameter sets, whatever surrounds the id in the URL', async () => {
    await serve();
    for (const path of ['/lobby', '/lobby/', '/lobby?token=x', '/lobby/?a=b']) {
      const response = await (await fixture.client()).request('DESCRIBE', path, { Accept: 'application/sdp' });
      expect([response.status, response.headers.get('Content-Base')]).toEqual([200, `${fixture.url('lobby')}/`]);
      const media = parseSdp(response.body.toString()).medias[0]!;
      expect(media.framerate).toBe(25);
      expect(media.fmtp.get(96)!.get('sprop-parameter-sets')).toBe(
        clip.description.parameterSets.map((set) => set.toString('base64')).join(','),
      );
    }
  });

  it('answers with the status that RFC 2326 has for each wrong request', async () => {
    await serve();
    expect(await statusOf('DESCRIBE', '/nowhere')).toBe(404);
    expect(await statusOf('DESCRIBE', '/lobby', { Accept: 'text/html' })).toBe(406);
    expect(await statusOf('DESCRIBE', 'http://host/lobby')).toBe(400);
    expect(await statusOf('DESCRIBE', '/lobby', { Require: 'com.example.feature' })).toBe(551);
    expect(await statusOf('SETUP', '/nowhere/trackID=0', { Transport: TCP })).toBe(404);
    expect(await statusOf('SETUP', '/lobby/trackID=7', { Transport: TCP })).toBe(404);
    expect(await statusOf('SETUP', '/lobby', { Transport: TCP })).toBe(459);
    expect(await statusOf('SETUP', '/lobby/trackID=0', { Transport: TCP, Session: 'unknown' })).toBe(454);
    for (const transport of [
      'RTP/AVP;multicast',
      `${TCP};mode=record`,
      'RTP/SAVP;unicast;client_port=1-2',
      'RTP/AVP;unicast',
      'RTP/AVP;unicast;client_port=0-1',
      'RTP/AVP;unicast;client_port=5000-0',
    ]) {
      expect(await statusOf('SETUP', '/lobby/trackID=0', { Transport: transport })).toBe(461);
    }
    for (const method of ['PLAY', 'PAUSE', 'TEARDOWN']) {
      expect(await statusOf(method, '/lobby')).toBe(454);
      expect(await statusOf(method, '/lobby', { Session: 'unknown' })).toBe(454);
    }
    expect(await statusOf('GET_PARAMETER', '/lobby', { Session: 'unknown' })).toBe(454);
    expect(await statusOf('ANNOUNCE', '/lobby')).toBe(405);
    expect(await statusOf('RECORD', '/lobby')).toBe(405);
    expect(await statusOf('BREW', '/lobby')).toBe(501);
  });

  it('refuses a request without a usable CSeq or of another version, and goes on with the next', async () => {
    await serve();
    const client = await fixture.client();
    for (const cseq of ['', 'CSeq: x\r\n', 'CSeq: -1\r\n', 'CSeq: 99999999999\r\n']) {
      client.events.length = 0;
      client.socket.write(`OPTIONS * RTSP/1.0\r\n${cseq}\r\n`);
      const event = await client.until(() => client.events[0]);
      expect(event).toMatchObject({ kind: 'response', response: { status: 400 } });
    }
    client.events.length = 0;
    client.socket.write('OPTIONS * RTSP/2.0\r\nCSeq: 7\r\n\r\n');
    expect(await client.until(() => client.events[0])).toMatchObject({ response: { status: 505 } });
    const options = await client.request('OPTIONS', '*');
    expect(options.status).toBe(200);
    expect(options.headers.get('Public')).toContain('GET_PARAMETER');
  });

  it('says 503 where a stream cannot describe itself, and logs it', async () => {
    await serve({ limits: { describeTimeoutMs: 50 } });
    stream.describe = () => Promise.reject(new Error('no encoder'));
    expect(await statusOf('DESCRIBE', '/lobby')).toBe(503);
    stream.describe = () => new Promise(() => {});
    expect(await statusOf('SETUP', '/lobby/trackID=0', { Transport: TCP })).toBe(503);
    expect(fixture.log.filter((line) => line.level === 'warn')).toHaveLength(2);
  });

  it('answers PLAY before the first packet, and begins with the keyframe that RTP-Info names', async () => {
    await serve();
    const client = await fixture.client();
    const answer = await client.play('lobby');
    stream.push();
    const packets = await pictures(client, 4);
    expect(client.events.findIndex((event) => event.kind === 'frame')).toBeGreaterThan(
      client.events.findIndex((event) => event.kind === 'response' && event.response === answer),
    );
    const [info] = parseRtpInfo(answer.headers.get('RTP-Info')!);
    expect(info).toEqual({
      url: `${fixture.url('lobby')}/trackID=0`,
      seq: packets[0]!.sequenceNumber,
      rtptime: packets[0]!.timestamp,
    });
    expect(answer.headers.get('Range')).toBe('npt=now-');
    packets.forEach((packet, i) => {
      expect(packet.sequenceNumber).toBe((packets[0]!.sequenceNumber + i) & 0xffff);
    });
    expect(new Set(packets.map((packet) => packet.timestamp)).size).toBe(4);
  });

  it('leaves first numbers out of RTP-Info while the keyframe is still to come', async () => {
    await serve({}, 0);
    const client = await fixture.client();
    const answer = await client.play('lobby');
    expect(parseRtpInfo(answer.headers.get('RTP-Info')!)).toEqual([{ url: `${fixture.url('lobby')}/trackID=0` }]);
  });

  it('hands every client of a stream the same packets, on the channels that each asked for', async () => {
    await serve();
    const [first, second] = [await fixture.client(), await fixture.client()];
    await first.play('lobby');
    const setup = await second.request('SETUP', '/lobby/trackID=0', {
      Transport: 'RTP/AVP/TCP;unicast;interleaved=6-7',
    });
    expect(parseTransports(setup.headers.get('Transport')!)[0]).toMatchObject({ protocol: 'tcp', interleaved: [6, 7] });
    await second.request('PLAY', '/lobby');
    stream.push();
    const packets = [await pictures(first, 4), await pictures(second, 4, 6)];
    const bytes = packets.map((list) => Buffer.concat(list.map((packet) => packet.bytes)).toString('base64'));
    expect(bytes[0]).toBe(bytes[1]);
    expect(fixture.server.stats()).toMatchObject({ clients: 2, connections: 2 });
    expect(fixture.server.stats().streams.get('lobby')).toEqual({
      clients: 2,
      bytesSent: 2 * packets[0]!.reduce((sum, packet) => sum + packet.bytes.length, 0),
    });
  });

  it('stops at PAUSE, goes on with a keyframe at the next PLAY, and ends with TEARDOWN', async () => {
    await serve();
    const client = await fixture.client();
    await client.play('lobby');
    await pictures(client, 3);
    expect((await client.request('PAUSE', '/lobby')).status).toBe(200);
    expect(stream.joined).toBe(0);
    client.events.length = 0;
    for (let i = 0; i < 4; i++) stream.push(); // the clip's second keyframe and one more
    expect((await client.request('PLAY', '/lobby')).status).toBe(200);
    const packets = await pictures(client, 2);
    const type = packets[0]!.bytes[packets[0]!.payloadStart]! & 0x1f;
    expect(type).toBe(24); // STAP-A: the parameter sets that a keyframe begins with
    expect((await client.request('TEARDOWN', '/lobby')).status).toBe(200);
    expect(stream.joined).toBe(0);
    expect((await client.request('PLAY', '/lobby')).status).toBe(454);
  });

  it('takes a second SETUP before PLAY as a change of transport, and refuses it while playing', async () => {
    await serve();
    const client = await fixture.client();
    await client.request('SETUP', '/lobby/trackID=0', { Transport: TCP });
    const { session } = client;
    await client.request('SETUP', '/lobby/trackID=0', { Transport: 'RTP/AVP/TCP;unicast;interleaved=2-3' });
    expect(client.session).toBe(session);
    await client.request('PLAY', '/lobby/trackID=0');
    await pictures(client, 3, 2);
    expect((await client.request('SETUP', '/lobby/trackID=0', { Transport: TCP })).status).toBe(455);
    expect((await client.request('PLAY', '/lobby', { Range: 'npt=now-' })).status).toBe(200);
    expect(stream.joins).toBe(1);
  });

  it('waits for a keyframe where the stream hands over other units first', async () => {
    await serve({}, 1);
    stream.join = (listener) => stream.observe(listener);
    const client = await fixture.client();
    await client.play('lobby');
    const units = Array.from({ length: 6 }, () => stream.push());
    expect(units.map(({ keyframe }) => keyframe)).toEqual([false, false, false, false, true, false]);
    const packets = await pictures(client, 2);
    expect(packets.filter((packet) => packet.marker)).toHaveLength(2);
    expect(packets[0]!.bytes[packets[0]!.payloadStart]! & 0x1f).toBe(24);
  });

  it('refuses the track of another stream in a session', async () => {
    const other = new ClipStream('yard', clip);
    stream = new ClipStream('lobby', clip);
    fixture = await RtspFixture.start([stream, other]);
    const client = await fixture.client();
    await client.request('SETUP', '/lobby/trackID=0', { Transport: TCP });
    expect((await client.request('SETUP', '/yard/trackID=0', { Transport: TCP })).status).toBe(459);
    // Without naming the session it is a new one, in place of the other.
    expect((await client.request('SETUP', '/yard/trackID=0', { Transport: TCP, Session: undefined })).status).toBe(200);
    expect((await client.request('PLAY', '/yard')).status).toBe(200);
    expect([stream.joined, other.joined]).toEqual([0, 1]);
  });

  it('refuses a range of recorded time, and the URL of another stream in the session', async () => {
    await serve();
    const client = await fixture.client();
    await client.request('SETUP', '/lobby/trackID=0', { Transport: TCP });
    expect((await client.request('PLAY', '/lobby', { Range: 'clock=20240101T000000Z-' })).status).toBe(457);
    expect((await client.request('PLAY', '/other')).status).toBe(404);
  });

  it('takes the first transport that it can do', async () => {
    await serve({ udpPort: false });
    const client = await fixture.client();
    const setup = await client.request('SETUP', '/lobby/trackID=0', {
      Transport: 'RTP/AVP;multicast,RTP/AVP;unicast;client_port=5000-5001,RTP/AVP/TCP;unicast',
    });
    expect(parseTransports(setup.headers.get('Transport')!)[0]).toMatchObject({ protocol: 'tcp', interleaved: [0, 1] });
  });

  it('leaves the stream when the connection of a client goes', async () => {
    await serve();
    const client = await fixture.client();
    await client.play('lobby');
    expect(stream.joined).toBe(1);
    client.close();
    await left();
    expect(stream.joined).toBe(0);
  });

  it('sends the first sender report with the first picture', async () => {
    await serve();
    const client = await fixture.client();
    await client.play('lobby');
    const [first] = await pictures(client, 3);
    const index = client.frames.findIndex((frame) => frame.channel === 1);
    const before = client.frames.slice(0, index).map((frame) => parseRtp(frame.payload)!);
    expect(before.filter((packet) => packet.marker)).toHaveLength(1);
    expect(reportsOf(client)[0]).toMatchObject({ type: 'sender-report', ssrc: first!.ssrc });
  });

  it('sends sender reports of what was sent, and goodbye when it closes', async () => {
    await serve({ limits: { reportIntervalMs: 50 } });
    const client = await fixture.client();
    await client.play('lobby');
    const sent = await pictures(client, 3);
    const report = await client.until(() => reportsOf(client).find(({ type }) => type === 'sender-report'));
    expect(report).toMatchObject({ ssrc: sent[0]!.ssrc });
    await client.until(() =>
      reportsOf(client).filter(({ type }) => type === 'sender-report').length >= 3 ? true : undefined,
    );
    expect(reportsOf(client).findLast(({ type }) => type === 'sender-report')).toMatchObject({
      packetCount: sent.length,
    });
    await fixture.server.close();
    await client.closed;
    expect(reportsOf(client).at(-1)).toEqual({ type: 'goodbye', sources: [sent[0]!.ssrc] });
  });

  it('says goodbye to the clients of a stream that ends, and to no others', async () => {
    await serve();
    const client = await fixture.client();
    await client.play('lobby');
    fixture.server.endStream('nowhere');
    expect(stream.joined).toBe(1);
    fixture.server.endStream('lobby');
    expect(stream.joined).toBe(0);
    await client.until(() => reportsOf(client).find(({ type }) => type === 'goodbye'));
    expect((await client.request('PLAY', '/lobby')).status).toBe(454);
    expect(fixture.server.stats().streams.get('lobby')!.bytesSent).toBeGreaterThan(0);
  });

  it('names the port and the key of the site file where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: `server.rtsp: port ${port} of 127.0.0.1 is already in use; stop the program that has it, or choose another port.`,
    });
    other.close();
  });
});

const reportsOf = (client: RawRtsp, channel = 1) =>
  client.frames.filter((frame) => frame.channel === channel).flatMap((frame) => parseRtcp(frame.payload)!);

/** Waits until the server has said that a client left. */
const left = async (): Promise<void> => {
  while (!fixture.log.some((line) => line.message === 'RTSP client left')) await new Promise(setImmediate);
};

describe('an RTSP server with users', () => {
  const users = [{ name: 'wall', password: 'correct horse' }];

  const authorized = async (client: RawRtsp, password: string, name = 'wall') => {
    const refused = await client.request('DESCRIBE', '/lobby');
    const [challenge] = parseChallenges(refused.headers.getAll('WWW-Authenticate'));
    const use = { method: 'DESCRIBE', uri: client.url('/lobby'), nonceCount: 1, cnonce: 'c' };
    const answer = answerChallenge(challenge!, { username: name, password }, use);
    return client.request('DESCRIBE', '/lobby', { Authorization: answer });
  };

  it('answers only to those who prove their password, by a digest that is good for this connection alone', async () => {
    await serve({ users, limits: { wrongPasswordDelayMs: 0 } });
    const client = await fixture.client();
    expect((await client.request('OPTIONS', '*')).status).toBe(200);
    expect((await client.request('DESCRIBE', '/nowhere')).status).toBe(401);
    expect((await client.request('SETUP', '/lobby/trackID=0', { Transport: TCP })).status).toBe(401);
    expect((await authorized(client, 'correct horse')).status).toBe(200);
    expect((await authorized(client, 'wrong')).status).toBe(401);
    expect((await authorized(client, 'correct horse', 'nobody')).status).toBe(401);
    expect((await authorized(client, '', '')).status).toBe(401);
    const basic = `Basic ${Buffer.from('wall:correct horse').toString('base64')}`;
    expect((await client.request('DESCRIBE', '/lobby', { Authorization: basic })).status).toBe(401);
    const nonces = await Promise.all(
      [client, await fixture.client()].map(async (c) =>
        (await c.request('DESCRIBE', '/lobby')).headers.get('WWW-Authenticate'),
      ),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('does not take the answer to a challenge of another connection for a wrong password', async () => {
    await serve({ users, limits: { wrongPasswordDelayMs: 0, maxWrongPasswords: 1 } });
    const [old, client] = [await fixture.client(), await fixture.client()];
    const [stale] = parseChallenges((await old.request('DESCRIBE', '/lobby')).headers.getAll('WWW-Authenticate'));
    const use = { method: 'DESCRIBE', uri: client.url('/lobby'), nonceCount: 1, cnonce: 'c' };
    const Authorization = answerChallenge(stale!, { username: 'wall', password: 'correct horse' }, use);
    expect((await client.request('DESCRIBE', '/lobby', { Authorization })).status).toBe(401);
    expect((await authorized(client, 'correct horse')).status).toBe(200);
  });

  it('closes a connection that keeps guessing, and logs no password', async () => {
    await serve({ users, limits: { wrongPasswordDelayMs: 0, maxWrongPasswords: 3 } });
    const client = await fixture.client();
    for (let i = 0; i < 2; i++) expect((await authorized(client, 'guess')).status).toBe(401);
    await expect(authorized(client, 'guess')).rejects.toThrow('closed');
    expect(JSON.stringify(fixture.log)).not.toMatch(/guess|correct horse/);
  });
});

describe('an RTSP server over UDP', () => {
  let rtp: Socket;
  let rtcp: Socket;
  let serverRtcpPort: number;

  const bindSockets = async (): Promise<string> => {
    [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [rtp, rtcp]) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return `${rtp.address().port}-${rtcp.address().port}`;
  };

  afterEach(() => {
    rtp?.close();
    rtcp?.close();
  });

  /** Sets up and plays; gives what arrives. */
  const playUdp = async (client: RawRtsp, extra = ''): Promise<Buffer[]> => {
    const arrived: Buffer[] = [];
    const ports = await bindSockets();
    rtp.on('message', (bytes) => arrived.push(bytes));
    const transport = `RTP/AVP;unicast;client_port=${ports}${extra}`;
    const setup = await client.request('SETUP', '/lobby/trackID=0', { Transport: transport });
    const { serverPort } = parseTransports(setup.headers.get('Transport')!)[0]!;
    serverRtcpPort = serverPort![1];
    expect([serverPort![0] % 2, serverPort![1] - serverPort![0]]).toEqual([0, 1]);
    expect(stream.joined).toBe(0);
    expect(arrived).toHaveLength(0);
    await client.request('PLAY', '/lobby');
    while (arrived.filter((bytes) => parseRtp(bytes)!.marker).length < 3) await once(rtp, 'message');
    return arrived;
  };

  it('sends to the address of the connection only, whatever destination the client names', async () => {
    await serve();
    const client = await fixture.client();
    const arrived = await playUdp(client, ';destination=127.0.0.77;source=127.0.0.78');
    const packets = arrived.map((bytes) => parseRtp(bytes)!);
    packets.forEach((packet, i) => {
      expect(packet.sequenceNumber).toBe((packets[0]!.sequenceNumber + i) & 0xffff);
    });
    expect(client.frames).toHaveLength(0);
  });

  it('sends every packet of a keyframe that is larger than a burst, in order', async () => {
    await serve({}, 0);
    const nal = Buffer.alloc(400_000, 0x55);
    nal.set([0, 0, 0, 1, 0x65]);
    const unit: AccessUnit = { data: nal, keyframe: true, timestamp: 0 };
    stream.join = (listener) => {
      listener(unit);
      return () => {};
    };
    const client = await fixture.client();
    const ports = await bindSockets();
    rtp.setRecvBufferSize(4_000_000);
    const numbers: number[] = [];
    rtp.on('message', (bytes) => numbers.push(parseRtp(bytes)!.sequenceNumber));
    await client.play('lobby', `RTP/AVP;unicast;client_port=${ports}`);
    while (numbers.length < 287) await once(rtp, 'message');
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0]! + i) & 0xffff));
  });

  it('ends a session without a sign of life, with goodbye', async () => {
    await serve({ limits: { sessionTimeoutMs: 300 } });
    const client = await fixture.client();
    await playUdp(client);
    for (;;) {
      const [bytes] = (await once(rtcp, 'message')) as [Buffer];
      if (parseRtcp(bytes)!.some(({ type }) => type === 'goodbye')) break;
    }
    expect(stream.joined).toBe(0);
  });

  it('keeps a session whose receiver reports come, also where its connection is gone', async () => {
    let now = 0;
    await serve({ now: () => now, limits: { firstRequestMs: 20 } });
    const client = await fixture.client();
    await playUdp(client);
    client.close();
    while (fixture.server.stats().connections > 0) await new Promise(setImmediate);
    for (let i = 0; i < 3; i++) {
      const silent = await fixture.client();
      while (fixture.server.stats().connections === 0) await new Promise(setImmediate);
      now += 50_000;
      const report = formatRtcp([{ type: 'receiver-report', ssrc: 1, reports: [] }]);
      rtcp.send(report, serverRtcpPort, '127.0.0.1');
      await silent.closed; // by the same look at the clock that ends sessions
      expect(fixture.server.stats().clients).toBe(1);
    }
    const stranger = await fixture.client('127.0.0.2');
    stranger.session = client.session;
    expect((await stranger.request('TEARDOWN', '/lobby')).status).toBe(454);
    // Another connection of the same address may take the session over by its id, and end it.
    const other = await fixture.client();
    other.session = client.session;
    expect((await other.request('GET_PARAMETER', '/lobby')).status).toBe(200);
    expect((await other.request('TEARDOWN', '/lobby')).status).toBe(200);
    expect(stream.joined).toBe(0);
  });
});
