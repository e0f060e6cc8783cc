import { spawnSync } from 'node:child_process';
import { isInstalled } from '../measuring/machine.js';

/** Debian packages by the program that says they are there. MediaMTX is in none: it is measured where it is on the PATH. */
const PEERS = {
  ffmpeg: ['ffmpeg'],
  'gst-launch-1.0': [
    ...['python3-gi', 'gir1.2-gst-rtsp-server-1.0', 'gir1.2-gst-plugins-base-1.0', 'gstreamer1.0-tools'],
    ...[
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
    ],
    ...['gstreamer1.0-libav', 'gstreamer1.0-rtsp'],
  ],
  motion: ['motion'],
} as const;

/** Installs the peers that are missing, where one may (root, apt). What cannot be had is named in the results. */
export const installPeers = (): void => {
  const missing = Object.entries(PEERS).flatMap(([program, packages]) => (isInstalled(program) ? [] : packages));
  if (missing.length === 0 || process.getuid?.() !== 0 || !isInstalled('apt-get')) return;
  console.log(`Installing peers: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=240', '-qq'];
  spawnSync('apt-get', [...patient, 'update'], { stdio: 'ignore', env });
  spawnSync('apt-get', [...patient, '-y', '--no-install-recommends', 'install', ...missing], { stdio: 'ignore', env });
};
