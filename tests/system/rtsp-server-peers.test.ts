import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RtspServerOptions } from '../../src/rtsp/server.js';
import { type Clip, encodeClip } from '../support/clip.js';
import { ClipStream } from '../support/clip-stream.js';
import { isMissing } from '../support/peer.js';
import { PeerProcess } from '../support/peer-process.js';
import { runProgram } from '../support/program.js';
import { RawRtsp } from '../support/raw-rtsp.js';
import { RtspFixture } from '../support/rtsp-fixture.js';

const FRAMES = 50;

let clips: Record<'h264' | 'h265' | 'small', Clip>;
let stream: ClipStream;
let fixture: RtspFixture;

beforeAll(async () => {
  if (isMissing('ffmpeg')) return;
  const [h264, h265, small] = await Promise.all([
    encodeClip({ size: '640x360', bitrate: 4_000_000 }),
    encodeClip({ codec: 'h265', size: '640x360', seconds: 2 }),
    encodeClip({ size: '320x180', seconds: 2 }),
  ]);
  clips = { h264, h265, small };
});

afterEach(async () => {
  stream.stop();
  await fixture.stop();
});

const serve = async (clip: Clip, options: Partial<RtspServerOptions> = {}): Promise<void> => {
  stream = new ClipStream('lobby', clip).start();
  fixture = await RtspFixture.start([stream], options);
};

const FRAME_LINE = /^0,.*,\s*([0-9a-f]{32})$/gm;
const hashes = (output: string): string[] => [...output.matchAll(FRAME_LINE)].map((match) => match[1]!);

/** Pulls and decodes with the ffmpeg command line. */
const ffmpeg = async (url: string, transport: string, more: readonly string[] = []) => {
  const input = ['-nostdin', '-v', 'error', '-rtsp_transport', transport, ...more, '-i', url];
  const { code, output } = await runProgram('ffmpeg', [
    ...input,
    '-an',
    '-frames:v',
    String(FRAMES),
    '-f',
    'framemd5',
    '-',
  ]);
  const complaints = output.split('\n').filter((line) => line !== '' && !/^(#|0,)/.test(line));
  return { code, hashes: hashes(output), complaints };
};

/** What each picture of a clip decodes to. */
const decoded = async (clip: Clip): Promise<Set<string>> => {
  const dir = await mkdtemp(join(tmpdir(), 'veilgate-clip-'));
  try {
    const file = join(dir, 'clip');
    await writeFile(file, Buffer.concat(clip.pictures.map((picture) => picture.data)));
    const format = clip.description.codec === 'h264' ? 'h264' : 'hevc';
    const { output } = await runProgram('ffmpeg', ['-v', 'error', '-f', format, '-i', file, '-f', 'framemd5', '-']);
    return new Set(hashes(output));
  } finally {
    await rm(dir, { recursive: true });
  }
};

describe.skipIf(isMissing('ffmpeg'))('ffmpeg as a client', () => {
  it.each([
    ['h264', 'tcp'],
    ['h264', 'udp'],
    ['h265', 'tcp'],
    ['h265', 'udp'],
  ] as const)('decodes %s over %s to exactly the pictures that were encoded', async (codec, transport) => {
    const expected = await decoded(clips[codec]);
    await serve(clips[codec]);
    const result = await ffmpeg(fixture.url('lobby'), transport);
    expect(result.complaints).toEqual([]);
    expect(result.hashes).toHaveLength(FRAMES);
    expect(result.hashes.filter((hash) => !expected.has(hash))).toEqual([]);
    expect(stream.joins).toBe(1);
  });

  it('goes on in the same session where the stream changes its size and back', async () => {
    await serve(clips.h264);
    const viewing = runProgram('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-i', fixture.url('lobby')],
      ...['-an', '-frames:v', '100', '-f', 'framemd5', '-autoscale', '0', '-'],
    ]);
    while (fixture.server.stats().streams.get('lobby')?.bytesSent === undefined) await new Promise(setImmediate);
    for (const clip of [clips.small, clips.h264]) {
      await new Promise((resolve) => setTimeout(resolve, 1000)); // the clip plays at its own pace
      stream.switchTo(clip);
    }
    const { output } = await viewing;
    expect(hashes(output)).toHaveLength(100);
    expect(fixture.log.filter((line) => line.message === 'RTSP client plays')).toHaveLength(1);
  });

  it('is let in with the right password, and not with another', async () => {
    await serve(clips.h264, { users: [{ name: 'wall', password: 'x7' }], limits: { wrongPasswordDelayMs: 0 } });
    const url = (password: string): string => fixture.url('lobby').replace('//', `//wall:${password}@`);
    expect((await ffmpeg(url('x7'), 'tcp')).hashes).toHaveLength(FRAMES);
    const refused = await ffmpeg(url('x8'), 'tcp');
    expect(refused.hashes).toHaveLength(0);
    expect(refused.complaints.join()).toContain('401');
  });

  it('falls back to TCP where the server has no UDP', async () => {
    await serve(clips.h264, { udpPort: false });
    expect((await ffmpeg(fixture.url('lobby'), 'udp+tcp')).hashes).toHaveLength(FRAMES);
  });

  it.skipIf(isMissing('openssl'))('watches over TLS, where UDP is refused', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'veilgate-tls-'));
    const [keyFile, certFile] = [join(dir, 'key'), join(dir, 'cert')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=x',
    ];
    expect((await runProgram('openssl', [...request, '-keyout', keyFile, '-out', certFile])).code).toBe(0);
    const { readFile } = await import('node:fs/promises');
    const [key, cert] = await Promise.all([readFile(keyFile), readFile(certFile)]);
    await rm(dir, { recursive: true });
    await serve(clips.h264, { tls: { port: 0, key, cert } });
    const { securePort } = fixture.server;
    expect((await ffmpeg(`rtsps://127.0.0.1:${securePort}/lobby`, 'tcp')).hashes).toHaveLength(FRAMES);
    const client = await RawRtsp.open(securePort!, { tls: true });
    const udp = { Transport: 'RTP/AVP;unicast;client_port=5000-5001' };
    expect((await client.request('SETUP', '/lobby/trackID=0', udp)).status).toBe(461);
    // A client that speaks no TLS is closed, and takes nothing else down.
    const plain = await RawRtsp.open(securePort!);
    plain.socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n');
    await plain.closed;
    expect((await client.request('OPTIONS', '*')).status).toBe(200);
    client.close();
  });

  it.skipIf(isMissing('ffprobe'))('is told size, codec and frame rate by ffprobe', async () => {
    await serve(clips.h264);
    const show = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height,avg_frame_rate', '-of', 'csv=p=0'];
    const { output } = await runProgram('ffprobe', [...show, fixture.url('lobby')]);
    expect(output.trim()).toBe('h264,640,360,25/1');
  });
});

