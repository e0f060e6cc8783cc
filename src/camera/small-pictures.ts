import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_RGB24 } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { Shrinker } from './decode/shrinker.js';
import { MOTION_HEIGHT, MOTION_WIDTH, MotionGate } from './motion.js';

/** `[height, width, 3]` uint8 RGB. */
export interface SmallPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What of a camera's frames is looked at: made small, and where it is asked, only where something has moved since the last one. */
export class SmallPictures implements Disposable {
  readonly #rgb = new Map<number, Shrinker>();
  readonly #grey = new Shrinker(AV_PIX_FMT_GRAY8);
  readonly #gate = new MotionGate();
  /** Kept views: the grey picture's memory stays the same. */
  #luma: Uint8Array | null = null;

  /**
   * @param frame upright; not kept, not changed
   * @param side the longer one at most, px
   * @returns memory of its own; null where `ifMoved` and nothing has. Throws AvError.
   */
  take(frame: Frame, side: number, ifMoved: boolean): SmallPicture | null {
    if (ifMoved && !this.#gate.hasMoved(this.#lumaOf(frame))) return null;
    const longer = Math.max(frame.width, frame.height);
    const scale = Math.min(1, side / longer);
    const [width, height] = [size(frame.width * scale), size(frame.height * scale)];
    let shrinker = this.#rgb.get(side);
    if (!shrinker) {
      shrinker = new Shrinker(AV_PIX_FMT_RGB24);
      this.#rgb.set(side, shrinker);
    }
    const small = shrinker.shrink(frame, width, height);
    return { width, height, data: packed(small.data![0]!, small.linesize[0]!, width, height) };
  }

  /** The next picture counts as moved. */
  forget(): void {
    this.#gate.forget();
  }

  [Symbol.dispose](): void {
    for (const shrinker of this.#rgb.values()) shrinker[Symbol.dispose]();
    this.#rgb.clear();
    this.#grey[Symbol.dispose]();
  }

  #lumaOf(frame: Frame): Uint8Array {
    const grey = this.#grey.shrink(frame, MOTION_WIDTH, MOTION_HEIGHT);
    // 128 columns need no padding.
    this.#luma ??= grey.data![0]!;
    return this.#luma;
  }
}

const size = (pixels: number): number => Math.max(1, Math.round(pixels));

/** Rows without what lies between them, in memory of their own: who gets it may keep it. */
function packed(data: Uint8Array, stride: number, width: number, height: number): Uint8Array {
  const row = width * 3;
  const rows = Buffer.allocUnsafe(row * height);
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * stride, y * stride + row), y * row);
  return rows;
}
