import { Frame } from 'node-av/lib';
import { check } from './av-error.js';

/** A decoded frame that waits, and what came with it. */
export interface FrameTimes {
  /** 90 kHz, as the source counts. */
  readonly pts: number;
  readonly receivedAt: bigint;
  readonly decodeMs: number;
}

/**
 * Look-ahead: keeps the last `depth` decoded frames back before masking, so that a verdict on a frame can still withhold those
 * before it. Holds references to the decoder's buffers, no copies. Depth 0 passes frames straight on.
 */
export class HeldFrames implements Disposable {
  readonly #depth: number;
  readonly #held: { frame: Frame; times: FrameTimes }[] = [];

  /** @param depth in frames, 0 or more */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /**
   * Takes a frame in (its reference, not its ownership) and gives out the one that has waited long enough, if any.
   * @throws AvError `frame-hold` where there is no memory for a reference
   */
  pass(frame: Frame, times: FrameTimes, onFrame: (frame: Frame, times: FrameTimes) => void): void {
    if (this.#depth === 0) return onFrame(frame, times);
    const due = this.#held.length === this.#depth ? this.#held.shift()! : null;
    const slot = due ?? { frame: allocated(), times };
    try {
      if (due) onFrame(due.frame, due.times);
      slot.frame.unref();
      check(slot.frame.ref(frame), 'frame-hold', 'a frame could not be held back');
    } catch (error) {
      slot.frame.free();
      throw error;
    }
    slot.times = times;
    this.#held.push(slot);
  }

  /** Forgets every held frame: they will not be shown. */
  clear(): void {
    for (const { frame } of this.#held) frame.free();
    this.#held.length = 0;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

function allocated(): Frame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