describe.skipIf(isMissing('gst-launch-1.0'))('GStreamer as a client', () => {
  const DECODERS = {
    h264: ['rtph264depay', '!', 'avdec_h264'],
    h265: ['rtph265depay', '!', 'avdec_h265'],
  } as const;

  it.each([
    ['h264', 'tcp'],
    ['h264', 'udp'],
    ['h265', 'tcp'],
    ['h265', 'udp'],
  ] as const)('decodes %s over %s', async (codec, transport) => {
    await serve(clips[codec]);
    const source = ['rtspsrc', `location=${fixture.url('lobby')}`, `protocols=${transport}`, 'latency=100'];
    const sink = ['fakesink', `num-buffers=${FRAMES}`];
    const { output } = await runProgram('gst-launch-1.0', [...source, '!', ...DECODERS[codec], '!', ...sink]);
    // Not the exit status: in leaving, it may send PAUSE into the connection that it has just closed.
    expect(output).toContain('Got EOS from element');
  });

  it('plays on after a pause', async () => {
    await serve(clips.h264);
    const script = `
import gi, sys
gi.require_version('Gst', '1.0')
from gi.repository import Gst
Gst.init(None)
source = 'rtspsrc location=${fixture.url('lobby')} protocols=tcp latency=0'
pipeline = Gst.parse_launch(source + ' ! rtph264depay ! avdec_h264 ! appsink name=s sync=false async=false max-buffers=2 drop=true')
sink = pipeline.get_by_name('s')
for line in sys.stdin:
    playing = line.strip() == 'play'
    pipeline.set_state(Gst.State.PLAYING if playing else Gst.State.PAUSED)
    pipeline.get_state(5 * Gst.SECOND)
    if playing:
        print('pictures', sum(sink.emit('try-pull-sample', 5 * Gst.SECOND) is not None for _ in range(20)), flush=True)
`;
    const peer = new PeerProcess('/usr/bin/python3', ['-c', script]);
    peer.tell('play');
    await peer.line(/pictures 20/);
    peer.tell('pause');
    while (stream.joined > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    peer.tell('play');
    await peer.line(/pictures 20/, 2);
    expect([stream.joins, fixture.server.stats().connections]).toEqual([2, 1]);
    await peer.stop();
  });
});
