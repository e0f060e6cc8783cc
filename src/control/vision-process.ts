import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../rtsp/logger.js';
import type { FromVision, ToVisionProcess } from '../vision/messages.js';
import { spawnGuarded } from './spawn-guarded.js';

const VISION = fileURLToPath(new URL('../vision/process.js', import.meta.url));

/**
 * A vision process that says nothing for so long, ms, hangs. It says something every 500 ms, but one look may take as long, on a busy
 * machine several times that. Nobody depends on this being short: zones that need it notice by themselves.
 */
export const VISION_SILENCE_MS = 6000;

/** Starting takes 0.5 s on an idle machine; models are loaded later. */
const HELLO_MS = 20_000;

/** Reading the models of an eye takes 1 s on an idle machine, and nothing else gets its turn; on one core that others keep busy, several times that.
 * Meanwhile zones that need it are masked as a whole, so one that hangs here must not take long to be noticed. */
const LOADING_MS = 20_000;

export interface VisionProcessEvents {
  message(message: FromVision): void;
  /** It is gone, or was just given up and killed. */
  ended(how: 'crashed' | 'hung', detail: string): void;
}

/** One life of the vision process, with a watchdog. */
export class VisionProcess {
  readonly #child: ChildProcess;
  readonly #events: VisionProcessEvents;
  #lastSign = performance.now();
  #greeted = false;
  #isLoading = false;
  #over = false;
  readonly #watchdog: NodeJS.Timeout;

  constructor(events: VisionProcessEvents, logger: Logger) {
    this.#events = events;
    this.#child = spawnGuarded([VISION], logger, 'vision process said');
    this.#child.on('message', (message) => this.#heard(message as FromVision));
    this.#child.once('error', (error) => this.#end('crashed', error.message));
    this.#child.once('exit', (code, signal) => this.#end('crashed', signal ? `signal ${signal}` : `exit code ${code}`));
    this.#watchdog = setInterval(() => this.#watch(), VISION_SILENCE_MS / 8);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToVisionProcess): void {
    if (!this.#over && this.#child.connected) this.#child.send(message);
  }

  /** Ends it without a word to `ended`. */
  kill(): void {
    this.#over = true;
    clearInterval(this.#watchdog);
    this.#child.kill('SIGKILL');
  }

  #heard(message: FromVision): void {
    if (this.#over) return;
    this.#lastSign = performance.now();
    this.#greeted = true;
    if (message.type === 'loading') this.#isLoading = message.isLoading;
    try {
      this.#events.message(message);
    } catch (error) {
      this.#end('crashed', `what it said makes no sense: ${String(error)}`);
    }
  }

  #watch(): void {
    const silent = performance.now() - this.#lastSign;
    const patience = this.#isLoading ? LOADING_MS : this.#greeted ? VISION_SILENCE_MS : HELLO_MS;
    if (silent > patience) this.#end('hung', `no sign of life for ${Math.round(silent)} ms`);
  }

  #end(how: 'crashed' | 'hung', detail: string): void {
    if (this.#over) return;
    this.kill();
    this.#events.ended(how, detail);
  }
}
