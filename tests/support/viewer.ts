import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { Detector, FRAME_BYTES, HEIGHT, type SeenPicture, WIDTH } from './leaks.js';

/** Also pictures that came before the first keyframe, or broken: whatever a viewer could see is looked at. Cropped to the pixel. */
const SHOW_ALL = ['-flags', '+output_corrupt+unaligned', '-flags2', '+showall'];

/** Scaled and brought to studio range; each picture once; its time and size told on standard error. */
const LOOKING_GLASS = [
  ...['-an', '-fps_mode', 'passthrough'],
  ...['-vf', `showinfo=checksum=0,scale=${WIDTH}:${HEIGHT}:flags=area:out_range=tv,format=yuv420p`],
  ...['-f', 'rawvideo', '-'],
];

const TOLD = /\bpts_time:\s*(\S+).* s:(\d+x\d+)/;

export interface WatchOptions {
  /** Cells of the clip's chequer across the width of the picture. */
  readonly cells?: number;
}

/** A client that decodes and looks at each picture as it comes. */
export class Viewer implements AsyncDisposable {
  readonly pictures: SeenPicture[] = [];
  /** Resolves when the decoder has ended and everything was looked at. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #detector: Detector;
  readonly #picture = Buffer.alloc(FRAME_BYTES);
  readonly #told: { readonly time: number; readonly size: string }[] = [];
  readonly #waiting = new Set<() => void>();
  #filled = 0;
  #line = '';
  #complaints = '';
  #over = false;

  private constructor(input: readonly string[], options: WatchOptions, source?: Readable) {
    this.#detector = new Detector(options.cells);
    const args = [
      '-hide_banner',
      ...(source ? [] : ['-nostdin']),
      '-nostats',
      '-v',
      'info',
      ...SHOW_ALL,
      ...input,
      ...LOOKING_GLASS,
    ];
    this.#child = spawn('ffmpeg', args, { stdio: [source ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    // Whoever closes a viewer wants no more of what it was fed.
    if (source) source.pipe(this.#child.stdin!.on('error', () => source.destroy()));
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr!.setEncoding('utf8').on('data', (chunk: string) => this.#listen(chunk));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve());
      this.#child.once('close', () => resolve());
    });
    void this.ended.then(() => {
      this.#over = true;
      this.#wake();
    });
  }

  /** Of a live stream, over TCP. */
  static live(url: string, options: WatchOptions = {}): Viewer {
    // Not `nobuffer`: it throws away what it looked at to find out about the stream, the first keyframe.
    const quick = ['-probesize', '32', '-analyzeduration', '0'];
    return new Viewer(['-rtsp_transport', 'tcp', ...quick, '-i', url], options);
  }

  /** Of what is published to an address, where it takes the part of the media server; over TCP. */
  static listening(url: string, options: WatchOptions = {}): Viewer {
    return new Viewer(['-rtsp_flags', 'listen', '-probesize', '100000', '-i', url], options);
  }

  /** Of what comes, as it comes. */
  static fed(source: Readable, options: WatchOptions = {}): Viewer {
    return new Viewer(['-probesize', '100000', '-i', 'pipe:0'], options, source);
  }

  /** Of a file, at once. */
  static file(path: string, options: WatchOptions = {}): Viewer {
    return new Viewer(['-i', path], options);
  }

  /** The first picture from `from` on for which `test` holds, now or later. Rejects when the time is up or the stream ends. */
  async until(
    test: (picture: SeenPicture) => boolean,
    what: string,
    { from = 0, timeoutMs = 30_000 }: { from?: number; timeoutMs?: number } = {},
  ): Promise<SeenPicture> {
    const deadline = performance.now() + timeoutMs;
    for (let next = from; ; ) {
      for (; next < this.pictures.length; next++) if (test(this.pictures[next]!)) return this.pictures[next]!;
      const left = deadline - performance.now();
      if (this.#over || left <= 0) {
        const why = this.#over ? `the stream ended: ${this.#complaints}` : `${timeoutMs} ms are up`;
        throw new Error(`no ${what} among pictures ${from} to ${this.pictures.length}; ${why}`);
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

  /** Ends the client; its pictures stay. */
  async close(): Promise<void> {
    if (!this.#over) this.#child.kill('SIGKILL');
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.#picture, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < FRAME_BYTES) return;
      this.#filled = 0;
      this.#see();
    }
  }

  #see(): void {
    const sight = this.#detector.look(this.#picture);
    const before = this.pictures.at(-1)?.code ?? -1;
    const index = this.pictures.length;
    const told = this.#told;
    this.pictures.push({
      ...sight,
      at: performance.now(),
      // Told on another pipe than the picture, so perhaps a moment later.
      get time() {
        return told[index]?.time ?? Number.NaN;
      },
      get size() {
        return told[index]?.size ?? '';
      },
      fresh: sight.code >= 0 && sight.code !== before,
    });
    this.#wake();
  }

  #listen(chunk: string): void {
    const lines = (this.#line + chunk).split('\n');
    this.#line = lines.pop()!;
    for (const line of lines) {
      const told = line.includes('showinfo') ? TOLD.exec(line) : null;
      if (told) this.#told.push({ time: Number(told[1]), size: told[2]! });
      else if (/error|fail|refused/i.test(line)) this.#complaints = line.trim();
    }
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) {
      this.#waiting.delete(wake);
      wake();
    }
  }
}

/** Decodes a whole file and looks at each of its pictures. */
export async function lookThrough(path: string, options: WatchOptions = {}): Promise<SeenPicture[]> {
  await using viewer = Viewer.file(path, options);
  await viewer.ended;
  return viewer.pictures;
}

/** What JPEGs show, one after the other. */
export async function lookAtJpegs(jpegs: readonly Buffer[], options: WatchOptions = {}): Promise<SeenPicture[]> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-jpegs-'));
  try {
    const file = join(folder, 'pictures.mjpeg');
    await writeFile(file, Buffer.concat(jpegs));
    const pictures = await lookThrough(file, options);
    expect(pictures.length).toBe(jpegs.length);
    return pictures;
  } finally {
    await rm(folder, { recursive: true });
  }
}
