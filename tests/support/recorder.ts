import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SeenPicture } from './leaks.js';
import { lookThrough, type WatchOptions } from './viewer.js';

/** Between two attempts of the client, ms: as eager as an impatient recorder. */
const RETRY_MS = 100;

/** A client that is asked to end has so long, ms, to write its last packets. */
const GRACE_MS = 3000;

/**
 * A real client that records a stream as it is (ffmpeg, `-c copy`, over TCP), from before the gateway is there until it is stopped, and
 * connects again whenever it is sent away. Packets before the first keyframe are kept too.
 */
export class Recorder implements AsyncDisposable {
  readonly #folder: string;
  readonly #url: string;
  readonly #abort = new AbortController();
  readonly #files: string[] = [];
  readonly #done: Promise<void>;
  #client: ChildProcess | null = null;
  #sessions = 0;

  private constructor(url: string, folder: string) {
    this.#url = url;
    this.#folder = folder;
    this.#done = this.#run();
  }

  static async start(url: string): Promise<Recorder> {
    return new Recorder(url, await mkdtemp(join(tmpdir(), 'veilgate-recording-')));
  }

  /** Recordings that hold something, oldest first: one for each session. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** How often the client has connected so far, also in vain. */
  get attempts(): number {
    return this.#sessions;
  }

  /** Ends the client and waits for its last packets. */
  async stop(): Promise<void> {
    this.#abort.abort();
    const client = this.#client;
    if (client) {
      client.kill('SIGINT');
      const timer = setTimeout(() => client.kill('SIGKILL'), GRACE_MS);
      await this.#done;
      clearTimeout(timer);
    }
    await this.#done;
  }

  /** Stops, and looks at every picture of every recording. */
  async pictures(options: WatchOptions = {}): Promise<SeenPicture[]> {
    await this.stop();
    const seen: SeenPicture[] = [];
    for (const file of this.#files) seen.push(...(await lookThrough(file, options)));
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const file = join(this.#folder, `${this.#sessions++}.ts`);
      const client = spawn(
        'ffmpeg',
        [
          ...['-nostdin', '-v', 'quiet', '-rtsp_transport', 'tcp', '-probesize', '32', '-analyzeduration', '0'],
          ...['-i', this.#url],
          ...['-an', '-c', 'copy', '-copyinkf', '-flush_packets', '1', '-f', 'mpegts', '-y', file],
        ],
        { stdio: 'ignore' },
      );
      this.#client = client;
      await once(client, 'exit').catch(() => undefined);
      this.#client = null;
      const { size } = await stat(file).catch(() => ({ size: 0 }));
      if (size > 0) this.#files.push(file);
      await pause(RETRY_MS, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    }
  }
}
