import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCamera } from '../../tests/support/camera.js';
import { CorruptingRelay } from '../../tests/support/corrupting-relay.js';
import { countLeaks, type LeakCount } from '../../tests/support/leaks.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { summarize } from '../measuring/statistics.js';
import { CONTENDERS, type Contender } from './contenders.js';
import { SCENARIOS, type Scenario } from './scenarios.js';

/** Seconds until everybody has begun: Motion counts frames for a while before it records. */
const RUN_UP_SECONDS = 6;

/**
 * Who lets what must be hidden out when something happens to the camera: the scenarios of the leak suite that others can be put to as
 * well, with the same pattern in the zone and the same detector on every picture that came out.
 */
export const leaks: Benchmark = {
  name: 'leaks',
  question: 'How many pictures show what must be hidden, when something happens to the camera?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const here = CONTENDERS.filter((contender) => contender.isHere());
    const counts: { scenario: Scenario; contender: Contender; count: LeakCount }[] = [];
    for (const scenario of quick ? SCENARIOS.slice(0, 2) : SCENARIOS)
      for (const contender of here) {
        const count = await play(scenario, contender);
        say(`${scenario.id}, ${contender.id}: ${count.leaked} of ${count.frames} leaked, ${count.fresh} live`);
        counts.push({ scenario, contender, count });
      }
    const told = ({ contender, count }: (typeof counts)[number]): string =>
      `${contender.name} ${count.leaked} of ${count.frames}`;
    const measures = counts
      .filter(({ contender }) => contender.id === 'gateway')
      .map((own): Measure => {
        const beside = counts.filter((one) => one.scenario === own.scenario && one !== own);
        return {
          id: `leaks.${own.scenario.id}`,
          what: `leaked of ${own.count.frames} pictures (${own.count.fresh} live, ${own.count.slates} slates): ${own.scenario.what}`,
          unit: 'frames',
          summary: summarize([own.count.leaked]),
          bound: { atMost: 0 },
          beside: beside.map(told).join(', '),
        };
      });
    const missing = CONTENDERS.filter((contender) => !here.includes(contender)).map(
      ({ name }) => `${name} is not installed: not measured.`,
    );
    return {
      measures,
      notes: [
        'A picture leaks where the pattern of the hidden area shows anywhere in it. Of a camera that moved, peers hide where the area was: none of them looks whether it is still there. A stream that ends early is short of pictures, not of leaks.',
        ...missing,
      ],
    };
  },
};

async function play(scenario: Scenario, contender: Contender): Promise<LeakCount> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-leaks-'));
  try {
    await using camera = await startCamera({ file: await scenario.clip(folder), codec: 'h264', fps: 25 });
    await using relay = scenario.damage ? await CorruptingRelay.start(camera.port, scenario.damage) : null;
    const source = relay ? `rtsp://127.0.0.1:${relay.port}/cam0` : camera.url;
    const masking = await contender.begin(source, folder);
    await pause((RUN_UP_SECONDS + scenario.seconds) * 1000);
    return countLeaks(await masking.end());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
