/**
 * How much of people `mask: people` leaves unmasked, and for how much latency: `npx tsx benchmarks/people/leak.ts [frames]`.
 *
 * Footage: `$VEILGATE_DATA/video/vtest.mp4` (default ../shared/data), 768x576, 10 fps, people crossing a yard. Truth: NanoDet in floating point on
 * every frame, tiled (3 x 3 halves that overlap by half, so at twice the resolution). What is masked comes out of the product's own tracker, prediction and
 * boxes; time is simulated, so that the machine's load changes nothing: a look takes `LOOK_MS`, and masking waits for no answer.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PeopleSight } from '../../src/camera/people-sight.js';
import { BoxMask } from '../../src/masking/box-mask.js';
import type { SeenPerson } from '../../src/vision/link/messages.js';
import { ObjectDetector } from '../../src/vision/objects/detect.js';
import { LEAST_SCORE, PeopleWatch } from '../../src/vision/people-eye.js';
import type { Detection } from '../../src/vision/tracking/tracker.js';
import { EVERYBODY } from '../../src/zones/zone.js';
import { cut, rgbFrames } from './frames.js';

const CLIP = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');
const [WIDTH, HEIGHT, FPS] = [768, 576, 10];
const FRAMES = Number(process.argv[2] ?? 200);
/** From a frame to the answer about it: asking, making it small, looking, telling. */
const LOOK_MS = 100;
/** Truth is what is sure at twice the resolution. */
const TRUE_SCORE = 0.5;
const RATES = [2, 5, 10];
const LOOK_AHEADS = [0, 1, 2, 3, 5, 10];
const OUT = 'benchmarks/out';

type Boxes = (readonly [number, number, number, number])[];

interface Looked {
  readonly seen: Detection[];
  readonly truth: Boxes;
}

/** What is found in every frame, at once and tiled. Kept, since it takes a minute. */
async function look(): Promise<Looked[]> {
  const kept = `${OUT}/looked-${FRAMES}.json`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  await using detector = await ObjectDetector.open();
  await using judge = await ObjectDetector.open({ name: 'nanodet' });
  const looked: Looked[] = [];
  for await (const frame of rgbFrames(CLIP, WIDTH, HEIGHT)) {
    if (looked.length === FRAMES) break;
    const found = await detector.detect(frame, { least: LEAST_SCORE });
    const seen = found
      .filter(({ label }) => label === 'person')
      .map(({ score, box: { x, y, width, height } }) => ({ score, box: [x, y, x + width, y + height] as const }));
    const truth: Boxes = [];
    const [w, h] = [WIDTH / 2, HEIGHT / 2];
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++) {
        const [left, top] = [(column * w) / 2, (row * h) / 2];
        for (const { label, box } of await judge.detect(cut(frame, left, top, w, h), { least: TRUE_SCORE })) {
          if (label !== 'person') continue;
          const x = (left + box.x * w) / WIDTH;
          const y = (top + box.y * h) / HEIGHT;
          truth.push([x, y, x + (box.width * w) / WIDTH, y + (box.height * h) / HEIGHT]);
        }
      }
    looked.push({ seen, truth });
    if (looked.length % 20 === 0) process.stderr.write(`${looked.length} frames looked at\n`);
  }
  mkdirSync(OUT, { recursive: true });
  writeFileSync(kept, JSON.stringify(looked));
  return looked;
}

/** What the tracker says of the frames that are looked at, and when it says so. */
function sightings(looked: readonly Looked[], rate: number) {
  const told: { at: number; pts: number; validMs: number; people: SeenPerson[] }[] = [];
  let at = 0;
  const camera = { id: 'cam', place: 'yard', peopleRate: rate, peopleZones: [], sign: null } as const;
  const watch = new PeopleWatch(camera, rate, {
    tell: (message) => {
      if (message.type === 'people') told.push({ ...message, people: [...message.people], at });
    },
    report: () => undefined,
  });
  const every = Math.max(1, Math.round(FPS / rate));
  for (let i = 0; i < looked.length; i += every) {
    at = (i * 1000) / FPS + LOOK_MS;
    watch.seen(looked[i]!.seen, { pts: (i * 90_000) / FPS, at });
  }
  return told;
}

function paint(boxes: Boxes, into: Uint8Array): number {
  into.fill(0);
  let pixels = 0;
  for (const [l, t, r, b] of boxes)
    for (let y = Math.max(0, Math.floor(t * HEIGHT)); y < Math.min(HEIGHT, Math.ceil(b * HEIGHT)); y++)
      for (let x = Math.max(0, Math.floor(l * WIDTH)); x < Math.min(WIDTH, Math.ceil(r * WIDTH)); x++)
        if (!into[y * WIDTH + x]) {
          into[y * WIDTH + x] = 1;
          pixels++;
        }
  return pixels;
}

/** Notes what is masked. */
class Noted extends BoxMask {
  readonly boxes: Boxes = [];

  override clear(): void {
    this.boxes.length = 0;
    super.clear();
  }

  override add(left: number, top: number, right: number, bottom: number): void {
    this.boxes.push([left, top, right, bottom]);
    super.add(left, top, right, bottom);
  }
}

function measure(looked: readonly Looked[], rate: number, lookAhead: number) {
  const told = sightings(looked, rate);
  const people = new PeopleSight();
  people.useZones([EVERYBODY]);
  const noted = new Noted(WIDTH, HEIGHT);
  const [truth, mask] = [new Uint8Array(WIDTH * HEIGHT), new Uint8Array(WIDTH * HEIGHT)];
  const leaks: number[] = [];
  let [leaked, all, masked, blind, next] = [0, 0, 0, 0, 0];
  // The first second is the gateway's start, masked as a whole.
  for (let i = 0; i < looked.length - lookAhead; i++) {
    const now = ((i + lookAhead) * 1000) / FPS;
    for (; next < told.length && told[next]!.at <= now; next++) {
      const { pts, people: who, validMs } = told[next]!;
      people.add(pts, who, validMs);
    }
    if (!people.find((i * 90_000) / FPS, noted)) {
      blind++;
      continue;
    }
    const persons = paint(looked[i]!.truth, truth);
    masked += paint(noted.boxes, mask) / mask.length;
    let open = 0;
    for (let p = 0; p < truth.length; p++) if (truth[p] && !mask[p]) open++;
    leaks.push(persons === 0 ? 0 : open / persons);
    leaked += open;
    all += persons;
  }
  const sorted = [...leaks].sort((a, b) => a - b);
  return {
    leak: leaked / all,
    worst: sorted.at(-1)!,
    p95: sorted[Math.floor(sorted.length * 0.95)]!,
    masked: masked / leaks.length,
    blind,
  };
}

const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;

const looked = await look();
const people = looked.reduce((sum, { truth }) => sum + truth.length, 0) / looked.length;
console.log(
  `${looked.length} frames, ${people.toFixed(1)} boxes of people a frame (those in several tiles counted again)\n`,
);
console.log(
  '| looks a second | look-ahead, frames | latency, ms | leaked person pixels | p95 of frames | worst frame | masked of the picture | frames masked as a whole |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const rate of RATES)
  for (const lookAhead of LOOK_AHEADS) {
    const { leak, worst, p95, masked, blind } = measure(looked, rate, lookAhead);
    console.log(
      `| ${rate} | ${lookAhead} | ${(lookAhead * 1000) / FPS} | ${percent(leak)} | ${percent(p95)} | ${percent(worst)} | ${percent(masked)} | ${blind} |`,
    );
  }
