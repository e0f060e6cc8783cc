import type { SourcePicture } from './ingest/source.js';

/** Pictures that may wait (2 s at 25 fps): beyond it the worker is too slow, and starts over at a keyframe. */
const LONGEST_QUEUE = 50;

/** Copies of pictures that wait are bounded in bytes too. */
const LARGEST_QUEUE = 32 * 1024 * 1024;

/**
 * One picture per turn of the event loop: native finalizers, messages and timers get their turn in between (a loop that never
 * yields grows by 300 MB). A picture that comes to an idle worker is taken at once.
 */
export class PictureQueue {
  readonly #take: (picture: SourcePicture) => void;
  readonly #waiting: SourcePicture[] = [];
  #bytes = 0;
  #busy = false;
  #needKeyframe = false;
  #dropped = 0;

  constructor(take: (picture: SourcePicture) => void) {
    this.#take = take;
  }

  /** Pictures behind the one at hand: more than one says that the worker does not keep up. */
  get length(): number {
    return this.#waiting.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(picture: SourcePicture): void {
    if (this.#needKeyframe) {
      if (!picture.keyframe) return void this.#dropped++;
      this.#needKeyframe = false;
    }
    if (!this.#busy) return this.#run(picture);
    if (this.#waiting.length >= LONGEST_QUEUE || this.#bytes + picture.data.length > LARGEST_QUEUE) {
      this.#overflow();
      // The one that is too much may be the very one to start over at.
      if (!picture.keyframe) return void this.#dropped++;
      this.#needKeyframe = false;
    }
    // What a source lends lives until its call returns.
    this.#waiting.push({ ...picture, data: Buffer.from(picture.data) });
    this.#bytes += picture.data.length;
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#bytes = 0;
    this.#needKeyframe = false;
  }

  #run(picture: SourcePicture): void {
    this.#busy = true;
    setImmediate(this.#next);
    this.#take(picture);
  }

  readonly #next = (): void => {
    this.#busy = false;
    const picture = this.#waiting.shift();
    if (!picture) return;
    this.#bytes -= picture.data.length;
    this.#run(picture);
  };

  #overflow(): void {
    this.#dropped += this.#waiting.length;
    this.clear();
    this.#needKeyframe = true;
  }
}
