import { setTimeout as pause } from 'node:timers/promises';
import type { TestCamera } from '../../tests/support/camera.js';
import type { TestGateway } from '../../tests/support/gateway.js';
import { freePort } from '../../tests/support/ports.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { DecodingClient, type Sighting } from '../clients/decoding-client.js';
import { monotonicMs } from '../measuring/clock.js';
import { treeCpuSeconds } from '../measuring/process-tree.js';
import { quantile, type Summary, summarize } from '../measuring/statistics.js';
import { startFfmpeg } from '../peers/ffmpeg.js';
import { type MediaServer, mediaServers } from '../peers/media-server.js';
import { cumulative, linePlot, type Series } from '../report/svg-plot.js';
import { CLIP_SECONDS, FPS, mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';
import { addedLatencies } from './pairing.js';
import { RecordingClient } from './recording-client.js';

/** Seconds at the beginning that do not count: bursts of what was cached, encoders that start. */
const WARM_UP_SECONDS = 3;

/** Further apart than this, ms, two pictures with one number are not one picture. */
const WITHIN_MS = (CLIP_SECONDS * 1000) / 2;

const STREAMS = 6;

/** Who adds latency: where its result is watched, and what ends it. */
interface Contender {
  readonly name: string;
  start(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/**
 * The number of each picture is painted in the source; equal clients read it at the camera and behind the gateway at the same time, and
 * what lies between is what was added. One stream: clients that decode. Six: clients that only note when the last packet came.
 */
export const latency: Benchmark = {
  name: 'latency',
  question: 'How much later does a picture reach a viewer than straight from the camera?',
  async run(options: RunOptions): Promise<Outcome> {
    const one = await oneStream(options);
    const six = await sixStreams(options);
    const title = 'Share of the pictures by added latency';
    const svg = linePlot(title, [...one.series, six.series], { x: 'ms', y: '% of the pictures' });
    return {
      measures: [...one.measures, ...six.measures],
      plots: [{ name: 'latency', title, svg }],
      notes: [...one.notes, ...six.notes],
    };
  },
};

interface Part {
  readonly measures: Measure[];
  readonly notes: string[];
}

async function oneStream({ quick, say }: RunOptions): Promise<Part & { series: Series[] }> {
  const [rounds, seconds] = quick ? [1, 5] : [4, 10];
  await using camera = await startClipCamera(1);
  const source = mountUrl(camera, 0);
  await using gateway = await startMaskingGateway([source]);
  const contenders: Contender[] = [
    { name: 'gateway', start: async () => ({ url: gateway.url('cam0'), close: async () => undefined }) },
    { name: 'ffmpeg', start: () => startFfmpegToClient(source) },
  ];
  const servers = mediaServers();
  for (const server of servers.here)
    contenders.push({ name: `ffmpeg and ${server.name}`, start: () => startFfmpegAnd(server, source) });
  const notes = [
    'ffmpeg here sends its packets straight to the client over UDP: no media server between them, which is the least that any set-up with ffmpeg adds.',
    ...servers.missing,
  ];
  const added = new Map(contenders.map(({ name }): [string, number[][]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, start } of contenders) {
      const running = await start();
      const values = await compare(source, running.url, seconds);
      await running.close();
      added.get(name)!.push(values);
      say(`round ${round + 1}/${rounds}, ${name}: ${values.length} pictures, ${sentence(values)}`);
    }
  }
  const measures = contenders.flatMap(({ name }): Measure[] => {
    const own = name === 'gateway';
    const id = own ? 'latency.one' : `latency.${name.replaceAll(' ', '-')}`;
    const what = `added latency of one stream, ${own ? '' : `${name}, `}`;
    const rest = (bound: number) => (own ? { bound: { atMost: bound } } : {});
    return [
      { id: `${id}.p50`, what: `${what}p50`, unit: 'ms', summary: overRounds(added.get(name)!, 0.5), ...rest(15) },
      { id: `${id}.p95`, what: `${what}p95`, unit: 'ms', summary: overRounds(added.get(name)!, 0.95) },
      { id: `${id}.p99`, what: `${what}p99`, unit: 'ms', summary: overRounds(added.get(name)!, 0.99), ...rest(40) },
    ];
  });
  measures.unshift({
    id: 'latency.one.ratio',
    what: 'added latency of one stream, p50, over ffmpeg without a server',
    unit: 'ratio',
    summary: summarize(
      added.get('gateway')!.map((values, i) => percentile(values, 0.5) / percentile(added.get('ffmpeg')![i]!, 0.5)),
    ),
  });
  const series = contenders.map(({ name }) => ({ label: name, points: cumulative(added.get(name)!.flat()) }));
  return { measures, notes, series };
}

async function sixStreams({ quick, say }: RunOptions): Promise<Part & { series: Series }> {
  const [rounds, seconds] = quick ? [1, 4] : [2, 15];
  const mounts = Array.from({ length: STREAMS }, (_, i) => i);
  await using camera = await startClipCamera(STREAMS);
  await using gateway = await startMaskingGateway(mounts.map((mount) => mountUrl(camera, mount)));
  const added: (readonly number[])[] = [];
  const sustained: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { added: values, pictures, elapsed } = await watchBothEnds(camera, gateway, { streams: STREAMS, seconds });
    added.push(values);
    sustained.push((pictures * 100) / (STREAMS * FPS * elapsed));
    say(`round ${round + 1}/${rounds}, six streams: ${values.length} pictures, ${sentence(values)}`);
  }
  const what = `added latency of ${STREAMS} streams at once, `;
  const measures: Measure[] = [
    { id: 'latency.six.p50', what: `${what}p50`, unit: 'ms', summary: overRounds(added, 0.5) },
    { id: 'latency.six.p95', what: `${what}p95`, unit: 'ms', summary: overRounds(added, 0.95) },
    { id: 'latency.six.p99', what: `${what}p99`, unit: 'ms', summary: overRounds(added, 0.99), bound: { atMost: 80 } },
    {
      id: 'latency.six.sustained',
      what: `pictures that came out of ${STREAMS} streams at once`,
      unit: '%',
      summary: summarize(sustained),
      bound: { atLeast: 99 },
    },
  ];
  return { measures, notes: [], series: { label: 'gateway, six streams', points: cumulative(added.flat()) } };
}

/** What came of some seconds of several streams. */
interface Watched {
  /** Added latency of each picture, ms. */
  readonly added: readonly number[];
  /** That came out of the gateway, and in how many seconds. */
  readonly pictures: number;
  readonly elapsed: number;
  /** CPU seconds of all processes of the gateway meanwhile. */
  readonly cpu: number;
}

/** Clients at both ends of every stream (`cam0`, `cam1` ...) that only note when the last packet of a picture came, and decode afterwards. */
export async function watchBothEnds(
  camera: TestCamera,
  gateway: TestGateway,
  { streams, seconds }: { streams: number; seconds: number },
): Promise<Watched> {
  const mounts = Array.from({ length: streams }, (_, i) => i);
  const near = await Promise.all(mounts.map((mount) => RecordingClient.play(mountUrl(camera, mount))));
  const far = await Promise.all(mounts.map((mount) => RecordingClient.play(gateway.url(`cam${mount}`))));
  await pause(WARM_UP_SECONDS * 1000);
  const read = () => ({
    at: monotonicMs(),
    cpu: treeCpuSeconds(gateway.pid),
    pictures: far.reduce((sum, client) => sum + client.pictures, 0),
  });
  const before = read();
  await pause(seconds * 1000);
  const after = read();
  await Promise.all([...near, ...far].map((client) => client.close()));
  const added: number[] = [];
  for (const mount of mounts) {
    const [direct, masked] = [await near[mount]!.sightings(), await far[mount]!.sightings()];
    const counted = masked.filter(({ at }) => at >= before.at);
    added.push(...addedLatencies(direct, counted, WITHIN_MS));
  }
  return {
    added,
    pictures: after.pictures - before.pictures,
    elapsed: (after.at - before.at) / 1000,
    cpu: after.cpu - before.cpu,
  };
}

/** Two equal clients at the same time, one at each end. */
async function compare(near: string, far: string, seconds: number): Promise<number[]> {
  await using direct = new DecodingClient(near);
  await using behind = new DecodingClient(far);
  const live = ({ number }: Sighting): boolean => number >= 0;
  await Promise.all([direct.until(live, 'picture of the camera'), behind.until(live, 'masked picture')]);
  await pause((WARM_UP_SECONDS + seconds) * 1000);
  const start = behind.pictures[0]!.at + WARM_UP_SECONDS * 1000;
  const counted = behind.pictures.filter(({ at }) => at >= start);
  return addedLatencies(direct.pictures, counted, WITHIN_MS);
}

/** ffmpeg's packets straight into the client. */
async function startFfmpegToClient(source: string): Promise<{ url: string; close(): Promise<void> }> {
  const port = await freePort();
  const ffmpeg = startFfmpeg(source, { output: ['-f', 'rtp', '-payload_type', '96', `rtp://127.0.0.1:${port}`] });
  return { url: `udp:${port}`, close: ffmpeg.close };
}

async function startFfmpegAnd(server: MediaServer, source: string): Promise<{ url: string; close(): Promise<void> }> {
  const running = await server.start();
  const ffmpeg = startFfmpeg(source, { output: ['-f', 'rtsp', '-rtsp_transport', 'tcp', running.url('masked')] });
  await ffmpeg.match(/^frame=[1-9]/m);
  return {
    url: running.url('masked'),
    async close() {
      await ffmpeg.close();
      await running.close();
    },
  };
}

const percentile = (values: readonly number[], p: number): number => quantile(Float64Array.from(values).sort(), p);

const overRounds = (rounds: readonly (readonly number[])[], p: number): Summary =>
  summarize(rounds.map((values) => percentile(values, p)));

const sentence = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5).toFixed(1)}, p99 ${percentile(values, 0.99).toFixed(1)} ms`;
