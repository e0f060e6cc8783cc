import { setTimeout as pause } from 'node:timers/promises';
import { ZONE_STYLES, type Zone } from '../../src/zones/zone.js';
import { startCamera } from '../../tests/support/camera.js';
import type { Benchmark, Measure, Outcome, RunOptions } from '../benchmark.js';
import { LightClient } from '../clients/light-client.js';
import { measureCores, treeCpuSeconds } from '../measuring/process-tree.js';
import { summarize } from '../measuring/statistics.js';
import { startFfmpeg } from '../peers/ffmpeg.js';
import { barPlot } from '../report/svg-plot.js';
import { benchZone, FPS, makeClip, mountUrl, SIZE, startClipCamera, startMaskingGateway } from '../scene.js';

const SETTLE_SECONDS = 3;

/** What a camera may send. */
interface Format {
  readonly id: string;
  readonly codec: 'h264' | 'h265';
  readonly size: readonly [width: number, height: number];
  readonly bitrate: number;
}

const FORMATS: readonly Format[] = [
  { id: '360p', codec: 'h264', size: [640, 360], bitrate: 800_000 },
  { id: '720p', codec: 'h264', size: [1280, 720], bitrate: 2_000_000 },
  { id: '1080p', codec: 'h264', size: SIZE, bitrate: 4_000_000 },
  { id: '1080p-h265', codec: 'h265', size: SIZE, bitrate: 2_000_000 },
  { id: '2160p', codec: 'h264', size: [3840, 2160], bitrate: 12_000_000 },
];

/** The most that a site file takes is 64. */
const ZONE_COUNTS = [0, 1, 8, 64] as const;

/** Sizes and codecs of the source, and numbers of zones, each beside ffmpeg on the same source; H.264 comes out of all of them. */
export const formats: Benchmark = {
  name: 'formats',
  question: 'What do size, codec and the number of zones do to the cost?',
  onRequest: true,
  async run({ quick, say }: RunOptions): Promise<Outcome> {
    const seconds = quick ? 2 : 8;
    const measures: Measure[] = [];
    for (const format of quick ? FORMATS.slice(0, 2) : FORMATS) {
      measures.push(await measureFormat(format, seconds));
      say(`${format.id}: ${measures.at(-1)!.summary.median.toFixed(2)} of ffmpeg`);
    }
    for (const measure of await measureZones(seconds)) {
      measures.push(measure);
      say(`${measure.what}: ${measure.summary.median.toFixed(2)}`);
    }
    const title = 'CPU over that of the ffmpeg command line';
    const bars = measures.map(({ what, summary }) => ({ label: what.replace(', over ffmpeg', ''), summary }));
    const svg = barPlot(title, bars, { reference: { at: 1, label: 'ffmpeg' } });
    return { measures, plots: [{ name: 'formats', title, svg }] };
  },
};

async function measureFormat({ id, codec, size, bitrate }: Format, seconds: number): Promise<Measure> {
  const file = await makeClip({ size, codec, bitrate });
  await using camera = await startCamera({ file, codec, fps: FPS, mounts: 2 });
  const output = { bitrate: `${bitrate / 1000}k` };
  await using gateway = await startMaskingGateway([mountUrl(camera, 0)], { output });
  await using ffmpeg = startFfmpeg(mountUrl(camera, 1), { size, bitrate });
  await using _client = await LightClient.play({ url: gateway.url('cam0') });
  const ratio = await beside(() => treeCpuSeconds(gateway.pid), ffmpeg.child.pid!, seconds);
  return { id: `formats.${id}`, what: `${id}, ${codec}, over ffmpeg`, unit: 'ratio', summary: summarize(ratio) };
}

/** ffmpeg hides one box all the while: what more zones cost is seen by the difference. */
async function measureZones(seconds: number): Promise<Measure[]> {
  await using camera = await startClipCamera(2);
  await using gateway = await startMaskingGateway([mountUrl(camera, 0)]);
  await using ffmpeg = startFfmpeg(mountUrl(camera, 1));
  await using _client = await LightClient.play({ url: gateway.url('cam0') });
  const measures: Measure[] = [];
  for (const count of ZONE_COUNTS) {
    await gateway.putZones('cam0', tiles(count), count === 0 ? 'what masking costs is measured' : undefined);
    const ratio = await beside(() => treeCpuSeconds(gateway.pid), ffmpeg.child.pid!, seconds);
    const what = `1080p, ${count === 0 ? 'no zone' : count === 1 ? 'one zone' : `${count} zones in the same place`}, over ffmpeg`;
    measures.push({ id: `formats.zones-${count}`, what, unit: 'ratio', summary: summarize(ratio) });
  }
  for (const style of ZONE_STYLES) {
    await gateway.putZones('cam0', [benchZone(style)]);
    const ratio = await beside(() => treeCpuSeconds(gateway.pid), ffmpeg.child.pid!, seconds);
    const what = `1080p, one zone, ${style}, over ffmpeg`;
    measures.push({ id: `formats.style-${style}`, what, unit: 'ratio', summary: summarize(ratio) });
  }
  return measures;
}

/** The zone of all benchmarks, cut into so many tiles: up to 8, or a multiple of 8. */
const tiles = (count: number): Zone[] => {
  const whole = benchZone();
  const [[left, top], , [right, bottom]] = whole.polygon as [
    readonly [number, number],
    unknown,
    readonly [number, number],
  ];
  if (count === 0) return [];
  const columns = Math.min(count, 8);
  const rows = count / columns;
  const at = (column: number, row: number) =>
    [left + ((right - left) * column) / columns, top + ((bottom - top) * row) / rows] as const;
  return Array.from({ length: count }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const polygon = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
    return { ...whole, id: `zone-${i}`, polygon };
  });
};

/** Ratios of CPU to ffmpeg's, over a few windows at the same time. */
async function beside(own: () => number, ffmpeg: number, seconds: number): Promise<number[]> {
  const windows = 3;
  await pause(SETTLE_SECONDS * 1000);
  const ratios: number[] = [];
  for (let i = 0; i < windows; i++) {
    const used = await measureCores({ own, ffmpeg: () => treeCpuSeconds(ffmpeg) }, seconds / windows);
    ratios.push(used.own / used.ffmpeg);
  }
  return ratios;
}
