import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PaintedSlate, SlateOrder } from '../camera/slate-order.js';
import type { SlateLanguage } from '../config/site.js';
import type { Logger } from '../rtsp/logger.js';
import type { VideoCodec } from '../rtsp/published-stream.js';
import type { Size } from '../zones/zone.js';
import { FIRST_SLATE_SIZE, type Slate, slateOrders } from './slate.js';

const PAINTER = fileURLToPath(new URL('../camera/slate-painter.js', import.meta.url));

/** A painter that is not done by then, ms, is ended and tried again at the next request. */
const PAINT_TIMEOUT_MS = 30_000;

/**
 * Every slate that was ever needed, ready-made. A set (one for each reason) is painted once for each size and codec by a short-lived
 * process, ahead of need: as soon as a camera's size is known. Control itself loads no video engine.
 */
export class SlateShelf {
  readonly #language: SlateLanguage;
  readonly #logger: Logger;
  readonly #sets = new Map<string, Map<string, Slate>>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #painters = new Set<ChildProcess>();
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(language: SlateLanguage, logger: Logger) {
    this.#language = language;
    this.#logger = logger;
  }

  /** Paints the set for a size unless it is there or under way; resolves when it can be had. Rejects when painting failed. */
  prepare(size: Size, codec: VideoCodec): Promise<void> {
    const key = keyOf(size, codec);
    if (this.#sets.has(key)) return Promise.resolve();
    let pending = this.#pending.get(key);
    if (!pending) {
      // One painter at a time: cameras that start together must not wait for each other's slates and pictures at once.
      pending = this.#turn.then(() => this.#paint(size, codec, key)).finally(() => this.#pending.delete(key));
      this.#turn = pending.catch(() => undefined);
      this.#pending.set(key, pending);
    }
    return pending;
  }

  /** The slate for a label, in the size asked for, else in that of the first slate; undefined while neither is painted. */
  find(label: string, size: Size, codec: VideoCodec): Slate | undefined {
    const set = this.#sets.get(keyOf(size, codec)) ?? this.#sets.get(keyOf(FIRST_SLATE_SIZE, codec));
    return set?.get(label);
  }

  close(): void {
    this.#closed = true;
    for (const painter of this.#painters) painter.kill('SIGKILL');
  }

  async #paint(size: Size, codec: VideoCodec, key: string): Promise<void> {
    const painted = await this.#run(slateOrders(this.#language, size, codec));
    const set = new Map<string, Slate>();
    for (const { order, keyframes, jpeg } of painted)
      set.set(order.label, {
        width: order.width,
        height: order.height,
        keyframes: [Buffer.from(keyframes[0]), Buffer.from(keyframes[1])],
        jpeg: Buffer.from(jpeg),
      });
    this.#sets.set(key, set);
    this.#logger.debug({ size: key, slates: set.size }, 'slates painted');
  }

  #run(orders: readonly SlateOrder[]): Promise<PaintedSlate[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('the gateway is closing'));
      const painter = fork(PAINTER, [], {
        serialization: 'advanced',
        execArgv: [],
        env: { PATH: process.env.PATH },
      });
      this.#painters.add(painter);
      const timer = setTimeout(() => painter.kill('SIGKILL'), PAINT_TIMEOUT_MS);
      let painted: PaintedSlate[] | null = null;
      painter.once('message', (message) => {
        painted = message as PaintedSlate[];
      });
      painter.once('error', reject);
      painter.once('exit', (code, signal) => {
        clearTimeout(timer);
        this.#painters.delete(painter);
        if (painted) resolve(painted);
        else reject(new Error(`the slate painter ended early (${signal ?? `exit ${code}`})`));
      });
      painter.send(orders);
    });
  }
}

const keyOf = (size: Size, codec: VideoCodec): string => `${size.width & ~1}x${size.height & ~1} ${codec}`;
