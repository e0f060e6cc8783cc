import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { joinCanaries, makeCanary } from '../../tests/support/canary.js';
import type { Damage } from '../../tests/support/corrupting-relay.js';

const run = promisify(execFile);

/** Something that happens to a camera while its picture is masked and recorded. */
export interface Scenario {
  readonly id: string;
  readonly what: string;
  /** What the camera plays over and over, H.264; the painted area is what must be hidden. @param folder for what has to be made */
  clip(folder: string): Promise<string>;
  /** On the way from the camera. */
  readonly damage?: Damage;
  /** So long it is recorded, from the first picture on. */
  readonly seconds: number;
}

const damage = (kind: Damage['kind'], share: number): Damage => ({ kind, share, spell: 100, pause: 500, seed: 1 });
const steady = (): Promise<string> => makeCanary({ seconds: 8 });

/** Pixels that the camera's aim is off by: a tenth of its picture. */
const AIM_OFF = 64;

/** Seconds of a steady view, then of one that is off. */
const STEADY_SECONDS = 8;
const MOVED_SECONDS = 3;

/** A camera that is pushed aside and comes back, in one unbroken stream. */
async function pushed(folder: string): Promise<string> {
  const before = await makeCanary({ seconds: STEADY_SECONDS });
  const source = await makeCanary({ seconds: MOVED_SECONDS, from: STEADY_SECONDS * 25 });
  const path = join(folder, 'pushed.h264');
  // What comes into view at the other side is the picture's own mirror: footage of it does not exist. One encoder makes both views,
  // since a camera that is pushed keeps its parameter sets.
  const filter = `[1]split[a][b];[b]hflip[m];[a][m]hstack,crop=640:360:${AIM_OFF}:0[moved];[0][moved]concat=n=2`;
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '25', '-pix_fmt', 'yuv420p'];
  const inputs = ['-i', before, '-i', source];
  await run('ffmpeg', ['-v', 'error', '-y', ...inputs, '-filter_complex', filter, ...coding, '-f', 'h264', path]);
  return path;
}

export const SCENARIOS: readonly Scenario[] = [
  { id: 'steady', what: 'nothing happens', clip: steady, seconds: 10 },
  {
    id: 'lost-packets',
    what: 'a fifth of the packets is lost, in spells',
    clip: steady,
    damage: damage('lost-packets', 0.2),
    seconds: 15,
  },
  {
    id: 'flipped-bytes',
    what: '1 % of the bytes is flipped, in spells',
    clip: steady,
    damage: damage('flipped-bytes', 0.01),
    seconds: 15,
  },
  {
    id: 'resolution',
    what: 'the resolution changes, 640x360 to 1280x720 and back',
    clip: () => joinCanaries([{ seconds: 3 }, { seconds: 3, size: [1280, 720], from: 75 }, { seconds: 3, from: 150 }]),
    seconds: 15,
  },
  { id: 'pushed', what: 'the camera is pushed aside by a tenth of its picture, and back', clip: pushed, seconds: 22 },
];
