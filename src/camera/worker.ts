/**
 * One camera's process: everything that touches its pixels, and nothing else. Control tells it what to do over IPC; masked packets,
 * states and counters come back. It ends itself when control is gone.
 */
import { captureEngineLog } from './engine-log.js';
import type { FromWorker, ToWorker } from './messages.js';
import { CameraPipeline } from './pipeline.js';

/** A sign of life this often, ms. Packets are one too. */
const ALIVE_EVERY_MS = 200;

/** While packets flow, counters travel with every so manieth sign of life alone (1 s). */
const COUNTERS_EVERY = 5;

/** Bytes that may be on the way to control: above it pictures are dropped to the next keyframe. */
const MOST_UNSENT = 8 * 1024 * 1024;

/** A worker that broke has so long, ms, to say why. */
const LAST_WORDS_MS = 200;

// The default action would open an inspector, which can read every frame.
process.on('SIGUSR1', () => undefined);
// Ctrl-C in a terminal reaches the whole group: control decides when workers end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.once('disconnect', end);
process.on('uncaughtException', breakDown);
process.on('unhandledRejection', breakDown);

let pipeline: CameraPipeline | null = null;
let unsent = 0;
let packetsSinceTick = 0;
let ticks = 0;

function send(message: FromWorker): void {
  if (process.connected) process.send!(message);
}

process.on('message', (message) => handle(message as ToWorker));
captureEngineLog((digest) => send({ type: 'log', level: 'debug', message: 'video engine', fields: { ...digest } }));
send({ type: 'hello' });

function handle(message: ToWorker): void {
  switch (message.type) {
    case 'configure':
      pipeline = new CameraPipeline(message.config, {
        packet(packet) {
          const bytes = packet.data.length;
          unsent += bytes;
          packetsSinceTick++;
          process.send!(packet, undefined, {}, () => {
            unsent -= bytes;
            if (unsent < MOST_UNSENT / 2) pipeline?.resume();
          });
          return unsent < MOST_UNSENT;
        },
        state: (state, detail) => send({ type: 'state', state, detail }),
        source: (info) => send({ type: 'source', info }),
        viewLearned: (view) => send({ type: 'view', view }),
        viewDrifted: (detail) => send({ type: 'view-drifted', detail }),
        viewUnlearnable: (why) => send({ type: 'view-unlearnable', why }),
        zonesApplied: (revision) => send({ type: 'zones-applied', revision }),
        snapshot: (request, jpeg) => send({ type: 'snapshot', request, jpeg }),
        commissioned: (request, picture) => send({ type: 'commissioned', request, picture }),
        log: (level, text, fields) => send({ type: 'log', level, message: text, fields }),
      });
      pipeline.start();
      setInterval(tellAlive, ALIVE_EVERY_MS);
      return;
    case 'zones':
      return pipeline?.useZones(message.zones);
    case 'hold':
      return pipeline?.hold(message.reasons);
    case 'demand':
      return pipeline?.demand(message.wanted);
    case 'learn-view':
      return pipeline?.learnView();
    case 'vision':
      return pipeline?.useVision(message.link);
    case 'keyframe':
      return pipeline?.forceKeyframe();
    case 'snapshot':
      return pipeline?.snapshot(message.request);
    case 'coarse':
      return pipeline?.coarse(message.request, message.over);
    case 'commission':
      return pipeline?.commission(message.grant);
  }
}

function tellAlive(): void {
  const isQuiet = packetsSinceTick === 0;
  packetsSinceTick = 0;
  if (isQuiet || ++ticks % COUNTERS_EVERY === 0)
    send({ type: 'alive', counters: pipeline!.counters, maskedShare: pipeline!.maskedShare });
}

/** Whatever went wrong, what this process would do next is not known: it says why, and is gone. */
function breakDown(error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  setTimeout(end, LAST_WORDS_MS);
  process.send?.({ type: 'log', level: 'error', message: 'worker broke', fields: { detail } }, undefined, {}, end);
}

/** At once and for certain: `process.exit()` would wait for a native call that never returns. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
