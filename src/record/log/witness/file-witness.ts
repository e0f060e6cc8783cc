import { basename, dirname } from 'node:path';
import { NodeDisk } from '../disk.js';
import type { Witness } from './witness.js';

/** Keeps the newest checkpoint in a file, which should lie on another disk or machine than the log. */
export class FileWitness implements Witness {
  readonly name: string;
  readonly #disk: NodeDisk;
  readonly #file: string;

  constructor(path: string) {
    this.name = path;
    this.#disk = new NodeDisk(dirname(path));
    this.#file = basename(path);
  }

  publish(checkpoint: string): Promise<void> {
    return this.#disk.replace(this.#file, Buffer.from(checkpoint));
  }

  async latest(): Promise<string | null> {
    return (await this.#disk.read(this.#file))?.toString('utf8') ?? null;
  }
}
