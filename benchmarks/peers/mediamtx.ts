import { PULLED, type RunningMediaServer, runMediaServer } from './run-media-server.js';

/** A MediaMTX that takes any stream that is published to it, and pulls `source`. */
export const startMediaMtx = (source?: string): Promise<RunningMediaServer> =>
  runMediaServer({
    program: 'mediamtx',
    args: [],
    settings: (port) =>
      [
        ...['logLevel: info', 'rtmp: no', 'hls: no', 'webrtc: no', 'srt: no', 'api: no', 'metrics: no'],
        ...['rtspTransports: [tcp]', `rtspAddress: 127.0.0.1:${port}`, 'paths:', '  all_others: {}'],
        ...(source ? [`  ${PULLED}: { source: '${source}', rtspTransport: tcp }`] : []),
      ].join('\n'),
    ready: /\[RTSP\] listener opened/,
  });
