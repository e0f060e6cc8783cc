import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clipFrames } from '../../src/camera/clip.js';
import { ViewWatch } from '../../src/camera/view-watch.js';
import { ZONES } from './watch.js';

const run = promisify(execFile);

/** What the guard takes of each frame of a clip at 1080p, copy of the luma included, ms. */
export async function costOfLooking(clip: string, seconds: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-guard-'));
  try {
    const path = join(folder, '1080p.mp4');
    const input = ['-nostdin', '-v', 'error', '-t', String(seconds), '-i', clip, '-vf', 'scale=1920:1080', '-r', '25'];
    await run('ffmpeg', [...input, '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '4M', path]);
    using guard = new ViewWatch({ mode: 'withhold', view: null, mayLearn: true }, ZONES, {
      learned: () => undefined,
      drifted: () => undefined,
      unlearnable: () => undefined,
      unreadable: () => undefined,
    });
    const spent: number[] = [];
    for await (const { at, frame } of clipFrames(path)) {
      const began = performance.now();
      guard.look(frame, null, at * 1000);
      // The first three seconds are of learning, and of a machine that warms up.
      if (at > 3) spent.push(performance.now() - began);
    }
    return spent;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
