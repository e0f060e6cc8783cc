import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { startCamera } from '../../tests/support/camera.js';
import { ConsoleVisit } from '../../tests/support/console.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { DecodingClient, type Sighting } from '../clients/decoding-client.js';
import { addedLatencies } from '../latency/pairing.js';
import { monotonicMs } from '../measuring/clock.js';
import { quantile, summarize } from '../measuring/statistics.js';
import { CLIP_SECONDS, FPS, makeClip, mountUrl, startMaskingGateway } from '../scene.js';
import { FIRST_VIEW, WATCH } from './in-page.js';

const SIZE = [640, 360] as const;
const BITRATE = 600_000;
/** On the wall at once, one measurement each. */
const WALLS = [1, 4, 16] as const;
const WARM_UP_MS = 3000;

/**
 * The wall in Chromium without a screen, on real cameras: what it weighs, how soon something is seen, how far behind the camera's own
 * pictures the glass is, and how many pictures a second it presents. Chromium decodes and paints on the same cores as everything else.
 */
export const consolePage: Benchmark = {
  name: 'console',
  question: 'What does the page weigh, how soon does it show something, and how live is it?',
  onRequest: true,
  async run(options: RunOptions): Promise<Outcome> {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    try {
      const measures: Measure[] = [];
      for (const streams of WALLS) {
        const found = await wall(browser, streams, options);
        measures.push(...found.filter(({ id }) => streams === 1 || id.startsWith('console.fps')));
      }
      return { measures };
    } finally {
      await browser.close();
    }
  },
};

async function wall(
  browser: Parameters<typeof ConsoleVisit.begin>[0],
  streams: number,
  { quick, say }: RunOptions,
): Promise<Measure[]> {
  const file = await makeClip({ size: SIZE, bitrate: BITRATE });
  await using camera = await startCamera({ file, mounts: streams + 1, fps: FPS });
  const sources = Array.from({ length: streams }, (_, mount) => mountUrl(camera, mount));
  await using gateway = await startMaskingGateway(sources, { output: { bitrate: '600k' } });
  const visit = await ConsoleVisit.begin(browser, `http://127.0.0.1:${gateway.ports.http}`);
  const { page } = visit;
  let bytes = 0;
  page.on('response', async (response) => {
    if (/\/$|\/assets\//.test(new URL(response.url()).pathname))
      bytes += Number((await response.allHeaders())['content-length'] ?? 0);
  });
  await visit.signIn(gateway.token);
  await page.locator('.tile').first().waitFor();
  const weight = bytes / 1000;

  await page.addInitScript(FIRST_VIEW);
  const walls: number[] = [];
  const pictures: number[] = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    await page.reload();
    const seen = (await page.evaluate('window.firstView')) as { wall: number; picture: number };
    walls.push(seen.wall);
    pictures.push(seen.picture);
  }

  await using direct = new DecodingClient(mountUrl(camera, 0));
  await direct.until(({ number }) => number >= 0, 'picture of the camera');
  // What is not on the screen is not fetched.
  if (streams > 1) await page.getByLabel('Columns').selectOption('6');
  const offset = await clockOffset(page);
  await page.evaluate(WATCH);
  await pause(WARM_UP_MS);
  const began = monotonicMs();
  const before = (await page.evaluate('window.bench.shown()')) as number[];
  await pause(quick ? 5000 : 20_000);
  const seconds = (monotonicMs() - began) / 1000;
  const after = (await page.evaluate('window.bench.shown()')) as number[];
  const sightings = (await page.evaluate('window.bench.sightings')) as Sighting[];
  const rates = after.map((count, index) => (count - (before[index] ?? 0)) / seconds);
  const onGlass = sightings.map(({ at, number }) => ({ at: at + offset, number })).filter(({ at }) => at >= began);
  const behind = addedLatencies(direct.pictures, onGlass, (CLIP_SECONDS * 1000) / 2);
  await visit.context.close();
  const p = (share: number): number => quantile(Float64Array.from(behind).sort(), share);
  say(
    `${streams} streams: ${weight.toFixed(0)} kB, wall after ${walls.map(Math.round)} ms, glass p50 ${p(0.5).toFixed(0)} ms of ${behind.length} pictures, slowest ${Math.min(...rates).toFixed(1)} fps`,
  );
  const what = `${streams} ${streams === 1 ? 'stream' : 'streams'} of 640x360`;
  return [
    {
      id: 'console.weight',
      what: 'the page, gzipped',
      unit: 'kB',
      summary: summarize([weight]),
      bound: { atMost: 400 },
    },
    {
      id: 'console.first-view',
      what: 'from the request for the page to the wall',
      unit: 'ms',
      summary: summarize(walls),
      bound: { atMost: 1000 },
    },
    {
      id: 'console.first-picture',
      what: 'from the request for the page to the first picture that plays',
      unit: 'ms',
      summary: summarize(pictures),
    },
    {
      id: 'console.glass.p50',
      what: "from the camera's picture, decoded straight, to the glass over MSE, p50",
      unit: 'ms',
      summary: summarize([p(0.5)]),
      bound: { atMost: 500 },
    },
    {
      id: 'console.glass.p95',
      what: "from the camera's picture, decoded straight, to the glass over MSE, p95",
      unit: 'ms',
      summary: summarize([p(0.95)]),
    },
    {
      id: `console.fps.${streams}`,
      what: `pictures a second that the page presents of ${what}: over its streams`,
      unit: 'frames/s',
      summary: summarize(rates),
      bound: { atLeast: 24 },
    },
  ];
}

/** What must be added to the page's clock to get the machine's monotonic one, ms; by the quickest of some questions. */
async function clockOffset(page: Page): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let question = 0; question < 20; question++) {
    const asked = monotonicMs();
    const now = (await page.evaluate('performance.now()')) as number;
    const took = monotonicMs() - asked;
    if (took < best.took) best = { took, offset: asked + took / 2 - now };
  }
  return best.offset;
}
