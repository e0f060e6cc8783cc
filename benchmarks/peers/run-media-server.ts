import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../tests/support/ports.js';
import { startProcess } from '../../tests/support/process.js';

/** Streams that can be published to a media server, and the one that it pulls. */
export const PUBLISHED = ['masked', 'fan'] as const;
export const PULLED = 'pulled';

/** A media server that serves over TCP what is published to it, and what it pulls. */
export interface RunningMediaServer {
  readonly pid: number;
  url(path: (typeof PUBLISHED)[number] | typeof PULLED): string;
  close(): Promise<void>;
}

/** How a media server is told what to do, and how it says that it listens. */
interface Job {
  readonly program: string;
  /** Before the path of its settings. */
  readonly args: readonly string[];
  /** What stands in them, for an RTSP port. */
  readonly settings: (port: number) => string;
  readonly ready: RegExp;
}

/** Runs a media server with settings in a folder that goes with it. */
export const runMediaServer = async ({ program, args, settings, ready }: Job): Promise<RunningMediaServer> => {
  const folder = await mkdtemp(join(tmpdir(), `veilgate-bench-${program}-`));
  const port = await freePort();
  const configuration = join(folder, `${program}.yml`);
  await writeFile(configuration, settings(port));
  const process = startProcess(program, [...args, configuration]);
  await process.match(ready);
  return {
    pid: process.child.pid!,
    url: (path) => `rtsp://127.0.0.1:${port}/${path}`,
    async close() {
      await process.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
