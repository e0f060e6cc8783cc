/**
 * What looking costs beside masking: `npx tsx benchmarks/people/cost.ts [streams] [seconds]`. The same cameras (1080p25, made of
 * `$VEILGATE_DATA/video/vtest.mp4`, in which somebody always moves: the dearest case) run in a gateway that looks at nothing and in one that judges places every two seconds and
 * looks for people twice a second. CPU of all processes of the gateway, for each picture that was decoded, so that a busy machine falls on both alike.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TestGateway, zone } from '../../tests/support/gateway.js';
import { treeCpuSeconds } from '../measuring/process-tree.js';

const CLIP = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');
const STREAMS = Number(process.argv[2] ?? 6);
const SECONDS = Number(process.argv[3] ?? 20);
/** Models are loaded and views learned. */
const SETTLE_MS = 10_000;

async function measure(
  source: string,
  mode: 'on' | 'off',
): Promise<{ perPicture: number; fps: number; looks: number }> {
  const cameras = Array.from({ length: STREAMS }, (_, i) => ({
    id: `cam-${i}`,
    source,
    place: 'yard',
    zones: [zone(), zone({ id: 'yard', kind: 'private', action: 'flag', onPerson: 'count' })],
    output: { onDemand: false },
  }));
  await using gateway = await TestGateway.start({ cameras, vision: { mode } });
  await Promise.all(cameras.map(({ id }) => gateway.reaches(id, 'masked', 60_000)));
  await pause(SETTLE_MS);
  const read = async () => ({
    cpu: treeCpuSeconds(gateway.pid),
    pictures: await gateway.metric('veilgate_frames_in_total'),
    looks: await gateway.metric('veilgate_vision_looks_total'),
  });
  const before = await read();
  await pause(SECONDS * 1000);
  const after = await read();
  const pictures = after.pictures - before.pictures;
  return {
    perPicture: ((after.cpu - before.cpu) * 1000) / pictures,
    fps: pictures / STREAMS / SECONDS,
    looks: (after.looks - before.looks) / STREAMS / SECONDS,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'veilgate-cost-'));
try {
  const source = join(folder, 'yard.mp4');
  execFileSync('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-t', '12', '-i', CLIP, '-vf', 'fps=25,scale=1920:1080', '-c:v', 'libx264'],
    ...['-preset', 'veryfast', '-b:v', '4M', '-g', '50', '-bf', '0', source],
  ]);
  for (let round = 0; round < 2; round++)
    for (const mode of ['off', 'on'] as const) {
      const { perPicture, fps, looks } = await measure(source, mode);
      console.log(
        `looking ${mode}: ${perPicture.toFixed(2)} ms of CPU a picture, ${fps.toFixed(1)} pictures and ${looks.toFixed(2)} looks a second and stream`,
      );
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
