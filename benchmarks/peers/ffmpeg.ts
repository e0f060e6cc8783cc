import { type RunningProcess, startProcess } from '../../tests/support/process.js';
import { BITRATE, GOP, HIDDEN, SIZE } from '../scene.js';

export interface RunningFfmpeg extends RunningProcess {
  /** Pictures that it has encoded, as of a tenth of a second ago. */
  pictures(): number;
}

export interface FfmpegJob {
  /** Of the source, px; what is hidden has the same share of it as of 1080p. */
  readonly size?: readonly [width: number, height: number];
  readonly bitrate?: number;
  /** Its last arguments: where the result goes. */
  readonly output?: readonly string[];
}

/** The ffmpeg command line at the gateway's work: pulls, decodes, hides, encodes with the same settings. */
export const startFfmpeg = (source: string, job: FfmpegJob = {}): RunningFfmpeg => {
  const { size = SIZE, bitrate = BITRATE, output = ['-f', 'null', '-'] } = job;
  const scale = size[0] / SIZE[0];
  const [x, y, w, h] = [HIDDEN.left, HIDDEN.top, HIDDEN.width, HIDDEN.height].map((px) => Math.round(px * scale));
  const process = startProcess('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-stats_period', '0.1', '-progress', 'pipe:1'],
    ...['-rtsp_transport', 'tcp', '-fflags', 'nobuffer', '-threads', '1', '-i', source],
    ...['-an', '-vf', `drawbox=x=${x}:y=${y}:w=${w}:h=${h}:color=black:t=fill`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-b:v', String(bitrate), '-g', String(GOP)],
    ...['-threads', '1', ...output],
  ]);
  const pictures = (): number => {
    const text = process.output();
    return Number(/^frame=(\d+)/m.exec(text.slice(text.lastIndexOf('\nframe=') + 1))?.[1] ?? 0);
  };
  return { ...process, pictures };
};
