import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RtspPublisher, type RtspPublisherOptions } from '../../src/rtsp/publisher.js';
import { Headers } from '../../src/rtsp/wire/headers.js';
import { makeResponse } from '../../src/rtsp/wire/message.js';
import { parseRtcp } from '../../src/rtsp/wire/rtcp.js';
import { parseRtp } from '../../src/rtsp/wire/rtp.js';
import { parseSdp } from '../../src/rtsp/wire/sdp.js';
import { type Clip, encodeClip } from '../support/clip.js';
import { ClipStream } from '../support/clip-stream.js';
import { isMissing } from '../support/peer.js';
import { PeerProcess } from '../support/peer-process.js';
import { RecordSink, type SeenPublisher } from '../support/record-sink.js';

let clip: Clip;
let h265: Clip;
let stream: ClipStream;
let publisher: RtspPublisher;
let sink: RecordSink | null = null;
let log: { level: string; message: string; fields: object }[] = [];
/** The retries that the publisher has asked for and that have not been run. */
let retries: { act: () => void; ms: number }[] = [];

beforeAll(async () => {
  [clip, h265] = await Promise.all([
    encodeClip({ seconds: 1, gop: 5 }),
    encodeClip({ codec: 'h265', seconds: 1, gop: 5 }),
  ]);
});

afterEach(async () => {
  stream.stop();
  await publisher.close();
  await sink?.close();
  sink = null;
});

