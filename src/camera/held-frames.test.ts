import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { type FrameTimes, HeldFrames } from './held-frames.js';

/** A frame as a decoder gives it: of luma `level`, gone when the call returns. */
function lend(level: number, use: (frame: Frame) => void): void {
  using frame = new Frame();
  frame.alloc();
  frame.format = AV_PIX_FMT_GRAY8;
  frame.width = 16;
  frame.height = 16;
  frame.allocBuffer();
  frame.data![0]!.fill(level);
  use(frame);
}

const timesOf = (pts: number): FrameTimes => ({ pts, receivedAt: 0n, decodeMs: 0 });

/** Passes frames 1 to `count` through; returns what came out: time, and the level that was in it. */
function passThrough(held: HeldFrames, count: number): [pts: number, level: number][] {
  const out: [number, number][] = [];
  for (let n = 1; n <= count; n++)
    lend(n, (frame) => held.pass(frame, timesOf(n), (due, { pts }) => out.push([pts, due.data![0]![0]!])));
  return out;
}

describe('look-ahead', () => {
  it('passes frames straight on where there is none', () => {
    using held = new HeldFrames(0);
    expect(passThrough(held, 3)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('gives each frame out as many frames later as it is deep, with the pixels that it had', () => {
    using held = new HeldFrames(3);
    expect(passThrough(held, 6)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('forgets everything that waits when a verdict withholds the picture', () => {
    using held = new HeldFrames(2);
    passThrough(held, 2);
    held.clear();
    expect(passThrough(held, 3)).toEqual([[1, 1]]);
  });

  it('may be cleared by whoever is given a frame', () => {
    using held = new HeldFrames(2);
    passThrough(held, 2);
    lend(3, (frame) => held.pass(frame, timesOf(3), () => held.clear()));
    expect(passThrough(held, 2)).toEqual([[3, 3]]);
  });

  it('goes on after a frame that could not be masked', () => {
    using held = new HeldFrames(1);
    passThrough(held, 1);
    const fail = (): void => {
      throw new Error('not masked');
    };
    lend(2, (frame) => expect(() => held.pass(frame, timesOf(2), fail)).toThrow('not masked'));
    expect(passThrough(held, 2)).toEqual([[1, 1]]);
  });
});
