import { isInstalled } from '../measuring/machine.js';
import { startGo2rtc } from './go2rtc.js';
import { startMediaMtx } from './mediamtx.js';

/** A media server that takes a stream that is published to it and serves it over TCP. */
export interface RunningMediaServer {
  readonly pid: number;
  /** One of `PATHS`. */
  url(path: (typeof PATHS)[number]): string;
  close(): Promise<void>;
}

/** Streams that can be published to it. */
export const PATHS = ['masked', 'fan'] as const;

export interface MediaServer {
  readonly name: string;
  /** It must be on the PATH: no Debian package holds it. */
  readonly program: string;
  start(): Promise<RunningMediaServer>;
}

const MEDIA_SERVERS: readonly MediaServer[] = [
  { name: 'MediaMTX', program: 'mediamtx', start: startMediaMtx },
  { name: 'go2rtc', program: 'go2rtc', start: startGo2rtc },
];

/** Those that are here, and for those that are not a sentence for the reader. */
export const mediaServers = (): { readonly here: readonly MediaServer[]; readonly missing: readonly string[] } => ({
  here: MEDIA_SERVERS.filter(({ program }) => isInstalled(program)),
  missing: MEDIA_SERVERS.filter(({ program }) => !isInstalled(program)).map(
    ({ name, program }) => `${name}: not measured, there is no \`${program}\` on the PATH.`,
  ),
});
