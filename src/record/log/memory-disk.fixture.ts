import { type Disk, type FileToWrite, NEXT_SUFFIX } from './disk.js';

/** Thrown by everything after the power went. */
export class PowerCut extends Error {}

/** A disk in memory whose power can be cut at any byte, and which can be full. */
export class MemoryDisk implements Disk {
  readonly files: Map<string, Buffer>;
  /** Bytes (and steps that move none) until the power goes. */
  budget = Number.POSITIVE_INFINITY;
  /** Throws as a full disk does, while it is true. */
  isFull = false;
  /** Bytes and steps so far. */
  used = 0;
  /** In which order the files of one `write` reach the disk: nobody promises any. */
  readonly #shuffle: (files: readonly FileToWrite[]) => readonly FileToWrite[];

  constructor(
    files: ReadonlyMap<string, Buffer> = new Map(),
    shuffle: (files: readonly FileToWrite[]) => readonly FileToWrite[] = (list) => list,
  ) {
    this.files = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
    this.#shuffle = shuffle;
  }

  async read(path: string): Promise<Buffer | null> {
    const bytes = this.files.get(path);
    return bytes ? Buffer.from(bytes) : null;
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()].sort();
  }

  async write(files: readonly FileToWrite[]): Promise<void> {
    for (const [path, bytes] of this.#shuffle(files)) this.#put(path, bytes);
  }

  async replace(path: string, bytes: Uint8Array, keepAs?: string): Promise<void> {
    this.#put(`${path}${NEXT_SUFFIX}`, bytes);
    if (keepAs !== undefined) {
      this.#spend(1);
      this.files.delete(keepAs);
      this.#spend(1);
      this.files.set(keepAs, this.files.get(path)!);
    }
    await this.finishReplace(path);
  }

  async finishReplace(path: string): Promise<void> {
    this.#spend(1);
    this.files.set(path, this.files.get(`${path}${NEXT_SUFFIX}`)!);
    this.files.delete(`${path}${NEXT_SUFFIX}`);
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (const file of [...this.files.keys()]) {
      if (!paths.some((path) => file === path || file.startsWith(`${path}/`))) continue;
      this.#spend(1);
      this.files.delete(file);
    }
  }

  #put(path: string, bytes: Uint8Array): void {
    if (this.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const left = this.budget - this.used;
    if (left > 0) this.files.set(path, Buffer.from(bytes.subarray(0, left)));
    this.#spend(bytes.length + 1);
  }

  #spend(cost: number): void {
    this.used += cost;
    if (this.used > this.budget) throw new PowerCut();
  }
}
