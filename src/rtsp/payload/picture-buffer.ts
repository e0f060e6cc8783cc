import { MAX_PICTURE_BYTES } from './coded-picture.js';

/** Room for most predicted pictures of a 1080p camera without growing. */
const INITIAL_BYTES = 16 * 1024;

/**
 * Gathers the bytes of one picture with one copy, and hands the memory over with it. The next picture starts with room for one
 * as large as the last, so that steady streams hardly ever grow.
 */
export class PictureBuffer {
  /** Bytes gathered. */
  length = 0;
  /** More than {@link MAX_PICTURE_BYTES} were to be gathered: the rest was left out. */
  overflowed = false;
  private bytes: Buffer | null = null;
  private roomHint = INITIAL_BYTES;

  /** Appends `source[start, end)`. */
  append(source: Buffer, start: number, end: number): void {
    const size = end - start;
    if (!this.reserve(size)) return;
    source.copy(this.bytes!, this.length, start, end);
    this.length += size;
  }

  appendByte(byte: number): void {
    if (!this.reserve(1)) return;
    this.bytes![this.length++] = byte;
  }

  /** The last byte but `back`. */
  fromEnd(back: number): number | undefined {
    return this.bytes?.[this.length - 1 - back];
  }

  /** Hands over what was gathered, and is empty again. */
  take(): Buffer {
    const taken = this.bytes?.subarray(0, this.length) ?? Buffer.alloc(0);
    this.roomHint = Math.max(INITIAL_BYTES, this.length + (this.length >> 2));
    this.bytes = null;
    this.clear();
    return taken;
  }

  /** Forgets what was gathered and keeps the memory. */
  clear(): void {
    this.length = 0;
    this.overflowed = false;
  }

  private reserve(size: number): boolean {
    const needed = this.length + size;
    if (this.overflowed || needed > MAX_PICTURE_BYTES) {
      this.overflowed = true;
      return false;
    }
    if (this.bytes === null) this.bytes = Buffer.allocUnsafe(Math.max(this.roomHint, needed));
    else if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    return true;
  }
}
