import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';

/** What tests/support/canary.ts makes its clips from, where it is there. */
const FOOTAGE = resolve(process.env.VEILGATE_DATA ?? '../shared/data', 'video/vtest.mp4');

/** Where numbers come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly ffmpeg: string;
  readonly gstreamer: string;
  /** What the cameras show. */
  readonly footage: 'real' | 'synthetic';
  /** Of the last minute, before anything was started: above about 0.5 others were at work. */
  readonly load: number;
}

const firstLine = (command: string, ...args: string[]): string | null => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0]!;
  } catch {
    return null;
  }
};

export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  ffmpeg: /version (\S+)/.exec(firstLine('ffmpeg', '-version') ?? '')?.[1] ?? 'none',
  gstreamer: /version (\S+)/.exec(firstLine('gst-launch-1.0', '--version') ?? '')?.[1] ?? 'none',
  footage: existsSync(FOOTAGE) ? 'real' : 'synthetic',
  load: Math.round(loadavg()[0]! * 100) / 100,
});

/** The commit that is measured; `+` where the working tree is not as committed. */
export const describeCommit = (): string => {
  const commit = firstLine('git', 'rev-parse', '--short=9', 'HEAD') ?? 'unknown';
  return firstLine('git', 'status', '--porcelain', '--untracked-files=no', '--', 'src', 'package.json')
    ? `${commit}+`
    : commit;
};

/** Whether a program can be run here. */
export const isInstalled = (program: string): boolean => firstLine('which', program) !== null;
