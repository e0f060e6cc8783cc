import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { VisionConfig } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import { ticketFor, type VisionLink } from '../vision/link/ticket.js';
import type { EyeCounters, FromVision, VisionReport } from '../vision/messages.js';
import type { WatchedCamera } from '../vision/watched-camera.js';
import { HEALTHY_MS, restartDelay } from './restart-delay.js';
import { VisionProcess } from './vision-process.js';

export interface VisionControlEvents {
  /** Workers are to be told how they reach the vision process now, or that they cannot. */
  links(): void;
  report(report: VisionReport): void;
}

/** What the process is started with. */
type VisionNeeds = Omit<VisionConfig, 'mode'>;

export interface VisionStatus {
  readonly running: boolean;
  readonly pid: number | null;
  /** What cannot be looked for, and why. */
  readonly blind: readonly { readonly eye: string; readonly detail: string }[];
}

/** Keeps the vision process running, and what it must know up to date. Whatever becomes of it, cameras go on. */
export class VisionControl {
  readonly #events: VisionControlEvents;
  readonly #logger: Logger;
  readonly #metrics: VisionMetrics;
  #wanted: VisionNeeds = { cores: 1, detector: '' };
  #cameras: readonly WatchedCamera[] = [];
  #process: VisionProcess | null = null;
  /** Of this life. */
  #folder: string | null = null;
  #secret = '';
  #listening = false;
  #startedAt = 0;
  #failures = 0;
  #restart: NodeJS.Timeout | null = null;
  #counters = new Map<string, EyeCounters>();
  readonly #blind = new Map<string, string>();
  #closed = false;

  constructor(events: VisionControlEvents, logger: Logger, registry: Registry) {
    this.#events = events;
    this.#logger = logger;
    this.#metrics = new VisionMetrics(registry);
  }

  get status(): VisionStatus {
    return {
      running: this.#listening,
      pid: this.#process?.pid ?? null,
      blind: [...this.#blind].map(([eye, detail]) => ({ eye, detail })),
    };
  }

  /**
   * Starts the process with the first camera that needs it; ends it with the last.
   * Another detector, or another number of cores, needs another process.
   */
  useCameras(cameras: readonly WatchedCamera[], { cores, detector }: VisionNeeds): void {
    this.#cameras = cameras;
    if (cameras.length === 0) return this.#stop();
    if (cores !== this.#wanted.cores || detector !== this.#wanted.detector) this.#stop();
    this.#wanted = { cores, detector };
    if (this.#process) this.#process.send({ type: 'cameras', cameras });
    else if (!this.#restart) this.#launch();
  }

  /** How a camera's worker reaches it, or null. */
  linkFor(camera: string): VisionLink | null {
    if (!this.#listening || !this.#folder || !this.#cameras.some(({ id }) => id === camera)) return null;
    return { path: socketIn(this.#folder), ticket: ticketFor(this.#secret, camera) };
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    if (this.#restart) clearTimeout(this.#restart);
    this.#restart = null;
    this.#process?.kill();
    this.#forget();
  }

  #launch(): void {
    this.#restart = null;
    if (this.#closed) return;
    this.#startedAt = performance.now();
    this.#counters.clear();
    this.#process = new VisionProcess(
      { message: (message) => this.#heard(message), ended: (how, detail) => this.#ended(how, detail) },
      this.#logger,
    );
  }

  #ended(how: 'crashed' | 'hung', detail: string): void {
    this.#metrics.restarts.inc({ how });
    this.#logger.warn({ how, detail }, 'vision process ended');
    this.#forget();
    this.#failures = performance.now() - this.#startedAt > HEALTHY_MS ? 1 : this.#failures + 1;
    this.#restart = setTimeout(() => this.#launch(), restartDelay(this.#failures));
  }

  /** What belonged to the life that is over. */
  #forget(): void {
    this.#process = null;
    this.#listening = false;
    this.#metrics.running.set(0);
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
    this.#events.links();
  }

  #heard(message: FromVision): void {
    switch (message.type) {
      case 'hello':
        return this.#configure();
      case 'listening':
        this.#listening = true;
        this.#metrics.running.set(1);
        this.#blind.clear();
        return this.#events.links();
      case 'loading':
        return;
      case 'alive':
        return this.#count(message.eyes);
      case 'eye-failed': {
        const { eye, camera, detail } = message;
        if (camera === null) this.#blind.set(eye, detail);
        this.#logger.warn({ eye, camera, detail }, camera === null ? 'nothing can be looked for' : 'a look failed');
        return;
      }
      case 'broke':
        this.#logger.warn({ detail: message.detail }, 'vision process broke');
        return;
      default:
        return this.#events.report(message);
    }
  }

  #configure(): void {
    // A folder and a secret for each life: whoever knew those of another one knows nothing of this one.
    this.#folder = mkdtempSync(join(tmpdir(), 'veilgate-vision-'));
    this.#secret = randomBytes(32).toString('hex');
    this.#process?.send({
      type: 'configure',
      path: socketIn(this.#folder),
      secret: this.#secret,
      ...this.#wanted,
      cameras: this.#cameras,
    });
  }

  #count(eyes: readonly EyeCounters[]): void {
    for (const now of eyes) {
      const { eye } = now;
      const before = this.#counters.get(eye);
      const since = (key: 'looks' | 'saved' | 'failures' | 'busyMs') => Math.max(0, now[key] - (before?.[key] ?? 0));
      this.#metrics.looks.inc({ eye }, since('looks'));
      this.#metrics.saved.inc({ eye }, since('saved'));
      this.#metrics.failures.inc({ eye }, since('failures'));
      this.#metrics.seconds.inc({ eye }, since('busyMs') / 1000);
      this.#counters.set(eye, now);
    }
  }
}

const socketIn = (folder: string): string => join(folder, 'vision.sock');

class VisionMetrics {
  readonly running: Gauge;
  readonly restarts: Counter<'how'>;
  readonly looks: Counter<'eye'>;
  readonly saved: Counter<'eye'>;
  readonly failures: Counter<'eye'>;
  readonly seconds: Counter<'eye'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const byEye = (name: string, help: string) => new Counter({ name, help, labelNames: ['eye' as const], registers });
    this.running = new Gauge({
      name: 'veilgate_vision_up',
      help: '1 while the vision process can be reached',
      registers,
    });
    this.restarts = new Counter({
      name: 'veilgate_vision_restarts_total',
      help: 'Ends of the vision process',
      labelNames: ['how'],
      registers,
    });
    this.looks = byEye('veilgate_vision_looks_total', 'Pictures that were looked at');
    this.saved = byEye('veilgate_vision_looks_saved_total', 'Looks that were not needed, since nothing had moved');
    this.failures = byEye('veilgate_vision_failures_total', 'Looks that failed');
    this.seconds = byEye('veilgate_vision_busy_seconds_total', 'Time spent looking');
  }
}
