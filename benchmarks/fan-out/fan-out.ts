import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { cpuSeconds, measureCores } from '../measuring/process-tree.js';
import { summarize } from '../measuring/statistics.js';
import { type MediaServer, mediaServers } from '../peers/media-server.js';
import { linePlot } from '../report/svg-plot.js';
import { FPS, mountUrl, startClipCamera } from '../scene.js';
import type { CrowdReport, CrowdRequest } from './crowd.js';

/** Twice what MediaMTX took when the bounds were set: cores by readers. */
const MOST_CORES: Readonly<Record<number, number>> = { 1: 0.024, 10: 0.06, 50: 0.178, 100: 0.364 };
const MOST_P99_MS = 15;

const SETTLE_SECONDS = 2;

/** Who serves the stream. */
interface Server {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
}

interface Sample {
  readonly cores: number;
  /** Age of a picture, ms; null where it is not known. */
  readonly p99: number | null;
}

/**
 * One 4 Mb/s 1080p25 stream to many readers over TCP. Measured is the process that serves, and how old a picture is when its last packet
 * reaches a reader; the readers are one process of their own and share the machine with it.
 */
export const fanOut: Benchmark = {
  name: 'fan-out',
  question: 'What does it cost to serve one stream to many?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const counts = quick ? [1, 10] : [1, 10, 50, 100];
    const [rounds, seconds] = quick ? [1, 2] : [2, 5];
    await using own = await startOwnServer();
    await using camera = await startClipCamera(1);
    const servers: Server[] = [
      { name: 'veilgate', pid: own.pid, url: own.url },
      { name: 'gstreamer', pid: camera.process.child.pid!, url: mountUrl(camera, 0) },
    ];
    const notes = [
      "GStreamer's RTSP server is the camera of the other benchmarks; its pictures bear no stamp, so that their age is not known.",
    ];
    const { here, missing } = mediaServers();
    const fed = await Promise.all(here.map(startFed));
    servers.push(...fed);
    notes.push(...missing);
    if (!here.some(({ program }) => program === 'mediamtx'))
      notes.push('The bounds are twice what MediaMTX took when they were set.');
    const samples = new Map<string, Sample[]>();
    try {
      for (let round = 0; round < rounds; round++) {
        for (const readers of counts) {
          for (const server of servers) {
            const sample = await measure(server, readers, seconds);
            const key = `${server.name} ${readers}`;
            samples.set(key, [...(samples.get(key) ?? []), sample]);
            const age = sample.p99 === null ? '' : `, p99 ${sample.p99.toFixed(1)} ms`;
            say(`round ${round + 1}/${rounds}, ${key} readers: ${sample.cores.toFixed(3)} cores${age}`);
          }
        }
      }
    } finally {
      for (const server of fed) await server.close();
    }
    const pick = (name: string, readers: number, key: keyof Sample) =>
      summarize(samples.get(`${name} ${readers}`)!.map((sample) => sample[key] ?? Number.NaN));
    const peers = servers.slice(1).map(({ name }) => name);
    const measures = counts.flatMap((readers): Measure[] => {
      const what = readers === 1 ? 'one reader' : `${readers} readers`;
      const beside = peers.map((name) => `${name} ${pick(name, readers, 'cores').median.toFixed(3)}`).join(', ');
      const bound = { atMost: MOST_CORES[readers]! };
      return [
        ...peers.map(
          (name): Measure => ({
            id: `fan-out.${readers}.over-${name}`,
            what: `cores to serve ${what}, over ${name}`,
            unit: 'ratio',
            summary: summarize([pick('veilgate', readers, 'cores').median / pick(name, readers, 'cores').median]),
            ...(name === 'mediamtx' ? { bound: { atMost: 2 } } : {}),
          }),
        ),
        {
          id: `fan-out.${readers}.cores`,
          what: `cores to serve ${what}`,
          unit: 'cores',
          summary: pick('veilgate', readers, 'cores'),
          bound,
          beside,
        },
        {
          id: `fan-out.${readers}.p99`,
          what: `age of a picture at ${what}, p99`,
          unit: 'ms',
          summary: pick('veilgate', readers, 'p99'),
          ...(readers === 100 ? { bound: { atMost: MOST_P99_MS } } : {}),
        },
      ];
    });
    const title = 'Cores to serve one 4 Mb/s stream, by readers';
    const series = servers.map(({ name }) => ({
      label: name,
      points: counts.map((readers) => [readers, pick(name, readers, 'cores').median] as const),
    }));
    return {
      measures,
      notes,
      plots: [{ name: 'fan-out', title, svg: linePlot(title, series, { x: 'readers', y: 'cores' }) }],
    };
  },
};

async function measure({ name, pid, url }: Server, readers: number, seconds: number): Promise<Sample> {
  const crowd = startScript('crowd');
  const request: CrowdRequest = { url, readers, settle: SETTLE_SECONDS, seconds };
  crowd.send(request);
  await nextReport(crowd, 'measuring');
  const done = nextReport(crowd, 'done');
  // A little less than the crowd measures, so that it still reads at the end.
  const { cores } = await measureCores({ cores: () => cpuSeconds(pid) }, seconds * 0.95);
  const { p99, pictures, lost } = await done;
  if (lost > 0) throw new Error(`${name} sent ${lost} of ${readers} readers away`);
  if (pictures < 0.5 * readers * seconds * FPS)
    throw new Error(`${name} gave ${readers} readers only ${pictures} pictures`);
  return { cores, p99 };
}

async function nextReport<K extends CrowdReport['kind']>(
  crowd: ChildProcess,
  kind: K,
): Promise<Extract<CrowdReport, { kind: K }>> {
  const ended = once(crowd, 'exit').then(() => Promise.reject(new Error('the readers broke')));
  const [report] = (await Promise.race([once(crowd, 'message'), ended])) as [CrowdReport];
  ended.catch(() => undefined);
  if (report.kind !== kind) throw new Error(`the readers said ${report.kind} instead of ${kind}`);
  return report as Extract<CrowdReport, { kind: K }>;
}

async function startOwnServer(): Promise<AsyncDisposable & { pid: number; url: string }> {
  const server = startScript('server');
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const end = async (): Promise<void> => {
    server.disconnect();
    await once(server, 'exit');
  };
  return { pid: server.pid!, url: `rtsp://127.0.0.1:${port}/fan`, [Symbol.asyncDispose]: end };
}

async function startFed({ program, start }: MediaServer): Promise<Server & { close(): Promise<void> }> {
  const server = await start();
  const url = server.url('fan');
  const feeder = startScript('feeder', url);
  await once(feeder, 'message');
  return {
    name: program,
    pid: server.pid,
    url,
    async close() {
      feeder.disconnect();
      await server.close();
    },
  };
}

const startScript = (name: 'crowd' | 'feeder' | 'server', ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), args);
