/**
 * The one process that looks at pictures, for all cameras. Workers come to its socket with small pictures when it asks for them; what it
 * noticed goes back to them and, without a pixel, to control. It ends itself when control is gone.
 */
import { rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { MAX_CAMERAS } from '../config/schema.js';
import { eyes } from './eyes.js';
import { VisionHub } from './hub.js';
import type { FromVision, ToVisionProcess } from './messages.js';
import { VisionServer } from './server.js';

/** A sign of life this often, ms. */
const ALIVE_EVERY_MS = 500;

/** A process that broke has so long, ms, to say why. */
const LAST_WORDS_MS = 200;

/**
 * Looking can wait, pictures cannot: the p99 of six 1080p25 streams on two cores was 10 ms worse with looking at 5 (median of three pairs of runs), and 2 ms
 * at 10 (of five, from -2 to 20). At 19 a machine without a core to spare would hardly look any more, and withhold what waits for people to be found.
 */
const NICENESS = 10;

setPriority(NICENESS);
// The default action would open an inspector, which can read every picture.
process.on('SIGUSR1', () => undefined);
// Ctrl-C in a terminal reaches the whole group: control decides when this ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.once('disconnect', end);
process.on('uncaughtException', breakDown);
process.on('unhandledRejection', breakDown);

let hub: VisionHub | null = null;
let folder: string | null = null;

function send(message: FromVision): void {
  if (process.connected) process.send!(message);
}

process.on('message', (message) => handle(message as ToVisionProcess));
send({ type: 'hello' });

function handle(message: ToVisionProcess): void {
  switch (message.type) {
    case 'configure':
      return void configure(message).catch(breakDown);
    case 'cameras':
      return hub?.useCameras(message.cameras);
  }
}

async function configure({ path, secret, cores, detector, cameras }: Extract<ToVisionProcess, { type: 'configure' }>) {
  folder = dirname(path);
  hub = new VisionHub(eyes(detector), cores, {
    report: send,
    loading: (isLoading) => send({ type: 'loading', isLoading }),
    eyeFailed: (eye, camera, detail) => send({ type: 'eye-failed', eye, camera, detail }),
  });
  hub.useCameras(cameras);
  await new VisionServer(hub, secret, MAX_CAMERAS).listen(path);
  send({ type: 'listening' });
  setInterval(() => send({ type: 'alive', eyes: hub!.counters }), ALIVE_EVERY_MS);
}

function breakDown(error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  setTimeout(end, LAST_WORDS_MS);
  process.send?.({ type: 'broke', detail } satisfies FromVision, undefined, {}, end);
}

/** At once and for certain; the socket goes with its folder. */
function end(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
}
