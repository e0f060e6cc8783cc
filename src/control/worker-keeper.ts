import type { FromWorker, ToWorker } from '../camera/messages.js';
import type { Logger } from '../rtsp/logger.js';
import type { Fence } from './fence.js';
import { HEALTHY_MS, restartDelay } from './restart-delay.js';
import { type WorkerEnd, WorkerProcess } from './worker-process.js';

/** What becomes of a camera's worker. */
export interface WorkerLife {
  /** A worker was started, under an epoch of its own: nothing of the one before passes any more. */
  began(): void;
  /** Of the worker at hand, never of one before it. */
  message(message: FromWorker): void;
  /** It is gone, its epoch retired; another one follows after a pause. */
  ended(how: WorkerEnd, detail: string): void;
}

/** Keeps one worker running: whatever ends it, another is started, after pauses that grow. Each one has an epoch of the fence. */
export class WorkerKeeper {
  readonly #fence: Fence;
  readonly #life: WorkerLife;
  readonly #logger: Logger;
  #worker: WorkerProcess | null = null;
  #startedAt = 0;
  #failures = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(fence: Fence, life: WorkerLife, logger: Logger) {
    this.#fence = fence;
    this.#life = life;
    this.#logger = logger;
  }

  get pid(): number | null {
    return this.#worker?.pid ?? null;
  }

  /** There is a worker that may answer. */
  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /** Lost where no worker runs: the next one is told all of it when it begins. */
  send(message: ToWorker): void {
    this.#worker?.send(message);
  }

  start(): void {
    this.#stopped = false;
    this.#launch();
  }

  /** Ends the worker at once, and starts no other. */
  stop(): void {
    this.#stopped = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
    this.#fence.nextEpoch();
    this.#worker?.kill();
    this.#worker = null;
  }

  #launch(): void {
    this.#restartTimer = null;
    const epoch = this.#fence.nextEpoch();
    this.#life.began();
    this.#startedAt = performance.now();
    this.#worker = new WorkerProcess(
      {
        message: (message) => {
          if (epoch === this.#fence.epoch) this.#life.message(message);
        },
        ended: (how, detail) => this.#ended(how, detail),
      },
      this.#logger,
    );
  }

  #ended(how: WorkerEnd, detail: string): void {
    this.#worker = null;
    // Retired at once: packets that are still on the way are of the past.
    this.#fence.nextEpoch();
    this.#life.ended(how, detail);
    if (this.#stopped) return;
    this.#failures = performance.now() - this.#startedAt > HEALTHY_MS ? 1 : this.#failures + 1;
    this.#restartTimer = setTimeout(() => this.#launch(), restartDelay(this.#failures));
  }
}
