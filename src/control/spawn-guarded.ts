import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from '../rtsp/logger.js';

/**
 * Starts a process that holds raw pixels: no core files (they would hold frames), no debugger, no environment but what the loader
 * needs. It speaks over IPC; what it writes to stderr is logged.
 *
 * @param args of Node, the script last
 */
export function spawnGuarded(args: readonly string[], logger: Logger, said: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { PATH: process.env.PATH, TZ: process.env.TZ, LIBVA_DRIVER_NAME: process.env.LIBVA_DRIVER_NAME },
  });
  createInterface({ input: child.stderr! }).on('line', (line) => logger.warn({ line }, said));
  return child;
}
