import { setImmediate as nextTurn } from 'node:timers/promises';
import { AV_PIX_FMT_RGB24, type AVPixelFormat, SWS_AREA } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Picture } from '../masking/picture.js';
import { CLOCK_HZ } from '../rtsp/published-stream.js';
import { check } from './av-error.js';
import { Canvas, isFullRange } from './decode/canvas.js';
import { Decoder } from './decode/decoder.js';
import { Orienter } from './decode/orienter.js';
import { FileReader } from './ingest/file-reader.js';
import { SourceError } from './ingest/source.js';

/** What a clip is. */
export interface ClipFacts {
  /** As displayed, px. */
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly pictures: number;
  readonly fps: number;
}

/**
 * Reads a clip to its end without decoding more than its first picture.
 *
 * @throws SourceError where it cannot be read, is damaged or ends before its time
 */
export async function inspectClip(path: string): Promise<ClipFacts> {
  let size: { width: number; height: number } | null = null;
  for await (const { frame } of clipFrames(path)) {
    size = { width: frame.width, height: frame.height };
    break;
  }
  if (!size) throw new SourceError('source-unsupported', `${path} holds no picture that can be decoded`);
  await using reader = await FileReader.open(path);
  let [pictures, end] = [0, 0];
  for (let picture = await reader.next(); picture; picture = await reader.next()) {
    if (picture.hidden) continue;
    pictures++;
    end = Math.max(end, (picture.pts ?? picture.dts ?? 0) + reader.frameTicks);
  }
  if (pictures > 0) reader.assertWhole();
  return { ...size, seconds: end / CLOCK_HZ, pictures, fps: CLOCK_HZ / reader.frameTicks };
}

/** A decoded picture of a clip. */
export interface ClipFrame {
  /** From 0. */
  readonly index: number;
  /** Seconds from the clip's beginning. */
  readonly at: number;
  /** Upright; valid until the next one is asked for. */
  readonly frame: Frame;
}

/**
 * The pictures of a file one after the other, decoded and turned upright by the stages of a live camera, for those who measure: each is
 * valid until the next one is asked for, and none is kept.
 *
 * @throws SourceError where the file cannot be read, or a picture of it cannot be decoded
 */
export async function* clipFrames(path: string): AsyncGenerator<ClipFrame, void> {
  await using reader = await FileReader.open(path);
  using decoder = new Decoder(reader.track.decoder!);
  using orienter = new Orienter();
  const ready: { frame: Frame; pts: number }[] = [];
  let index = 0;
  try {
    // What the decoder hands out is reused at once: a reference of our own outlives the call.
    const keep = (frame: Frame, pts: number): void => void ready.push({ frame: frame.clone()!, pts });
    for (let begun = false, over = false; !over; ) {
      const picture = await reader.next();
      begun ||= picture?.keyframe ?? false;
      if (!picture) {
        decoder.flush(keep);
        over = true;
      } else if (begun) decoder.decode(picture, keep);
      if (decoder.errors > 0) throw new SourceError('source-lost', `${path} is damaged near picture ${index}`);
      for (let next = ready.shift(); next; next = ready.shift()) {
        try {
          yield { index: index++, at: next.pts / CLOCK_HZ, frame: orienter.upright(next.frame) };
        } finally {
          next.frame.free();
        }
      }
      // Loops that never yield keep the engine's finalizers from running.
      await nextTurn();
    }
  } finally {
    for (const { frame } of ready) frame.free();
  }
}

/** The planes of frames as 8-bit 4:2:0, whatever the clip is coded in. */
export class ClipCanvas implements Disposable {
  #canvas: Canvas | null = null;

  /** Valid until the next call. Even width and height. Throws AvError. */
  load(frame: Frame): Picture {
    if (!this.#canvas?.fits(frame)) {
      this.#canvas?.[Symbol.dispose]();
      this.#canvas = new Canvas(frame.width, frame.height, isFullRange(frame));
    }
    this.#canvas.load(frame);
    return this.#canvas;
  }

  [Symbol.dispose](): void {
    this.#canvas?.[Symbol.dispose]();
    this.#canvas = null;
  }
}

/** Red, green and blue of one picture, `[height, width, 3]`, 0..255. */
export interface ClipPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Frames as models take them. */
export class ClipRgb implements Disposable {
  #scaler: { context: SoftwareScaleContext; out: Frame; key: string } | null = null;

  /** A copy that stays. Throws AvError. */
  convert(frame: Frame): ClipPicture {
    const { context, out } = this.#scalerFor(frame);
    check(context.scaleFrameSync(out, frame), 'canvas-convert', 'a decoded frame could not be converted to RGB');
    const { width, height } = out;
    const [stride, data] = [out.linesize[0]!, new Uint8Array(width * height * 3)];
    const rows = out.data![0]!;
    for (let y = 0; y < height; y++) data.set(rows.subarray(y * stride, y * stride + width * 3), y * width * 3);
    return { width, height, data };
  }

  #scalerFor(frame: Frame): { context: SoftwareScaleContext; out: Frame } {
    const { width, height } = frame;
    const format = frame.format as AVPixelFormat;
    const key = `${width}x${height} ${format}`;
    if (this.#scaler?.key === key) return this.#scaler;
    this[Symbol.dispose]();
    const out = new Frame();
    out.alloc();
    out.format = AV_PIX_FMT_RGB24;
    out.width = width;
    out.height = height;
    check(out.allocBuffer(), 'canvas-allocation', `no memory for a ${width}x${height} picture`);
    const context = new SoftwareScaleContext();
    context.getContext(width, height, format, width, height, AV_PIX_FMT_RGB24, SWS_AREA);
    this.#scaler = { context, out, key };
    return this.#scaler;
  }

  [Symbol.dispose](): void {
    this.#scaler?.context.freeContext();
    this.#scaler?.out.free();
    this.#scaler = null;
  }
}
