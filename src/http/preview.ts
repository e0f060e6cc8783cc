import type { WebSocket } from 'ws';
import type { Mpeg1Listener, Mpeg1Stream } from '../preview/mpeg1-stream.js';
import { CLOSE } from './view-sockets.js';

/** Bytes that may wait for a page, which is 5 s of the stream: later, nothing is live any more, and it is told to come back. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

/** One camera's MPEG-1, and who looks at it: one ffmpeg for all of them. */
export class Preview {
  readonly #viewers = new Set<WebSocket>();
  readonly #make: (listener: Mpeg1Listener) => Mpeg1Stream;
  readonly #ended: () => void;
  #mpeg1: Mpeg1Stream;

  /** @param ended there will be no more of it: ffmpeg is gone */
  constructor(make: (listener: Mpeg1Listener) => Mpeg1Stream, ended: () => void) {
    this.#make = make;
    this.#ended = ended;
    this.#mpeg1 = this.#begin();
  }

  add(viewer: WebSocket): void {
    this.#viewers.add(viewer);
  }

  /** Ends with the last one; returns whether that was it. */
  remove(viewer: WebSocket): boolean {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return false;
    this.#mpeg1.close();
    return true;
  }

  #begin(): Mpeg1Stream {
    return this.#make({
      data: (bytes) => this.#send(bytes),
      stale: () => this.#renew(),
      ended: () => {
        this.#ended();
        for (const viewer of this.#viewers) viewer.close(CLOSE.goingAway);
      },
    });
  }

  #send(bytes: Buffer): void {
    for (const viewer of this.#viewers) {
      if (viewer.bufferedAmount <= MAX_BACKLOG_BYTES) viewer.send(bytes);
      else viewer.close(CLOSE.tooSlow);
    }
  }

  /** From now on nothing comes that went into ffmpeg before. Pages for which any of that waits have to come back. */
  #renew(): void {
    this.#mpeg1.close();
    for (const viewer of this.#viewers) if (viewer.bufferedAmount > 0) viewer.terminate();
    this.#mpeg1 = this.#begin();
  }
}
