import type { TestGateway } from '../../tests/support/gateway.js';
import type { RunningProcess } from '../../tests/support/process.js';
import type { Bound } from '../benchmark.js';
import { LightClient } from '../clients/light-client.js';
import { isInstalled } from '../measuring/machine.js';
import { treeCpuSeconds } from '../measuring/process-tree.js';
import { startGstreamer } from '../peers/gstreamer.js';
import { startMotion } from '../peers/motion.js';
import { benchZone } from '../scene.js';

/** Mounts of the camera: everyone who pulls it has one. */
export const MOUNT = { gateway: 0, ffmpeg: 1, gstreamer: 2, motion: 3 } as const;

/** Motion counts the source's frame rate for some seconds before it records anything. */
const MOTION_SETTLE_SECONDS = 8;

/** What the gateway, or another peer, is put to while ffmpeg does its work beside it. */
export interface Phase {
  readonly id: string;
  readonly what: string;
  readonly bound?: Bound;
  /** Seconds until it runs evenly. */
  readonly settle?: number;
  begin(): Promise<RunningPhase>;
}

export interface RunningPhase {
  /** CPU seconds so far. */
  cpu(): number;
  /** Pictures that came out so far, where any must. */
  pictures?(): number;
  end(): Promise<void>;
}

/** All phases that can be had here, and which peers cannot. */
export function phasesOf(
  gateway: TestGateway,
  url: (mount: keyof typeof MOUNT) => string,
): { phases: Phase[]; missing: string[] } {
  const own = () => treeCpuSeconds(gateway.pid);
  const watched = (style: 'solid' | 'pixelate' | 'blur', bound?: Bound): Phase => ({
    id: style === 'solid' ? 'watched' : style,
    what: `one stream, one client, ${style}`,
    ...(bound ? { bound } : {}),
    async begin() {
      await gateway.putZones('cam0', [benchZone(style)]);
      const client = await LightClient.play({ url: gateway.url('cam0') });
      return { cpu: own, pictures: () => client.pictures, end: () => client.close() };
    },
  });
  const unguarded: Phase = {
    ...watched('solid', { atMost: 0.95 }),
    id: 'unguarded',
    what: 'one stream, one client, solid, guard off',
    async begin() {
      await setGuard(gateway, 'off');
      const running = await watched('solid').begin();
      const end = async (): Promise<void> => {
        await running.end();
        await setGuard(gateway, 'withhold');
      };
      return { ...running, end };
    },
  };
  const alone: Phase = {
    id: 'unwatched',
    what: 'one stream, nobody watching',
    bound: { atMost: 0.45 },
    begin: async () => ({ cpu: own, end: async () => undefined }),
  };
  const withheld: Phase = {
    id: 'withheld',
    what: 'one stream, withheld, one client on the slate',
    bound: { atMost: 0.1 },
    async begin() {
      await gateway.withhold('cam0', true);
      const client = await LightClient.play({ url: gateway.url('cam0') });
      return {
        cpu: own,
        async end() {
          await client.close();
          await gateway.withhold('cam0', false);
          await gateway.reaches('cam0', 'masked');
        },
      };
    },
  };
  const peer = (id: string, what: string, start: () => Promise<RunningProcess>, settle?: number): Phase => ({
    id,
    what,
    ...(settle ? { settle } : {}),
    async begin() {
      const process = await start();
      return {
        cpu: () => treeCpuSeconds(process.child.pid!),
        async end() {
          if (process.child.exitCode !== null) throw new Error(`${what} ended: ${process.output()}`);
          await process.close();
        },
      };
    },
  });
  const phases = [watched('solid', { atMost: 0.95 }), watched('pixelate'), watched('blur'), unguarded, alone, withheld];
  const missing: string[] = [];
  if (isInstalled('gst-launch-1.0'))
    phases.push(peer('gstreamer', 'GStreamer (peer)', async () => startGstreamer(url('gstreamer'))));
  else missing.push('GStreamer is not installed: not measured (`apt-get install gstreamer1.0-tools`).');
  if (isInstalled('motion'))
    phases.push(
      peer('motion', 'Motion, recording to a file (peer)', () => startMotion(url('motion')), MOTION_SETTLE_SECONDS),
    );
  else missing.push('Motion is not installed: not measured (`apt-get install motion`).');
  return { phases, missing };
}

/** Another worker takes over; resolves when it shows the picture. Watching less is a weakening, which people accept. */
async function setGuard(gateway: TestGateway, mode: 'withhold' | 'off'): Promise<void> {
  const before = await gateway.workerPid('cam0');
  const guard = { guard: { mode } };
  await gateway.edit((camera) => ({ ...camera, ...guard }));
  if (mode === 'off') {
    await gateway.eventually('notice the edit', async () =>
      (await gateway.api<{ pending: readonly object[] }>('GET', '/site')).pending.length > 0 ? true : undefined,
    );
    const { code, output } = await gateway.command('site', 'accept', '--site', gateway.siteFile);
    if (code !== 0) throw new Error(`The guard was not switched off: ${output}`);
  }
  await gateway.workerPid('cam0', before);
  await gateway.reaches('cam0', 'masked');
}
