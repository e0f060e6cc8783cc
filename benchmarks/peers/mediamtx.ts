import type { RunningMediaServer } from './media-server.js';
import { runMediaServer } from './run-media-server.js';

/** A MediaMTX that takes any stream that is published to it. */
export const startMediaMtx = (): Promise<RunningMediaServer> =>
  runMediaServer({
    program: 'mediamtx',
    args: [],
    settings: (port) =>
      [
        ...['logLevel: info', 'rtmp: no', 'hls: no', 'webrtc: no', 'srt: no', 'api: no', 'metrics: no'],
        ...['rtspTransports: [tcp]', `rtspAddress: 127.0.0.1:${port}`, 'paths: { all_others: {} }', ''],
      ].join('\n'),
    ready: /\[RTSP\] listener opened/,
  });
