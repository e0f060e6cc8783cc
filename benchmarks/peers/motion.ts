import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../../tests/support/process.js';
import { BITRATE, FPS, HIDDEN, SIZE } from '../scene.js';

export interface MotionJob {
  readonly size?: readonly [width: number, height: number];
  /** What it hides, px. */
  readonly hidden?: { readonly [side in keyof typeof HIDDEN]: number };
  /** Where it writes; without one, what it writes is deleted as it ends. */
  readonly folder?: string;
  /** Over the usual ones. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Motion (motion-project.github.io) with a privacy mask, recording all the time to a file: it cannot serve H.264. */
export const startMotion = async (source: string, job: MotionJob = {}): Promise<RunningProcess> => {
  const { size = SIZE, hidden = HIDDEN } = job;
  const folder = job.folder ?? (await mkdtemp(join(tmpdir(), 'veilgate-bench-motion-')));
  const mask = join(folder, 'mask.pgm');
  await writeFile(mask, privacyMask(size, hidden));
  const settings = {
    daemon: 'off',
    netcam_url: source,
    netcam_params: 'rtsp_transport=tcp',
    width: size[0],
    height: size[1],
    framerate: FPS,
    mask_privacy: mask,
    emulate_motion: 'on',
    picture_output: 'off',
    movie_output: 'on',
    movie_codec: 'mkv',
    movie_bps: BITRATE,
    movie_quality: 0,
    webcontrol_port: 0,
    stream_port: 0,
    target_dir: folder,
    log_file: join(folder, 'motion.log'),
    ...job.settings,
  };
  const configuration = join(folder, 'motion.conf');
  await writeFile(
    configuration,
    Object.entries(settings)
      .map(([key, value]) => `${key} ${value}\n`)
      .join(''),
  );
  const process = startProcess('motion', ['-n', '-c', configuration]);
  const close = async (): Promise<void> => {
    await process.close();
    if (!job.folder) await rm(folder, { recursive: true, force: true });
  };
  return { ...process, close, [Symbol.asyncDispose]: close };
};

/** A picture that is black where Motion must hide (PGM, binary). */
function privacyMask(
  [width, height]: readonly [number, number],
  { left, top, width: wide, height: high }: NonNullable<MotionJob['hidden']>,
): Buffer {
  const pixels = Buffer.alloc(width * height, 255);
  for (let y = top; y < top + high; y++) pixels.fill(0, y * width + left, y * width + left + wide);
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}
