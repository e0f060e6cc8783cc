import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Outcome, RunOptions } from '../benchmark.js';
import { DecodingClient } from '../clients/decoding-client.js';
import { LightClient } from '../clients/light-client.js';
import { summarize } from '../measuring/statistics.js';
import { barPlot } from '../report/svg-plot.js';
import { mountUrl, startClipCamera, startMaskingGateway } from '../scene.js';

/** Joins are spread over the group of pictures (2 s) by a step that fits into it no whole number of times, ms. */
const STEP_MS = 370;

/**
 * From asking for the stream to the first whole decoded picture, joining in the middle of a group of pictures while others watch. Beside
 * it the camera itself, whose late joiners wait for its next keyframe as those of most servers do.
 */
export const lateJoin: Benchmark = {
  name: 'late-join',
  question: 'How long does a viewer wait for the first picture?',
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const joins = quick ? 2 : 12;
    await using camera = await startClipCamera(1);
    await using gateway = await startMaskingGateway([mountUrl(camera, 0)]);
    const places = { gateway: gateway.url('cam0'), camera: mountUrl(camera, 0) };
    // Somebody watches both already: joining is not what starts them.
    await using _first = await LightClient.play({ url: places.gateway });
    await using _second = await LightClient.play({ url: places.camera });
    await pause(2000);
    const waits = { gateway: [] as number[], camera: [] as number[] };
    for (let join = 0; join < joins; join++) {
      for (const name of ['gateway', 'camera'] as const) {
        await pause(STEP_MS);
        waits[name].push(await joinOnce(places[name]));
      }
      say(
        `join ${join + 1}/${joins}: gateway ${waits.gateway.at(-1)!.toFixed(0)} ms, camera ${waits.camera.at(-1)!.toFixed(0)} ms`,
      );
    }
    const [own, peer] = [summarize(waits.gateway), summarize(waits.camera)];
    const title = 'From asking for a stream to its first decoded picture, ms';
    const bars = [
      { label: 'gateway', summary: own, bound: 300 },
      { label: 'the camera itself (GStreamer server)', summary: peer },
    ];
    return {
      measures: [
        {
          id: 'late-join.ratio',
          what: 'wait for the first picture over that at the camera itself',
          unit: 'ratio',
          summary: summarize([own.median / peer.median]),
        },
        {
          id: 'late-join.wait',
          what: 'wait of a late joiner for the first decoded picture, groups of 2 s',
          unit: 'ms',
          summary: own,
          bound: { atMost: 300 },
          beside: `the camera itself ${peer.median.toFixed(0)} ms`,
        },
      ],
      plots: [{ name: 'late-join', title, svg: barPlot(title, bars) }],
    };
  },
};

async function joinOnce(url: string): Promise<number> {
  await using client = new DecodingClient(url);
  const first = await client.until(() => true, 'picture');
  return first.at - client.askedAt;
}
