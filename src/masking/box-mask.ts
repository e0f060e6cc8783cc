/**
 * Rectangles that are blackened in one frame, beside what its plan masks: people, where they are now. They only ever add. Reused from
 * frame to frame: a plan takes milliseconds to work out, these take microseconds.
 *
 * The self-test checks them as it checks zones: one pixel of every luma row and every chroma row of each, and all four corners,
 * poisoned before they are masked.
 */
import type { SelfTestFault } from './mask-fault.js';
import { PLANE_NAMES } from './mask-fault.js';
import type { Picture } from './picture.js';
import { CHROMA_BLOCK } from './raster.js';
import { solidValue } from './solid.js';

/** Left, top, right, bottom as shares of the picture; what lies outside is cut off. */
export type BoxEdges = readonly [left: number, top: number, right: number, bottom: number];

/** More are one: a crowd that large is masked as a whole. */
const MOST_BOXES = 256;

/** Turned over in every canary: half the range away from what the mask writes. */
const POISON = 0x80;

/** A step through the columns that comes to each of them before it comes to one twice: odd rows of the golden ratio. */
const STRIDE = 0.6180339887498949;

const fill = Uint8Array.prototype.fill;

export class BoxMask {
  /** Chroma columns and rows, ends exclusive. */
  readonly #left = new Int32Array(MOST_BOXES);
  readonly #top = new Int32Array(MOST_BOXES);
  readonly #right = new Int32Array(MOST_BOXES);
  readonly #bottom = new Int32Array(MOST_BOXES);
  #count = 0;
  readonly width: number;
  readonly height: number;

  /** @param width luma columns, even, as `height` */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Adds a box, widened to whole chroma blocks. What is no number covers the whole picture. */
  add(left: number, top: number, right: number, bottom: number): void {
    const columns = this.width / CHROMA_BLOCK;
    const rows = this.height / CHROMA_BLOCK;
    if (this.#count === MOST_BOXES || !Number.isFinite(left + top + right + bottom)) {
      this.#count = 0;
      return this.#put(0, 0, columns, rows);
    }
    const x0 = Math.max(0, Math.floor(left * columns));
    const y0 = Math.max(0, Math.floor(top * rows));
    const x1 = Math.min(columns, Math.ceil(right * columns));
    const y1 = Math.min(rows, Math.ceil(bottom * rows));
    if (x1 > x0 && y1 > y0) this.#put(x0, y0, x1, y1);
  }

  /** Writes a wrong value into every canary. */
  poison(planes: Picture['planes'], fullRange: boolean): void {
    for (let p = 0; p < 3; p++) {
      const { data, stride } = planes[p]!;
      const wrong = solidValue(p, fullRange) ^ POISON;
      this.#forEachCanary(p, (x, y) => {
        data[y * stride + x] = wrong;
        return true;
      });
    }
  }

  /** Blackens the boxes, in place. */
  fill(picture: Picture): void {
    const black = solidValue(0, picture.fullRange);
    const neutral = solidValue(1, picture.fullRange);
    const [luma, u, v] = picture.planes;
    for (let i = 0; i < this.#count; i++) {
      const [left, right] = [this.#left[i]!, this.#right[i]!];
      for (let row = this.#top[i]!; row < this.#bottom[i]!; row++) {
        const upper = row * CHROMA_BLOCK * luma.stride;
        fill.call(luma.data, black, upper + left * CHROMA_BLOCK, upper + right * CHROMA_BLOCK);
        const lower = upper + luma.stride;
        fill.call(luma.data, black, lower + left * CHROMA_BLOCK, lower + right * CHROMA_BLOCK);
        fill.call(u.data, neutral, row * u.stride + left, row * u.stride + right);
        fill.call(v.data, neutral, row * v.stride + left, row * v.stride + right);
      }
    }
  }

  /** The first canary that `planes` (fetched after masking) do not hold as masked, or null. */
  verify(planes: Picture['planes'], fullRange: boolean): SelfTestFault | null {
    let fault: SelfTestFault | null = null;
    for (let p = 0; p < 3 && !fault; p++) {
      const { data, stride } = planes[p]!;
      const expected = solidValue(p, fullRange);
      this.#forEachCanary(p, (x, y) => {
        if (data[y * stride + x] === expected) return true;
        fault = { check: 'self-test', zone: 'people', plane: PLANE_NAMES[p]!, x, y, expected };
        return false;
      });
    }
    return fault;
  }

  #put(left: number, top: number, right: number, bottom: number): void {
    const i = this.#count++;
    this.#left[i] = left;
    this.#top[i] = top;
    this.#right[i] = right;
    this.#bottom[i] = bottom;
  }

  /** Calls `visit` with pixels of plane `p` until it says false. */
  #forEachCanary(p: number, visit: (x: number, y: number) => boolean): void {
    const scale = p === 0 ? CHROMA_BLOCK : 1;
    for (let i = 0; i < this.#count; i++) {
      const left = this.#left[i]! * scale;
      const last = this.#right[i]! * scale - 1;
      const top = this.#top[i]! * scale;
      const bottom = this.#bottom[i]! * scale - 1;
      if (!visit(left, top) || !visit(last, top) || !visit(left, bottom) || !visit(last, bottom)) return;
      for (let y = top; y <= bottom; y++) {
        const along = (y * STRIDE) % 1;
        if (!visit(left + Math.floor(along * (last - left + 1)), y)) return;
      }
    }
  }
}
