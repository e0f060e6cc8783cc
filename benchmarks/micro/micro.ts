import { Bench } from 'tinybench';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { summarize } from '../measuring/statistics.js';
import { addAppend } from './append.js';
import { addMasking } from './masking.js';
import { addPackets } from './packets.js';

/** Bytes of a 1080p picture, 4:2:0. */
const PICTURE_BYTES = (1920 * 1080 * 3) / 2;
const COPY = 'copy a 1080p picture';

const microseconds = (ms: number): string => `${(ms * 1000).toFixed(1)} µs`;

/** The hot functions by themselves. As ratios to copying a picture in the same run, which tell a slower machine from slower code. */
export const micro: Benchmark = {
  name: 'micro',
  question: 'What do the hot functions cost by themselves: rasterize, mask, verify, packets, a commit to the log?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const bench = new Bench({ time: quick ? 50 : 500, warmupTime: quick ? 20 : 200, retainSamples: true });
    const [from, to] = [Buffer.alloc(PICTURE_BYTES, 1), Buffer.alloc(PICTURE_BYTES)];
    bench.add(COPY, () => void from.copy(to));
    addMasking(bench);
    addPackets(bench);
    await addAppend(bench);
    await bench.run();
    const measures: Measure[] = [];
    let copy = Number.NaN;
    for (const { name, result } of bench.tasks) {
      if (!('latency' in result)) throw new Error(`${name}: ${result.state}`);
      const cost = summarize(result.latency.samples!);
      say(`${name}: ${cost.median.toFixed(4)} ms`);
      if (name === COPY) {
        copy = cost.median;
        continue;
      }
      const id = `micro.${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`;
      const { median, low, high, count } = cost;
      const summary = { median: median / copy, low: low / copy, high: high / copy, count };
      measures.push({ id, what: name, unit: 'ratio', summary, beside: microseconds(median) });
    }
    return { measures, notes: [`All over copying a 1080p picture, ${microseconds(copy)}; beside: the time itself.`] };
  },
};
