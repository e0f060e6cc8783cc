import { PATHS, type RunningMediaServer } from './media-server.js';
import { runMediaServer } from './run-media-server.js';

const OFF = { listen: '' };

/** A go2rtc that takes streams that are published to it. With Go on the machine it is built as benchmarks/README.md says. */
export const startGo2rtc = (): Promise<RunningMediaServer> =>
  runMediaServer({
    program: 'go2rtc',
    args: ['-config'],
    // JSON is YAML.
    settings: (port) =>
      JSON.stringify({
        rtsp: { listen: `127.0.0.1:${port}` },
        ...{ api: OFF, webrtc: OFF, srtp: OFF },
        streams: Object.fromEntries(PATHS.map((path) => [path, []])),
      }),
    ready: /\[rtsp\] listen/,
  });
