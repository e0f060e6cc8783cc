import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../../tests/support/process.js';
import { BITRATE, GOP, HIDDEN } from '../scene.js';

const { left, top, width, height } = HIDDEN;

/** GStreamer at the gateway's work: a black picture laid over the zone, the same encoder with the same settings. */
export const startGstreamer = (source: string): RunningProcess => {
  const black = join(tmpdir(), `veilgate-bench-black-${width}x${height}.png`);
  if (!existsSync(black)) {
    const still = `color=black:s=${width}x${height}`;
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', still, '-frames:v', '1', black]);
  }
  return startProcess('gst-launch-1.0', [
    ...['-q', 'rtspsrc', `location=${source}`, 'latency=0', 'protocols=tcp'],
    ...['!', 'rtph264depay', '!', 'h264parse', '!', 'avdec_h264', 'max-threads=1'],
    ...['!', 'gdkpixbufoverlay', `location=${black}`, `offset-x=${left}`, `offset-y=${top}`],
    ...['!', 'x264enc', 'speed-preset=ultrafast', 'tune=zerolatency', 'threads=1'],
    ...[`bitrate=${BITRATE / 1000}`, `key-int-max=${GOP}`, '!', 'fakesink'],
  ]);
};
