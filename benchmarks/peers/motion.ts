import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../../tests/support/process.js';
import { BITRATE, FPS, HIDDEN, SIZE } from '../scene.js';

/** Motion (motion-project.github.io) with a privacy mask, recording all the time to a file: it cannot serve H.264. */
export const startMotion = async (source: string): Promise<RunningProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-motion-'));
  const mask = join(folder, 'mask.pgm');
  await writeFile(mask, privacyMask());
  const settings = {
    daemon: 'off',
    netcam_url: source,
    netcam_params: 'rtsp_transport=tcp',
    width: SIZE[0],
    height: SIZE[1],
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
    await rm(folder, { recursive: true, force: true });
  };
  return { ...process, close, [Symbol.asyncDispose]: close };
};

/** A picture that is black where Motion must hide (PGM, binary). */
function privacyMask(): Buffer {
  const [width, height] = SIZE;
  const pixels = Buffer.alloc(width * height, 255);
  for (let y = HIDDEN.top; y < HIDDEN.top + HIDDEN.height; y++)
    pixels.fill(0, y * width + HIDDEN.left, y * width + HIDDEN.left + HIDDEN.width);
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}