const publish = (url: string, options: Partial<RtspPublisherOptions> = {}, source = clip): RtspPublisher => {
  log = [];
  retries = [];
  const note = (level: string) => (fields: object, message: string) => void log.push({ level, message, fields });
  stream = new ClipStream('lobby', source);
  publisher = new RtspPublisher({
    url,
    stream,
    logger: { debug: note('debug'), info: note('info'), warn: note('warn') },
    random: () => 0.5,
    schedule: (act, ms) => {
      const retry = { act, ms };
      retries.push(retry);
      return () => {
        retries = retries.filter((other) => other !== retry);
      };
    },
    ...options,
  });
  publisher.start();
  return publisher;
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const retry = (): void => retries.shift()!.act();

const rtpOf = (seen: SeenPublisher) =>
  seen.frames.filter(({ channel }) => channel === 0).map(({ payload }) => parseRtp(payload)!);

describe('a publisher', () => {
  it('announces the stream, asks to record, and sends from a keyframe on, with reports', async () => {
    sink = await RecordSink.listen();
    publish(sink.url);
    const seen = await sink.until(() => sink!.publishers[0]);
    await until(() => publisher.stats().state === 'recording');
    expect(seen.requests.map(({ method }) => method)).toEqual(['ANNOUNCE', 'SETUP', 'RECORD']);
    const [announce, setup, record] = seen.requests;
    expect(parseSdp(announce!.body.toString()).medias[0]!.rtpMaps.get(96)!.encoding).toBe('H264');
    expect([announce!.url, setup!.url, record!.url]).toEqual([sink.url, `${sink.url}/trackID=0`, sink.url]);
    expect(setup!.headers.get('Transport')).toBe('RTP/AVP/TCP;unicast;interleaved=0-1;mode=record');
    expect(record!.headers.get('Session')).toBe('abc');
    for (let i = 0; i < 3; i++) stream.push();
    const packets = await sink.until(() => {
      const all = rtpOf(seen);
      return all.filter(({ marker }) => marker).length === 3 ? all : undefined;
    });
    packets.forEach((packet, i) => {
      expect(packet.sequenceNumber).toBe((packets[0]!.sequenceNumber + i) & 0xffff);
    });
    const report = seen.frames.find(({ channel }) => channel === 1)!;
    expect(parseRtcp(report.payload)![0]).toMatchObject({ type: 'sender-report', ssrc: packets[0]!.ssrc });
    expect(publisher.stats()).toMatchObject({ state: 'recording', unitsSent: 3, unitsDropped: 0, failures: 0 });
  });

  it('uses the channels that the server gives', async () => {
    sink = await RecordSink.listen();
    sink.answerInstead = ({ method }) =>
      method === 'SETUP'
        ? makeResponse(200, new Headers({ Session: 'abc', Transport: 'RTP/AVP/TCP;unicast;interleaved=8-9' }))
        : undefined;
    publish(sink.url);
    await until(() => publisher.stats().state === 'recording');
    stream.push();
    await sink.until(() => (sink!.publishers[0]!.frames.some(({ channel }) => channel === 9) ? true : undefined));
    expect(new Set(sink.publishers[0]!.frames.map(({ channel }) => channel))).toEqual(new Set([8, 9]));
  });

  it('leaves with goodbye and TEARDOWN', async () => {
    sink = await RecordSink.listen();
    publish(sink.url);
    await until(() => publisher.stats().state === 'recording');
    stream.push();
    await publisher.close();
    const seen = sink.publishers[0]!;
    await sink.until(() => (seen.requests.at(-1)!.method === 'TEARDOWN' ? true : undefined));
    expect(parseRtcp(seen.frames.at(-1)!.payload)!.at(-1)!.type).toBe('goodbye');
    expect(publisher.stats().state).toBe('closed');
    expect([stream.joined, retries]).toEqual([0, []]);
  });

  it('comes back after a pause when the server is lost, as a new source and with a keyframe', async () => {
    sink = await RecordSink.listen();
    publish(sink.url);
    await until(() => publisher.stats().state === 'recording');
    for (let i = 0; i < 3; i++) stream.push();
    await until(() => rtpOf(sink!.publishers[0]!).length >= 3);
    sink.publishers[0]!.socket.destroy();
    await until(() => publisher.stats().state === 'waiting');
    expect(stream.joined).toBe(0);
    expect(retries).toMatchObject([{ ms: 1000 }]);
    retry();
    await until(() => publisher.stats().state === 'recording');
    const [first, second] = await sink.until(() => {
      const lists = sink!.publishers.map(rtpOf);
      return lists.length === 2 && lists[1]!.length > 0 ? lists : undefined;
    });
    expect(second![0]!.ssrc).not.toBe(first![0]!.ssrc);
    expect(second![0]!.bytes[second![0]!.payloadStart]! & 0x1f).toBe(24); // parameter sets: a keyframe's beginning
    expect(publisher.stats()).toMatchObject({ failures: 1 });
  });

  it('waits longer with each failure, and tells the same reason once', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as { port: number };
    unused.close();
    publish(`rtsp://wall:s3cret@127.0.0.1:${port}/cam`);
    const pauses: number[] = [];
    for (let i = 0; i < 4; i++) {
      await until(() => retries.length === 1);
      pauses.push(retries[0]!.ms);
      if (i < 3) retry();
    }
    expect(pauses).toEqual([1000, 1500, 3000, 6000]);
    expect(log.map(({ level }) => level)).toEqual(['warn', 'debug', 'debug', 'debug']);
    expect(JSON.stringify(log)).toContain('refused the connection');
    expect(JSON.stringify(log)).not.toContain('s3cret');
  });

  it('counts from the first pause again only after a session that lasted', async () => {
    let now = 0;
    sink = await RecordSink.listen();
    publish(sink.url, { now: () => now });
    for (const [lasts, pause] of [
      [100, 1000],
      [100, 1500],
      [60_000, 1000],
    ] as const) {
      await until(() => publisher.stats().state === 'recording');
      now += lasts;
      sink.publishers.at(-1)!.socket.destroy();
      await until(() => retries.length === 1);
      expect(retries[0]!.ms).toBe(pause);
      retry();
    }
  });

  it('says what is wrong where the server refuses', async () => {
    sink = await RecordSink.listen();
    sink.answerInstead = ({ method }) => (method === 'ANNOUNCE' ? makeResponse(403) : undefined);
    publish(sink.url);
    await until(() => retries.length === 1);
    expect(log).toMatchObject([
      { level: 'warn', fields: { reason: `${sink.url} refused ANNOUNCE (403 Forbidden)`, stream: 'lobby' } },
    ]);
  });

  it('leaves units out where the server does not read, and goes on from a keyframe when it does', async () => {
    sink = await RecordSink.listen();
    publish(sink.url, { maxBacklogBytes: 100_000 });
    await until(() => publisher.stats().state === 'recording');
    const { socket } = sink.publishers[0]!;
    socket.pause();
    while (publisher.stats().unitsDropped < 20) {
      for (let i = 0; i < 50; i++) stream.push();
      await new Promise(setImmediate);
    }
    const joins = stream.joins;
    socket.resume();
    await until(() => {
      stream.push();
      return stream.joins > joins;
    });
    const before = publisher.stats().unitsSent;
    await until(() => {
      stream.push();
      return publisher.stats().unitsSent > before + 5;
    });
    // What arrived has no hole: units were left out whole, before they got numbers.
    const packets = rtpOf(sink.publishers[0]!);
    packets.forEach((packet, i) => {
      expect(packet.sequenceNumber).toBe((packets[0]!.sequenceNumber + i) & 0xffff);
    });
  });

  it('refuses a URL that is none, without repeating its password', () => {
    stream = new ClipStream('lobby', clip);
    const make = () => new RtspPublisher({ url: 'rtsp://wall:s3cret@', stream });
    expect(make).toThrow(expect.objectContaining({ code: 'publish-url' }));
    expect(make).not.toThrow('s3cret');
  });
});

