import type { SourceConfig } from '../messages.js';
import { reconnectDelay } from './backoff.js';
import { openSource } from './open-source.js';
import { type Source, SourceError, type SourceEvents } from './source.js';

/** What a reconnecting source tells besides its pictures. */
export interface ReconnectEvents extends Omit<SourceEvents, 'end'> {
  connecting(): void;
  /** Lost, or never there; another attempt follows. */
  lost(error: SourceError): void;
}

/** Keeps one source open: whatever ends it, it is opened again after a jittered pause, until `close()`. */
export class ReconnectingSource {
  readonly #config: SourceConfig;
  readonly #events: ReconnectEvents;
  #current: Source | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #workedAt = performance.now();
  #closed = false;

  constructor(config: SourceConfig, events: ReconnectEvents) {
    this.#config = config;
    this.#events = events;
  }

  start(): void {
    this.#connect();
  }

  /** Drops the connection and opens it anew: the way out when what comes in makes no sense any more. */
  restart(reason: SourceError): void {
    const current = this.#current;
    if (!current || this.#closed) return;
    this.#current = null;
    void current.close();
    this.#failed(reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = null;
    await current?.close();
  }

  #connect(): void {
    this.#timer = null;
    this.#events.connecting();
    let source: Source | null = null;
    const ifCurrent = (): boolean => source !== null && source === this.#current;
    source = openSource(this.#config, {
      track: (track) => {
        if (ifCurrent()) this.#events.track(track);
      },
      picture: (picture) => {
        if (!ifCurrent()) return;
        this.#worked();
        this.#events.picture(picture);
      },
      frame: (frame, pts, receivedAt) => {
        if (!ifCurrent()) return;
        this.#worked();
        this.#events.frame(frame, pts, receivedAt);
      },
      end: (error) => {
        if (!ifCurrent()) return;
        this.#current = null;
        void source?.close();
        this.#failed(error ?? new SourceError('source-ended', 'the source came to its end'));
      },
    });
    this.#current = source;
    source.start();
  }

  #worked(): void {
    this.#failures = 0;
    this.#workedAt = performance.now();
  }

  #failed(error: SourceError): void {
    if (this.#closed) return;
    this.#failures++;
    this.#events.lost(error);
    const delay = reconnectDelay(this.#failures, performance.now() - this.#workedAt, Math.random());
    this.#timer = setTimeout(() => this.#connect(), delay);
  }
}
