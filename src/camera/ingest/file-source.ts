import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { FileReader } from './file-reader.js';
import { Pacer } from './pacer.js';
import { type Source, SourceError, type SourceEvents } from './source.js';

export interface FileSourceConfig {
  readonly path: string;
  /** Begin again at the end. */
  readonly loop: boolean;
  /** `realtime`: by its timestamps, like a camera; `asap`: as fast as it is consumed. */
  readonly pace: 'realtime' | 'asap';
  /** A file that is damaged, or ends before the time it declares, is an error: for those who must have all of it. */
  readonly whole: boolean;
}

/** A file as a camera, by FFmpeg's demuxers. */
export class FileSource implements Source {
  readonly #config: FileSourceConfig;
  readonly #events: SourceEvents;
  #closing = false;
  #done: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(config: FileSourceConfig, events: SourceEvents) {
    this.#config = config;
    this.#events = events;
  }

  start(): void {
    this.#done = this.#run().then(
      () => this.#end(null),
      (error: unknown) => this.#end(asSourceError(error, this.#config.path)),
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#abort.abort();
    await this.#done;
  }

  #end(error: SourceError | null): void {
    if (!this.#closing) this.#events.end(error);
  }

  async #run(): Promise<void> {
    await using reader = await FileReader.open(this.#config.path);
    if (this.#closing) return;
    this.#events.track(reader.track);
    for (;;) {
      await this.#play(reader);
      if (this.#closing) return;
      if (this.#config.whole) reader.assertWhole();
      if (!this.#config.loop) return;
      await reader.rewind();
    }
  }

  /** Delivers every picture once. */
  async #play(reader: FileReader): Promise<void> {
    const pacer = new Pacer(reader.frameTicks, performance.now());
    for (;;) {
      const picture = await reader.next();
      if (!picture || this.#closing) return;
      if (this.#config.pace === 'realtime') await this.#until(pacer.due(picture.dts ?? picture.pts));
      else await nextTurn();
      if (this.#closing) return;
      this.#events.picture({ ...picture, receivedAt: process.hrtime.bigint() });
    }
  }

  /** @param moment of `performance.now()` */
  async #until(moment: number): Promise<void> {
    const wait = moment - performance.now();
    if (wait < 1) return void (await nextTurn());
    await delay(wait, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }
}

const asSourceError = (error: unknown, path: string): SourceError =>
  error instanceof SourceError
    ? error
    : new SourceError('source-lost', `${path}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
