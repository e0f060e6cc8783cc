import { type Logger, SILENT_LOGGER } from '../../../rtsp/logger.js';
import type { Witness } from './witness.js';

/** Milliseconds between two checkpoints sent: what a roll-back could take unseen, against what a busy log would send. */
const DEFAULT_INTERVAL_MS = 10_000;

/** Milliseconds before a checkpoint that did not arrive is sent again, at first and at most; doubled each time. */
const [FIRST_RETRY_MS, LAST_RETRY_MS] = [1_000, 300_000];

export interface WitnessFeedOptions {
  readonly intervalMs?: number;
  readonly logger?: Logger;
}

/**
 * Sends a log's newest checkpoint to its witness, seldom enough to bother nobody: the last one always arrives, those between need
 * not. Waits and tries again where the witness is away.
 */
export class WitnessFeed {
  readonly #witness: Witness;
  readonly #intervalMs: number;
  readonly #logger: Logger;
  /** The newest checkpoint that has not arrived. */
  #waiting: string | null = null;
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(witness: Witness, { intervalMs = DEFAULT_INTERVAL_MS, logger = SILENT_LOGGER }: WitnessFeedOptions = {}) {
    this.#witness = witness;
    this.#intervalMs = intervalMs;
    this.#logger = logger;
  }

  /** Takes a checkpoint: `onCheckpoint` of an AuditLog. */
  readonly take = (checkpoint: string): void => {
    this.#waiting = checkpoint;
    if (this.#timer === null && this.#sending === null && !this.#isClosed) this.#sending = this.#send();
  };

  /** Sends what waits, once, and ends. Call it after the log is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#sending;
    if (this.#waiting !== null) await this.#send();
  }

  async #send(): Promise<void> {
    const checkpoint = this.#waiting!;
    let waitMs = this.#intervalMs;
    try {
      await this.#witness.publish(checkpoint);
      if (this.#waiting === checkpoint) this.#waiting = null;
      this.#retryMs = FIRST_RETRY_MS;
    } catch (error) {
      waitMs = this.#retryMs;
      this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
      this.#logger.warn({ witness: this.#witness.name, retryMs: waitMs, cause: String(error) }, 'witness not reached');
    }
    this.#sending = null;
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#waiting !== null) this.#sending = this.#send();
    }, waitMs);
    this.#timer.unref();
  }
}