const PYTHON = '/usr/bin/python3';
const RECORD_SERVER = new URL('../support/gst-record-server.py', import.meta.url).pathname;

describe.skipIf(isMissing('gst-launch-1.0'))("a publisher to GStreamer's server", () => {
  let peer: PeerProcess;

  afterEach(() => peer.stop());

  it.each(['h264', 'h265'] as const)('has its %s pictures decoded', async (codec) => {
    peer = new PeerProcess(PYTHON, [RECORD_SERVER, codec]);
    const [, port] = await peer.line(/^ready (\d+)/);
    publish(`rtsp://127.0.0.1:${port}/cam`, {}, codec === 'h264' ? clip : h265);
    stream.start();
    await peer.line(/^picture 640 360/, 30);
    await publisher.close();
    await peer.line(/^gone/);
  });

  it('is let in by its digest', async () => {
    peer = new PeerProcess(PYTHON, [RECORD_SERVER, 'h264', 'wall', 'x7 ?']);
    const [, port] = await peer.line(/^ready (\d+)/);
    publish(`rtsp://wall:${encodeURIComponent('x7 ?')}@127.0.0.1:${port}/cam`);
    stream.start();
    await peer.line(/^picture/, 10);
    await publisher.close();
    publish(`rtsp://wall:wrong@127.0.0.1:${port}/cam`);
    await until(() => retries.length === 1);
    expect(JSON.stringify(log)).toContain('401');
  });
});

describe.skipIf(isMissing('ffmpeg'))('a publisher to ffmpeg', () => {
  it('is decoded by a listening ffmpeg', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    const url = `rtsp://127.0.0.1:${port}/cam`;
    const input = ['-nostdin', '-v', 'error', '-rtsp_flags', 'listen', '-i', url];
    const peer = new PeerProcess('ffmpeg', [...input, '-an', '-frames:v', '30', '-f', 'framemd5', '-']);
    publish(url);
    stream.start();
    // ffmpeg may not listen yet.
    const attempts = setInterval(() => retries.length > 0 && retry(), 100);
    await peer.line(/^0,/, 30);
    clearInterval(attempts);
    await peer.stop();
  });
});
