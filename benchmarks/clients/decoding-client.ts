import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One decoded picture. */
export interface Sighting {
  /** When it came out of the decoder, ms of the monotonic clock. */
  readonly at: number;
  /** Painted into it; -1: a slate. */
  readonly number: number;
}

/** Debian's own Python: GStreamer's bindings belong to it. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('./decoding-client.py', import.meta.url));

/** A client that is asked to end has so long, ms. */
const GRACE_MS = 2000;

/** A client with a decoder, in a process of its own (GStreamer). All ends of a comparison are looked at through equal ones. */
export class DecodingClient implements AsyncDisposable {
  readonly pictures: Sighting[] = [];
  /** When the stream was asked for, ms of the monotonic clock; NaN before. */
  askedAt = Number.NaN;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<unknown>;
  #complaint = '';

  /** @param source an RTSP URL, or `udp:PORT` */
  constructor(source: string) {
    this.#child = spawn(PYTHON, [SCRIPT, source], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').then(() => this.#wake());
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#note(line));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = text.trim();
    });
  }

  /** Whether its one session has ended. */
  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The first picture from index `from` on that passes the test, now or later. */
  async until(test: (picture: Sighting) => boolean, what: string, from = 0, timeoutMs = 30_000): Promise<Sighting> {
    const deadline = performance.now() + timeoutMs;
    for (let next = from; ; ) {
      for (; next < this.pictures.length; next++) if (test(this.pictures[next]!)) return this.pictures[next]!;
      const left = deadline - performance.now();
      if (this.isOver || left <= 0) {
        const why = this.isOver ? `the stream ended: ${this.#complaint}` : `${timeoutMs} ms are up`;
        throw new Error(`no ${what} among ${this.pictures.length - from} pictures; ${why}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async close(): Promise<void> {
    if (!this.isOver) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
      await this.#ended;
      clearTimeout(timer);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #note(line: string): void {
    const [first, second] = line.split(' ');
    if (first === 'asked') this.askedAt = Number(second);
    else this.pictures.push({ at: Number(first), number: Number(second) });
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) {
      this.#waiting.delete(wake);
      wake();
    }
  }
}
