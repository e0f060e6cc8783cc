import type { EdgeMap } from './edge-map.js';
import { GRID_CELLS } from './luma-grid.js';

/** A uniform view has changed where it has so many edges more, of all cells: something is before the camera that was not there. */
const MORE_EDGES = 0.04;
/** Or where its mean luma is another by so many levels: a blank wall tells nothing else. */
const OTHER_LUMA = 40;
/** How much one steady look counts in what is usual: light goes slowly, hands do not. */
const MEMORY = 0.02;

/** The first byte of its text: another than that of `ViewReference`. */
const FORMAT = 2;
/** Bytes: format, edges (two), mean luma (two, in hundredths). */
const SIZE = 5;

/**
 * A view on which nothing can be told apart: a blank wall, fog, darkness. Where the camera looks cannot be proven then, so any change of
 * the whole picture counts as another view. Two numbers are kept of it.
 */
export class UniformView {
  #edges: number;
  #luma: number;

  constructor({ count, luma }: Pick<EdgeMap, 'count' | 'luma'>) {
    this.#edges = count;
    this.#luma = luma;
  }

  /** Base64, 8 characters. */
  toString(): string {
    const bytes = Buffer.alloc(SIZE);
    bytes[0] = FORMAT;
    bytes.writeUInt16BE(Math.round(this.#edges), 1);
    bytes.writeUInt16BE(Math.round(this.#luma * 100), 3);
    return bytes.toString('base64');
  }

  /** null where the text is of something else. */
  static parse(text: string): UniformView | null {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length !== SIZE || bytes[0] !== FORMAT) return null;
    return new UniformView({ count: bytes.readUInt16BE(1), luma: bytes.readUInt16BE(3) / 100 });
  }

  /** Whether the picture has changed as a whole. One that has not moves what is usual a little. */
  hasChanged({ count, luma }: Pick<EdgeMap, 'count' | 'luma'>): boolean {
    if (count - this.#edges > MORE_EDGES * GRID_CELLS || Math.abs(luma - this.#luma) > OTHER_LUMA) return true;
    this.#edges += MEMORY * (count - this.#edges);
    this.#luma += MEMORY * (luma - this.#luma);
    return false;
  }
}
