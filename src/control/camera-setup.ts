import { isDeepStrictEqual } from 'node:util';
import type { GuardSettings, SourceConfig, WorkerConfig } from '../camera/messages.js';
import type { CameraConfig, PtzConfig } from '../config/site.js';
import type { PresetBinding } from '../onvif/preset-watch.js';

/** What a worker must be told to run a camera; control adds what changes. */
export type CameraSetup = Pick<WorkerConfig, 'camera' | 'source' | 'output' | 'lookAhead' | 'ptz' | 'commissioning'> & {
  readonly guardMode: GuardSettings['mode'];
};

/** The accepted view, and whether the first stable one may be taken where there is none. */
export type KnownView = Omit<GuardSettings, 'mode'>;

/** What a camera's worker has to know of the site file. Holds the source's secrets: it goes to the worker and nowhere else. */
export function cameraSetup(config: CameraConfig): CameraSetup {
  const { codec, bitrate, onDemand, hardware } = config.output;
  return {
    camera: config.id,
    source: sourceConfig(config),
    output: { codec, bitrate, onDemand, hardware: hardware === 'auto' },
    lookAhead: config.lookAhead,
    guardMode: config.guard.mode,
    ptz: config.ptz && presetBinding(config.ptz),
    commissioning: config.commissioning,
  };
}

const presetBinding = ({ service, preset, tolerance, every }: PtzConfig): PresetBinding => ({
  service: service.reveal(),
  preset,
  tolerance,
  everyMs: every * 1000,
});

export function sourceConfig({
  source,
  transport,
  tls,
}: Pick<CameraConfig, 'source' | 'transport' | 'tls'>): SourceConfig {
  const common = { transport, tls };
  switch (source.kind) {
    case 'rtsp':
      return { ...common, url: source.url.reveal(), loop: false };
    case 'file':
      return { ...common, url: source.path, loop: source.loop };
    case 'demo':
      return { ...common, url: `demo:${source.scene}`, loop: true };
  }
}

/** Whether a change reaches into the worker. */
export const needsNewWorker = (before: CameraConfig, after: CameraConfig): boolean =>
  !isDeepStrictEqual(cameraSetup(before), cameraSetup(after));

/** Whether a change is one that no session can live through: another codec, or other places to push to. */
export const needsNewStream = (before: CameraConfig, after: CameraConfig): boolean =>
  before.output.codec !== after.output.codec ||
  !isDeepStrictEqual(
    before.publish.map(({ url }) => url.reveal()),
    after.publish.map(({ url }) => url.reveal()),
  );
