import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.js';
import { type RunningProcess, startProcess } from './process.js';

export interface CameraOptions {
  readonly codec?: 'h264' | 'h265' | 'mjpeg';
  /** A file to loop; without one, a synthetic scene. */
  readonly file?: string;
  /** `WIDTHxHEIGHT` of the synthetic scene. */
  readonly size?: string;
  readonly fps?: number;
  /** Frames from keyframe to keyframe of the synthetic scene. */
  readonly gop?: number;
  readonly mounts?: number;
  /** A fixed port, for a camera that comes back. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly auth?: 'basic' | 'digest';
  readonly audio?: boolean;
  readonly protocols?: 'any' | 'tcp' | 'udp';
  /** Parameter sets in the SDP only. */
  readonly outOfBand?: boolean;
  /** It speaks RTP/AVPF, offers to be asked for keyframes (RFC 4585, 6.3.1), and sends one then. */
  readonly feedback?: boolean;
  /** PEM file with certificate and key: the camera speaks rtsps. */
  readonly certificate?: string;
}

export interface TestCamera extends AsyncDisposable {
  /** Of the first mount, without credentials. */
  readonly url: string;
  readonly port: number;
  readonly process: RunningProcess;
  close(): Promise<void>;
}

/** Debian's own Python: GStreamer's bindings belong to it. */
const PYTHON = '/usr/bin/python3';

/** GStreamer and its RTSP server can be used from Python here. */
export const hasCamera = (): boolean =>
  spawnSync(PYTHON, ['-c', "import gi; gi.require_version('GstRtspServer', '1.0')"]).status === 0;

/** Starts a camera that is not ours (GStreamer's RTSP server) on the loopback and waits until it listens. */
export const startCamera = async (options: CameraOptions = {}): Promise<TestCamera> => {
  // Not one that the system gives: the gateway keeps trying it while the camera is away.
  const flags = Object.entries({ port: await freePort(), ...options }).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === false || value === undefined) return [];
    return value === true ? [flag] : [flag, String(value)];
  });
  const script = fileURLToPath(new URL('./rtsp-camera.py', import.meta.url));
  const process = startProcess(PYTHON, [script, ...flags]);
  const [, port] = await process.match(/^ready (\d+)$/m);
  return {
    url: `${options.certificate ? 'rtsps' : 'rtsp'}://127.0.0.1:${port}/cam0`,
    port: Number(port),
    process,
    close: process.close,
    [Symbol.asyncDispose]: process.close,
  };
};
