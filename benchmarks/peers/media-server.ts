import { isInstalled } from '../measuring/machine.js';
import { startGo2rtc } from './go2rtc.js';
import { startMediaMtx } from './mediamtx.js';
import type { RunningMediaServer } from './run-media-server.js';

export interface MediaServer {
  readonly name: string;
  /** It must be on the PATH: no Debian package holds it. */
  readonly program: string;
  /** @param source of the stream that it pulls, if any */
  start(source?: string): Promise<RunningMediaServer>;
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
