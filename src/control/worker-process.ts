import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromWorker, ToWorker } from '../camera/messages.js';
import type { Logger } from '../rtsp/logger.js';
import { WORKER_HEAP_FLAGS } from './heap-flags.js';
import { spawnGuarded } from './spawn-guarded.js';

const WORKER = fileURLToPath(new URL('../camera/worker.js', import.meta.url));

/** A worker that says nothing for so long, ms, hangs. It says something every 200 ms. */
export const SILENCE_MS = 800;

/** Loading the video engine takes 0.3 s on an idle machine; ms. */
export const HELLO_MS = 15_000;

/** How a worker ended. */
export type WorkerEnd = 'crashed' | 'hung';

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** It is gone, or was just given up and killed: nothing comes from it any more. */
  ended(how: WorkerEnd, detail: string): void;
}

/**
 * One life of a camera's worker process, with a watchdog. The first silence ends it: a hung decoder is not reasoned with, and a
 * process that was stopped and goes on would go on with the past.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #events: WorkerEvents;
  #lastSign = performance.now();
  #greeted = false;
  #over = false;
  #watchdog: NodeJS.Timeout;

  constructor(events: WorkerEvents, logger: Logger) {
    this.#events = events;
    this.#child = spawnGuarded([...WORKER_HEAP_FLAGS, WORKER], logger, 'worker said');
    this.#child.on('message', (message) => this.#heard(message as FromWorker));
    this.#child.once('error', (error) => this.#end('crashed', error.message));
    this.#child.once('exit', (code, signal) => this.#end('crashed', signal ? `signal ${signal}` : `exit code ${code}`));
    this.#watchdog = setTimeout(() => this.#watch(), HELLO_MS);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    if (!this.#over && this.#child.connected) this.#child.send(message);
  }

  /** Ends it without a word to `ended`. */
  kill(): void {
    this.#over = true;
    clearTimeout(this.#watchdog);
    this.#child.kill('SIGKILL');
  }

  #heard(message: FromWorker): void {
    if (this.#over) return;
    this.#lastSign = performance.now();
    if (!this.#greeted) {
      this.#greeted = true;
      clearTimeout(this.#watchdog);
      this.#watchdog = setTimeout(() => this.#watch(), SILENCE_MS);
    }
    try {
      this.#events.message(message);
    } catch (error) {
      // It parses hostile bytes: what it says is not to be trusted either, and must not take control down.
      this.#end('crashed', `what it said makes no sense: ${String(error)}`);
    }
  }

  /** Wakes when the silence would be too long had nothing come since the last look: once a silence, not many times. */
  #watch(): void {
    const silent = performance.now() - this.#lastSign;
    const patience = this.#greeted ? SILENCE_MS : HELLO_MS;
    if (silent >= patience) return this.#end('hung', `no sign of life for ${Math.round(silent)} ms`);
    this.#watchdog = setTimeout(() => this.#watch(), Math.ceil(patience - silent));
  }

  #end(how: WorkerEnd, detail: string): void {
    if (this.#over) return;
    this.kill();
    this.#events.ended(how, detail);
  }
}
