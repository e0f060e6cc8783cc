import { setTimeout as delay } from 'node:timers/promises';

/** A zone change is answered after this long, ms, even if no packet came: the fence holds back whatever is older. */
const APPLY_TIMEOUT_MS = 1500;

/** A picture waits for the next frame this long, ms. */
const PICTURE_TIMEOUT_MS = 1500;

/** What is waited for from a worker. Whoever waits waits for a bounded time, and no longer than there is somebody to answer. */
export class WorkerAnswers {
  #zones: { readonly revision: number; readonly resolve: () => void }[] = [];
  readonly #pictures = new Map<number, (jpeg: Buffer | null) => void>();
  #nextRequest = 1;

  /** Resolves once the worker has applied this revision of the zones or a later one, or cannot be waited for. */
  async zones(revision: number): Promise<void> {
    const applied = new Promise<void>((resolve) => this.#zones.push({ revision, resolve }));
    await Promise.race([applied, expire(APPLY_TIMEOUT_MS)]);
  }

  zonesApplied(revision: number): void {
    const ready = this.#zones.filter((waiter) => waiter.revision <= revision);
    this.#zones = this.#zones.filter((waiter) => waiter.revision > revision);
    for (const { resolve } of ready) resolve();
  }

  /** A picture as JPEG, or null where none comes. @param ask sends the request under its number */
  async picture(ask: (request: number) => void): Promise<Buffer | null> {
    const request = this.#nextRequest++;
    const answer = new Promise<Buffer | null>((resolve) => this.#pictures.set(request, resolve));
    ask(request);
    const jpeg = await Promise.race([answer, expire(PICTURE_TIMEOUT_MS)]);
    this.#pictures.delete(request);
    return jpeg;
  }

  pictureCame(request: number, jpeg: Uint8Array | null): void {
    this.#pictures.get(request)?.(jpeg && Buffer.from(jpeg));
  }

  /** Nobody will answer any more. */
  settle(): void {
    for (const { resolve } of this.#zones.splice(0)) resolve();
    for (const answer of this.#pictures.values()) answer(null);
    this.#pictures.clear();
  }
}

const expire = (ms: number): Promise<null> => delay(ms, null, { ref: false });
