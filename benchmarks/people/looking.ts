import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_PADDING_PX } from '../../src/zones/zone.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { watchBothEnds } from '../latency/latency.js';
import { quantile, summarize } from '../measuring/statistics.js';
import { benchZone, mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';

const STREAMS = 6;

/** Models are read, views learned; places are settled later, so that looking is at its dearest. */
const SETTLE_MS = 5000;

/** A second zone, over most of the picture, in which people are looked for. */
const PEOPLE_ZONE = {
  id: 'people',
  kind: 'private',
  polygon: [
    [0.05, 0.05],
    [0.95, 0.05],
    [0.95, 0.95],
    [0.05, 0.95],
  ],
  action: 'flag',
  style: 'solid',
  padding: DEFAULT_PADDING_PX,
  onPerson: 'count',
} as const;

interface Round {
  /** CPU of all processes of the gateway a picture that came out, ms. */
  readonly cost: number;
  /** Added latency, p99, ms. */
  readonly p99: number;
  /** Looks a second and stream. */
  readonly looks: number;
}

/**
 * The same gateway that looks at nothing, and that judges places every two seconds and looks for people twice a second, in turn, on the same camera. By
 * picture and not by second, since a machine that cannot keep up spends less a second.
 */
export const looking: Benchmark = {
  name: 'looking',
  question: 'What do place checks and looking for people cost six streams, beside masking alone?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const [streams, rounds, seconds] = quick ? [2, 1, 5] : [STREAMS, 3, 15];
    await using camera = await startClipCamera(streams);
    const sources = Array.from({ length: streams }, (_, i) => mountUrl(camera, i));
    const turn = async (mode: 'on' | 'off'): Promise<Round> => {
      const change = { place: 'yard', zones: [benchZone(), PEOPLE_ZONE] };
      await using gateway = await startMaskingGateway(sources, change, { mode });
      await pause(SETTLE_MS);
      const looked = () => gateway.metric('veilgate_vision_looks_total');
      const before = await looked();
      const began = performance.now();
      const { added, pictures, cpu } = await watchBothEnds(camera, gateway, { streams, seconds });
      const looks = ((await looked()) - before) / ((performance.now() - began) / 1000) / streams;
      const sorted = Float64Array.from(added).sort();
      const p99 = quantile(sorted, 0.99);
      const round = { cost: (cpu * 1000) / pictures, p99, looks };
      say(
        `looking ${mode}: ${round.cost.toFixed(2)} ms of CPU a picture, p50 ${quantile(sorted, 0.5).toFixed(1)} and p99 ${p99.toFixed(1)} ms, ${looks.toFixed(2)} looks a second and stream`,
      );
      return round;
    };
    const taken: { off: Round; on: Round }[] = [];
    for (let round = 0; round < rounds; round++) taken.push({ off: await turn('off'), on: await turn('on') });
    const over = (value: (round: { off: Round; on: Round }) => number) => summarize(taken.map(value));
    const alone = (key: keyof Round) => over(({ off }) => off[key]).median.toFixed(1);
    const measures: Measure[] = [
      {
        id: 'looking.ratio',
        what: `CPU a picture of ${streams} streams with place checks and people, over masking alone`,
        unit: 'ratio',
        summary: over(({ off, on }) => on.cost / off.cost),
        bound: { atMost: 1.25 },
      },
      {
        id: 'looking.cost',
        what: 'the same, CPU of the gateway a picture',
        unit: 'ms',
        summary: over(({ on }) => on.cost),
        beside: `masking alone ${alone('cost')} ms`,
      },
      {
        id: 'looking.p99',
        what: 'added latency, p99, more than with masking alone',
        unit: 'ms',
        summary: over(({ off, on }) => on.p99 - off.p99),
        bound: { atMost: 5 },
        beside: `masking alone ${alone('p99')} ms`,
      },
    ];
    const looks = over(({ on }) => on.looks).median.toFixed(2);
    return {
      measures,
      notes: [`${looks} looks a second and stream, of 2.5 that are wanted where something moves all the time.`],
    };
  },
};
