import { setTimeout as pause } from 'node:timers/promises';
import type { TestGateway } from '../../tests/support/gateway.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { measureCores, treeCpuSeconds } from '../measuring/process-tree.js';
import { summarize } from '../measuring/statistics.js';
import { type RunningFfmpeg, startFfmpeg } from '../peers/ffmpeg.js';
import { type Bar, barPlot } from '../report/svg-plot.js';
import { FPS, mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';
import { MOUNT, type Phase, phasesOf } from './phases.js';

/** Seconds between a change and the measurement: encoders start, lingering ones go to sleep (2 s). */
const SETTLE_SECONDS = 3;

/** One measurement of a phase. */
interface Window {
  readonly cores: number;
  readonly ffmpeg: number;
  /** `cores` over `ffmpeg`; per picture where one of them could not keep up. */
  readonly ratio: number;
  /** Both gave out all pictures: what was paid for was the whole stream. */
  readonly whole: boolean;
}

/** Pictures that may be missing from a window, as a share: those counted late at its ends. */
const TOLERANCE = 0.1;

/**
 * CPU of all processes of the gateway, over that of the ffmpeg command line, which pulls the same camera at the same time with the same
 * encoder settings all the while. The phases come one after the other, again and again, so that whatever else the machine does
 * falls on all of them and on ffmpeg alike.
 */
export const cpu: Benchmark = {
  name: 'cpu',
  question: 'What does one 1080p25 stream cost, beside ffmpeg on the same camera at the same time?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const [rounds, seconds] = quick ? [1, 3] : [4, 4];
    await using camera = await startClipCamera(4);
    await using gateway = await startMaskingGateway([mountUrl(camera, MOUNT.gateway)]);
    await using ffmpeg = startFfmpeg(mountUrl(camera, MOUNT.ffmpeg));
    const { phases, missing } = phasesOf(gateway, (mount) => mountUrl(camera, MOUNT[mount]));
    const windows = new Map(phases.map(({ id }): [string, Window[]] => [id, []]));
    for (let round = 0; round < rounds; round++) {
      for (const phase of phases) {
        const window = await measure(phase, ffmpeg, seconds);
        windows.get(phase.id)!.push(window);
        const [it, beside] = [window.cores.toFixed(3), window.ffmpeg.toFixed(3)];
        say(
          `round ${round + 1}/${rounds}, ${phase.id}: ${it} beside ${beside} cores${window.whole ? '' : ' (starved)'}`,
        );
      }
    }
    return report(phases, windows, [...missing, await stagesOf(gateway)]);
  },
};

async function measure(phase: Phase, ffmpeg: RunningFfmpeg, seconds: number): Promise<Window> {
  const running = await phase.begin();
  await pause((phase.settle ?? SETTLE_SECONDS) * 1000);
  const pictures = (): number[] => [ffmpeg.pictures(), running.pictures?.() ?? 0];
  const before = pictures();
  const used = await measureCores({ it: running.cpu, ffmpeg: () => treeCpuSeconds(ffmpeg.child.pid!) }, seconds);
  const [byFfmpeg, byIt] = pictures().map((count, i) => count - before[i]!) as [number, number];
  await running.end();
  if (ffmpeg.child.exitCode !== null) throw new Error(`ffmpeg ended: ${ffmpeg.output()}`);
  const enough = seconds * FPS * (1 - TOLERANCE);
  const whole = byFfmpeg >= enough && (!running.pictures || byIt >= enough);
  const perPicture = !whole && running.pictures ? byFfmpeg / byIt : 1;
  return { cores: used.it, ffmpeg: used.ffmpeg, ratio: (used.it / used.ffmpeg) * perPicture, whole };
}

function report(phases: readonly Phase[], windows: ReadonlyMap<string, readonly Window[]>, notes: string[]): Outcome {
  const all = [...windows.values()].flat();
  const starved = all.filter(({ whole }) => !whole).length;
  if (starved > 0)
    notes.unshift(
      `In ${starved} of ${all.length} windows a stream was not whole, since others were loading the machine: CPU a picture was compared there, and such windows count only where a phase has no better ones.`,
    );
  const bars: Bar[] = [];
  const measures = phases.flatMap(({ id, what, bound }): Measure[] => {
    const whole = windows.get(id)!.filter((window) => window.whole);
    const kept = whole.length > 0 ? whole : windows.get(id)!;
    const ratio = summarize(kept.map(({ ratio }) => ratio));
    const beside = `ffmpeg ${summarize(kept.map(({ ffmpeg }) => ffmpeg)).median.toFixed(3)} cores`;
    bars.push({ label: what, summary: ratio, ...(bound && 'atMost' in bound ? { bound: bound.atMost } : {}) });
    return [
      {
        id: `cpu.${id}`,
        what: `${what}, over ffmpeg`,
        unit: 'ratio',
        summary: ratio,
        ...(bound ? { bound } : {}),
        beside,
      },
      { id: `cpu.${id}.cores`, what, unit: 'cores', summary: summarize(kept.map(({ cores }) => cores)), beside },
    ];
  });
  const title = 'CPU over that of the ffmpeg command line on the same camera at the same time';
  const svg = barPlot(title, bars, { reference: { at: 1, label: 'ffmpeg' } });
  return { measures, plots: [{ name: 'cpu', title, svg }], notes };
}

/** What the gateway's own histograms say of each stage, as a sentence. */
async function stagesOf(gateway: TestGateway): Promise<string> {
  const stages = await Promise.all(
    ['decode', 'mask', 'encode', 'latency'].map(async (stage) => {
      const name = `veilgate_${stage}_ms`;
      const mean = (await gateway.metric(`${name}_sum`)) / (await gateway.metric(`${name}_count`));
      return `${stage === 'latency' ? 'all' : stage} ${mean.toFixed(2)} ms`;
    }),
  );
  return `Stages of a picture by the gateway's own clock, all styles together, means: ${stages.join(', ')}.`;
}
