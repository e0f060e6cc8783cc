import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { LightClient } from '../clients/light-client.js';
import { pssMegabytes } from '../measuring/process-tree.js';
import { summarize } from '../measuring/statistics.js';
import { startFfmpeg } from '../peers/ffmpeg.js';
import { mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';

/** One 1080p25 stream with a client. PSS: pages that several processes share are counted in parts. */
export const memory: Benchmark = {
  name: 'memory',
  question: 'How much memory does a stream take?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const [settle, samples] = quick ? [3, 2] : [15, 10];
    await using camera = await startClipCamera(2);
    await using gateway = await startMaskingGateway([mountUrl(camera, 0)]);
    await using ffmpeg = startFfmpeg(mountUrl(camera, 1));
    await using _client = await LightClient.play({ url: gateway.url('cam0') });
    const worker = await gateway.workerPid('cam0');
    await pause(settle * 1000);
    const seen = { worker: [] as number[], control: [] as number[], ffmpeg: [] as number[] };
    for (let i = 0; i < samples; i++) {
      await pause(1000);
      seen.worker.push(pssMegabytes(worker));
      seen.control.push(pssMegabytes(gateway.pid));
      seen.ffmpeg.push(pssMegabytes(ffmpeg.child.pid!));
    }
    say(
      `worker ${seen.worker.at(-1)!.toFixed(0)}, control ${seen.control.at(-1)!.toFixed(0)}, ffmpeg ${seen.ffmpeg.at(-1)!.toFixed(0)} MB`,
    );
    const beside = `ffmpeg ${summarize(seen.ffmpeg).median.toFixed(0)} MB`;
    const measures: Measure[] = [
      {
        id: 'memory.ratio',
        what: 'memory of a worker over that of ffmpeg',
        unit: 'ratio',
        summary: summarize(seen.worker.map((value, i) => value / seen.ffmpeg[i]!)),
      },
      {
        id: 'memory.worker',
        what: 'memory of a worker (PSS), one 1080p25 stream',
        unit: 'MB',
        summary: summarize(seen.worker),
        bound: { atMost: 150 },
        beside,
      },
      {
        id: 'memory.control',
        what: 'memory of the control process (PSS)',
        unit: 'MB',
        summary: summarize(seen.control),
      },
    ];
    return { measures };
  },
};
