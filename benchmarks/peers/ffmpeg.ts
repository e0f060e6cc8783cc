import { type RunningProcess, startProcess } from '../../tests/support/process.js';
import { BITRATE, GOP, HIDDEN } from '../scene.js';

const { left, top, width, height } = HIDDEN;

export interface RunningFfmpeg extends RunningProcess {
  /** Pictures that it has encoded, as of a tenth of a second ago. */
  pictures(): number;
}

/**
 * The ffmpeg command line at the gateway's work: pulls, decodes, hides, encodes with the same settings.
 * @param output its last arguments: where the result goes
 */
export const startFfmpeg = (source: string, output: readonly string[] = ['-f', 'null', '-']): RunningFfmpeg => {
  const process = startProcess('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-stats_period', '0.1', '-progress', 'pipe:1'],
    ...['-rtsp_transport', 'tcp', '-fflags', 'nobuffer', '-threads', '1', '-i', source],
    ...['-an', '-vf', `drawbox=x=${left}:y=${top}:w=${width}:h=${height}:color=black:t=fill`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-b:v', String(BITRATE), '-g', String(GOP)],
    ...['-threads', '1', ...output],
  ]);
  const pictures = (): number => {
    const text = process.output();
    return Number(/^frame=(\d+)/m.exec(text.slice(text.lastIndexOf('\nframe=') + 1))?.[1] ?? 0);
  };
  return { ...process, pictures };
};
