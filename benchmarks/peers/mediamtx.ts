import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../tests/support/ports.js';
import { startProcess } from '../../tests/support/process.js';
import type { RunningMediaServer } from './media-server.js';

/** A MediaMTX that takes any stream that is published to it. */
export const startMediaMtx = async (): Promise<RunningMediaServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-mediamtx-'));
  const port = await freePort();
  const settings = [
    ...['logLevel: info', 'rtmp: no', 'hls: no', 'webrtc: no', 'srt: no', 'api: no', 'metrics: no'],
    ...['rtspTransports: [tcp]', `rtspAddress: 127.0.0.1:${port}`, 'paths: { all_others: {} }'],
  ];
  const configuration = join(folder, 'mediamtx.yml');
  await writeFile(configuration, `${settings.join('\n')}\n`);
  const process = startProcess('mediamtx', [configuration]);
  await process.match(/\[RTSP\] listener opened/);
  return {
    pid: process.child.pid!,
    url: (path) => `rtsp://127.0.0.1:${port}/${path}`,
    async close() {
      await process.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
