import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { LightClient } from '../clients/light-client.js';
import { measureCores, treeCpuSeconds } from '../measuring/process-tree.js';
import { summarize } from '../measuring/statistics.js';
import { startFfmpeg } from '../peers/ffmpeg.js';
import { linePlot } from '../report/svg-plot.js';
import { FPS, mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';

/** Seconds until encoders and clients run evenly. */
const SETTLE_SECONDS = 3;

/** What several streams at once cost and came to. */
interface Load {
  /** CPU milliseconds a picture. */
  readonly cost: number;
  /** Pictures that came out, of those that the cameras sent. */
  readonly sustained: number;
}

/**
 * CPU a picture with so many streams at once, over that with one: by picture and not by second, since a machine that cannot keep up
 * spends less a second. ffmpeg is put to the same, so that what the machine itself does to many (caches, clocks) is seen apart.
 */
const scalingOver = (name: string, full: readonly number[]): Benchmark => ({
  name,
  question: 'Does a stream cost more where there are many of them?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const counts = quick ? [1, 2] : full;
    const [rounds, seconds] = quick ? [1, 3] : [2, 8];
    const most = counts.at(-1)!;
    await using camera = await startClipCamera(2 * most);
    const subjects = {
      gateway: (count: number) =>
        loadGateway(
          Array.from({ length: count }, (_, i) => mountUrl(camera, i)),
          seconds,
        ),
      ffmpeg: (count: number) =>
        loadFfmpeg(
          Array.from({ length: count }, (_, i) => mountUrl(camera, most + i)),
          seconds,
        ),
    };
    const loads = { gateway: new Map<number, Load[]>(), ffmpeg: new Map<number, Load[]>() };
    for (let round = 0; round < rounds; round++) {
      for (const count of counts) {
        for (const name of ['gateway', 'ffmpeg'] as const) {
          const load = await subjects[name](count);
          loads[name].set(count, [...(loads[name].get(count) ?? []), load]);
          const sustained = `${(load.sustained * 100).toFixed(1)} % of the pictures`;
          say(
            `round ${round + 1}/${rounds}, ${name}, ${count} streams: ${load.cost.toFixed(2)} ms a picture, ${sustained}`,
          );
        }
      }
    }
    const costOf = (name: 'gateway' | 'ffmpeg', count: number): number =>
      summarize(loads[name].get(count)!.map(({ cost }) => cost)).median;
    const relative = (name: 'gateway' | 'ffmpeg', count: number) =>
      summarize(loads[name].get(count)!.map(({ cost }) => cost / costOf(name, 1)));
    const measures = counts.slice(1).map((count): Measure => {
      const bound = count === 6 ? { bound: { atMost: 1.1 } } : {};
      const beside = `ffmpeg ${relative('ffmpeg', count).median.toFixed(2)}`;
      const what = `CPU a picture at ${count} streams over that at one`;
      return { id: `scaling.${count}`, what, unit: 'ratio', summary: relative('gateway', count), ...bound, beside };
    });
    const sustained = (name: 'gateway' | 'ffmpeg', count: number) =>
      summarize(loads[name].get(count)!.map((load) => load.sustained * 100));
    measures.push({
      id: 'scaling.sustained',
      what: `pictures that came out of ${most} streams at once`,
      unit: '%',
      summary: sustained('gateway', most),
      ...(quick ? {} : { bound: { atLeast: 99 } }),
      beside: `ffmpeg ${sustained('ffmpeg', most).median.toFixed(1)} %`,
    });
    const title = 'CPU a picture, by streams at once';
    const svg = linePlot(
      title,
      (['gateway', 'ffmpeg'] as const).map((name) => ({
        label: name,
        points: counts.map((count) => [count, costOf(name, count)] as const),
      })),
      { x: 'streams at once, 1080p25', y: 'CPU ms a picture' },
    );
    return { measures, plots: [{ name, title, svg }] };
  },
});

export const scaling = scalingOver('scaling', [1, 3, 6]);

/** As fine as a machine with some cores can tell; ids of measures are those of `scaling` where the counts are. */
export const scalingMatrix: Benchmark = { ...scalingOver('scaling-matrix', [1, 2, 4, 6, 8]), onRequest: true };

async function loadGateway(sources: readonly string[], seconds: number): Promise<Load> {
  await using gateway = await startMaskingGateway(sources);
  const clients = await Promise.all(sources.map((_, i) => LightClient.play({ url: gateway.url(`cam${i}`) })));
  const pictures = (): number => clients.reduce((sum, client) => sum + client.pictures, 0);
  const load = await measureLoad(() => treeCpuSeconds(gateway.pid), pictures, sources.length, seconds);
  await Promise.all(clients.map((client) => client.close()));
  return load;
}

async function loadFfmpeg(sources: readonly string[], seconds: number): Promise<Load> {
  const peers = sources.map((source) => startFfmpeg(source));
  const pictures = (): number => peers.reduce((sum, peer) => sum + peer.pictures(), 0);
  const cpu = (): number => peers.reduce((sum, { child }) => sum + treeCpuSeconds(child.pid!), 0);
  const load = await measureLoad(cpu, pictures, sources.length, seconds);
  await Promise.all(peers.map((peer) => peer.close()));
  return load;
}

async function measureLoad(cpu: () => number, pictures: () => number, streams: number, seconds: number): Promise<Load> {
  await pause(SETTLE_SECONDS * 1000);
  const before = pictures();
  const began = performance.now();
  const { cores } = await measureCores({ cores: cpu }, seconds);
  const elapsed = (performance.now() - began) / 1000;
  const came = pictures() - before;
  return { cost: (cores * elapsed * 1000) / came, sustained: came / (streams * FPS * elapsed) };
}
