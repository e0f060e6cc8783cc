import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../tests/support/ports.js';
import { startProcess } from '../../tests/support/process.js';
import { PATHS, type RunningMediaServer } from './media-server.js';

/** A go2rtc that takes streams that are published to it. With Go on the machine it is built as benchmarks/README.md says. */
export const startGo2rtc = async (): Promise<RunningMediaServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-go2rtc-'));
  const port = await freePort();
  const configuration = join(folder, 'go2rtc.yaml');
  const off = { listen: '' };
  const streams = Object.fromEntries(PATHS.map((path) => [path, []]));
  const settings = { rtsp: { listen: `127.0.0.1:${port}` }, api: off, webrtc: off, srtp: off, streams };
  await writeFile(configuration, JSON.stringify(settings)); // JSON is YAML
  const process = startProcess('go2rtc', ['-config', configuration]);
  await process.match(/\[rtsp\] listen/);
  return {
    pid: process.child.pid!,
    url: (path) => `rtsp://127.0.0.1:${port}/${path}`,
    async close() {
      await process.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
