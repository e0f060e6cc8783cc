import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { DecodingClient, type Sighting } from '../clients/decoding-client.js';
import { LightClient } from '../clients/light-client.js';
import { addedLatencies } from '../latency/pairing.js';
import { pssMegabytes } from '../measuring/process-tree.js';
import { quantile, slope, summarize } from '../measuring/statistics.js';
import { linePlot } from '../report/svg-plot.js';
import { CLIP_SECONDS, FPS, mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';

const DEFAULT_MINUTES = 3;
const SAMPLE_SECONDS = 5;

/** Share of the run at its beginning that does not count: heaps and caches fill up once. */
const WARM_UP = 0.2;

/** What it may grow from the first third of what counts to the last, and still be flat: the breathing of a heap. */
const MOST_GROWTH_PERCENT = 5;
const MOST_DRIFT_MS = 3;

/** Shorter runs say nothing about an hour. */
const MINUTES_FOR_A_RATE = 10;

const WITHIN_MS = (CLIP_SECONDS * 1000) / 2;

interface Sample {
  readonly minute: number;
  readonly worker: number;
  readonly control: number;
  /** Added, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Of the pictures that the camera sent, %. */
  readonly sustained: number;
}

/** One stream with a client that stays and one that comes and goes, for as long as one likes: does anything grow, drift or fail? */
export const soak: Benchmark = {
  name: 'soak',
  question: 'Does memory stay flat and delay the same, for hours?',
  onRequest: true,
  async run({ quick, minutes, say }: RunOptions): Promise<Outcome> {
    const length = minutes ?? (quick ? 0.5 : DEFAULT_MINUTES);
    await using camera = await startClipCamera(1);
    const source = mountUrl(camera, 0);
    await using gateway = await startMaskingGateway([source]);
    await using direct = new DecodingClient(source);
    await using behind = new DecodingClient(gateway.url('cam0'));
    const live = ({ number }: Sighting): boolean => number >= 0;
    await Promise.all([direct.until(live, 'picture of the camera'), behind.until(live, 'masked picture')]);
    const worker = await gateway.workerPid('cam0');
    const samples: Sample[] = [];
    const began = performance.now();
    while (performance.now() - began < length * 60_000) {
      const visitor = await LightClient.play({ url: gateway.url('cam0') });
      const windowBegan = performance.now();
      const [nearFrom, farFrom] = [direct.pictures.length, behind.pictures.length];
      await pause(SAMPLE_SECONDS * 1000);
      const elapsed = (performance.now() - windowBegan) / 1000;
      await visitor.close();
      if (behind.isOver) throw new Error('the client was sent away');
      const far = behind.pictures.slice(farFrom);
      // A picture that is seen behind the gateway was seen at the camera before the window began, perhaps.
      const added = addedLatencies(direct.pictures.slice(Math.max(0, nearFrom - 2 * FPS)), far, WITHIN_MS);
      const sorted = Float64Array.from(added).sort();
      const sample = {
        minute: (performance.now() - began) / 60_000,
        worker: pssMegabytes(worker),
        control: pssMegabytes(gateway.pid),
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
        sustained: (far.length * 100) / (FPS * elapsed),
      };
      samples.push(sample);
      if (samples.length % 6 === 1)
        say(
          `${sample.minute.toFixed(1)} min: worker ${sample.worker.toFixed(0)} MB, control ${sample.control.toFixed(0)} MB, p50 ${sample.p50.toFixed(1)} ms`,
        );
    }
    if ((await gateway.workerPid('cam0')) !== worker) throw new Error('the worker was replaced during the soak');
    return report(samples, length);
  },
};

function report(all: readonly Sample[], minutes: number): Outcome {
  const samples = all.slice(Math.floor(all.length * WARM_UP));
  const third = Math.ceil(samples.length / 3);
  const change = (key: keyof Sample): { from: number; to: number } => {
    const median = (part: readonly Sample[]): number => summarize(part.map((sample) => sample[key])).median;
    return { from: median(samples.slice(0, third)), to: median(samples.slice(-third)) };
  };
  const growth = (key: 'worker' | 'control'): Measure => {
    const { from, to } = change(key);
    const perHour = slope(samples.map((sample) => [sample.minute / 60, sample[key]] as const));
    const rate = minutes >= MINUTES_FOR_A_RATE ? `, ${perHour.toFixed(1)} MB/h by least squares` : '';
    return {
      id: `soak.${key}`,
      what: `growth of the ${key} process in ${minutes} min, from the first to the last third`,
      unit: '%',
      summary: summarize([((to - from) * 100) / from]),
      bound: { atMost: MOST_GROWTH_PERCENT },
      beside: `${from.toFixed(0)} to ${to.toFixed(0)} MB${rate}`,
    };
  };
  const p50 = change('p50');
  const measures: Measure[] = [
    growth('worker'),
    growth('control'),
    {
      id: 'soak.drift',
      what: 'drift of added latency, p50, from the first to the last third',
      unit: 'ms',
      summary: summarize([p50.to - p50.from]),
      bound: { atMost: MOST_DRIFT_MS },
      beside: `${p50.from.toFixed(1)} to ${p50.to.toFixed(1)} ms`,
    },
    {
      id: 'soak.sustained',
      what: `pictures that came out in ${SAMPLE_SECONDS} s, of those that went in`,
      unit: '%',
      summary: summarize(samples.map(({ sustained }) => sustained)),
      bound: { atLeast: 99 },
    },
  ];
  const title = `Memory over ${minutes} minutes, MB`;
  const series = (['worker', 'control'] as const).map((key) => ({
    label: key,
    points: all.map((sample) => [sample.minute, sample[key]] as const),
  }));
  const svg = linePlot(title, series, { x: 'minutes', y: 'MB (PSS)', bound: 150 });
  return { measures, plots: [{ name: 'soak', title, svg }] };
}
