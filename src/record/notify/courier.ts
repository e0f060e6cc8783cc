import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../rtsp/logger.js';
import type { AlertEvent } from '../alerts/alert.js';
import type { AlertBook, AlertNews } from '../alerts/alert-book.js';
import type { Store } from '../store/store.js';

export type AlertEventNews = AlertNews & { readonly event: AlertEvent };

/** The receiver answered, and will not have this. Sent often enough, it is left behind so that the next ones arrive. */
export class Refusal extends Error {}

/** Read at once. */
const BATCH = 50;
/** Looked for this often, ms, also when nobody says that there is something. */
export const POLL_MS = 60_000;
/** The first pause after a failure, ms; each next one is twice as long, up to the last. */
export const FIRST_PAUSE_MS = 1000;
export const LAST_PAUSE_MS = 5 * 60_000;
/** Times that something is sent to a receiver that refuses it: over some four minutes. */
export const REFUSALS = 8;

/** How long to wait after so many failures in a row, ms. Random, so that receivers are not asked in step. */
export const pauseAfter = (failures: number, random: number): number =>
  Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1)) * (0.75 + random / 2);

/** Waits for a delivery, but no longer than until it is time to end: rejects then. Leaves no listener behind, of whatever many deliveries. */
const unlessEnded = async (delivery: Promise<void>, signal: AbortSignal): Promise<void> => {
  let end = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new Error('The gateway ends.'));
  });
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([delivery, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
};

export interface CourierOptions {
  /** Stays the same over restarts: what the receiver has got is kept under it. */
  readonly receiver: string;
  readonly store: Store;
  readonly book: Pick<AlertBook, 'eventsAfter'>;
  readonly logger: Logger;
  /** Whether it is for this receiver. */
  readonly wants: (news: AlertEventNews) => boolean;
  /** Sends it; resolves when it has arrived. @throws Refusal, or anything where it may not have arrived */
  readonly deliver: (news: AlertEventNews) => Promise<void>;
  readonly pause?: (failures: number) => number;
}

/**
 * Brings every event to one receiver, in order, at least once. The events in the store are the outbox, and how far the receiver has got
 * is kept beside them after each one, so that a crash in between sends it again. A new receiver begins with what happens from now on.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #startedAt = Date.now();
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #beginning: Promise<void> | null = null;
  #nap = new AbortController();
  #failures = 0;
  #refusals = 0;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get receiver(): string {
    return this.#options.receiver;
  }

  /**
   * Resolves when the receiver's place among the events is kept: whatever is kept after that is brought, also where this process ends
   * before the first delivery. Rejects as the store does; asking again tries again.
   */
  begin(): Promise<void> {
    if (this.#beginning === null) {
      const beginning = this.#begin();
      this.#beginning = beginning;
      beginning.catch(() => {
        this.#beginning = null;
      });
    }
    return this.#beginning;
  }

  /** There is something to bring. */
  wake(): void {
    // A pause after a failure is not cut short: the receiver is spared.
    if (this.#failures === 0) this.#nap.abort();
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#nap.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pause = (failures) => pauseAfter(failures, Math.random()) } = this.#options;
    while (!this.#end.signal.aborted) {
      this.#nap = new AbortController();
      try {
        if ((await this.#round()) > 0) continue;
        await this.#rest(POLL_MS);
      } catch (error) {
        this.#failures++;
        const { receiver, logger } = this.#options;
        logger.warn({ receiver, failures: this.#failures, error: String(error) }, 'notification not delivered');
        await this.#rest(pause(this.#failures));
      }
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#end.signal.aborted) return;
    await sleep(ms, undefined, { signal: this.#nap.signal, ref: false }).catch(() => undefined);
  }

  async #round(): Promise<number> {
    const { book, wants } = this.#options;
    await this.begin();
    const news = await book.eventsAfter((await this.#position())!, BATCH);
    for (const one of news) {
      if (this.#end.signal.aborted) return 0;
      if (wants(one)) await this.#bring(one);
      await this.#keep(one.event.seq);
      this.#failures = 0;
      this.#refusals = 0;
    }
    return news.length;
  }

  async #bring(news: AlertEventNews): Promise<void> {
    const { deliver, logger, receiver } = this.#options;
    try {
      // Whoever closes does not wait for a receiver that hangs: it is asked again after the next start.
      await unlessEnded(deliver(news), this.#end.signal);
    } catch (error) {
      if (!(error instanceof Refusal) || ++this.#refusals < REFUSALS) throw error;
      logger.warn({ receiver, seq: news.event.seq, error: error.message }, 'notification refused for good');
    }
  }

  async #begin(): Promise<void> {
    if ((await this.#position()) !== null) return;
    const before = await this.#options.store.run((db) =>
      db
        .selectFrom('alert_events')
        .select('seq')
        .where('at', '<', this.#startedAt)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst(),
    );
    await this.#keep(before?.seq ?? 0);
  }

  /** The last event that arrived; null: the receiver is new. */
  async #position(): Promise<number | null> {
    const { store, receiver } = this.#options;
    const kept = await store.run((db) =>
      db.selectFrom('deliveries').select('seq').where('receiver', '=', receiver).executeTakeFirst(),
    );
    return kept?.seq ?? null;
  }

  async #keep(seq: number): Promise<void> {
    const { store, receiver } = this.#options;
    await store.run((db) =>
      db
        .insertInto('deliveries')
        .values({ receiver, seq })
        .onConflict((conflict) => conflict.column('receiver').doUpdateSet({ seq }))
        .execute(),
    );
  }
}
