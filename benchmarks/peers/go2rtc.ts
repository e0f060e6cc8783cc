import { PUBLISHED, PULLED, type RunningMediaServer, runMediaServer } from './run-media-server.js';

const OFF = { listen: '' };

/** A go2rtc that takes streams that are published to it, and pulls `source`. With Go on the machine it is built as benchmarks/README.md says. */
export const startGo2rtc = (source?: string): Promise<RunningMediaServer> =>
  runMediaServer({
    program: 'go2rtc',
    args: ['-config'],
    // JSON is YAML.
    settings: (port) =>
      JSON.stringify({
        rtsp: { listen: `127.0.0.1:${port}` },
        ...{ api: OFF, webrtc: OFF, srtp: OFF },
        streams: { ...Object.fromEntries(PUBLISHED.map((path) => [path, []])), [PULLED]: source ?? [] },
      }),
    ready: /\[rtsp\] listen/,
  });
