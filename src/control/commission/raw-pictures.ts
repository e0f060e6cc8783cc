import { type CommissionGrant, machineClock } from '../../camera/commission/grant.js';
import type { RawJpeg } from '../../camera/commission/raw-jpeg.js';

/** Raw pictures that one camera's worker was granted to make, and has not answered yet. Nothing is kept once it was handed on. */
export class RawPictures {
  readonly #waiting = new Map<number, (picture: RawJpeg | null) => void>();
  #next = 1;

  /** @param until {@link machineClock} when nobody waits any more @param send gives the worker its grant */
  async ask(until: number, send: (grant: CommissionGrant) => void): Promise<RawJpeg | null> {
    const request = this.#next++;
    const answer = new Promise<RawJpeg | null>((resolve) => {
      this.#waiting.set(request, resolve);
      setTimeout(resolve, until - machineClock(), null).unref();
    });
    send({ request, until });
    const picture = await answer;
    this.#waiting.delete(request);
    return picture;
  }

  heard(request: number, picture: RawJpeg | null): void {
    this.#waiting.get(request)?.(picture);
  }

  /** The worker is gone: it answers nothing any more. */
  settle(): void {
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
