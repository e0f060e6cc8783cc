import { VeilgateError } from '../../errors.js';
import type { ReadableDisk } from './disk.js';
import { type AuditEntry, decodeEntry } from './event.js';
import { consistencyPath } from './merkle/consistency.js';
import { hashLeaf } from './merkle/hash.js';
import { inclusionPath } from './merkle/inclusion.js';
import { foldPerfect, foldSubtrees, type LeafRange, type PerfectSubtree, perfectSubtrees } from './merkle/subtree.js';
import { formatInclusionNote } from './note/inclusion-note.js';
import { readBundle } from './tiles/entry-bundle.js';
import { readBundleFile, readHashes } from './tiles/read-tile.js';
import { splitHashes } from './tiles/tile-edge.js';
import { levelWidth, TILE_WIDTH } from './tiles/tile-path.js';

/** Levels of a tree that one tile spans. */
const TILE_HEIGHT = 8;

/** An entry where it stands in the log. */
export interface PlacedEntry {
  readonly index: number;
  /** The bytes that the log holds. */
  readonly bytes: Buffer;
  /** What they say; null where they are of another version's form. */
  readonly entry: AuditEntry | null;
}

/** The hashes that prove something about trees, and what about. */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Buffer;
  readonly path: readonly Buffer[];
}

/**
 * Reads a log as it was at one checkpoint: entries, heads and proofs. What is appended later changes nothing of it.
 *
 * Every method throws VeilgateError `audit-log-damaged` where a file of the log is missing or cut short, and RangeError for places
 * that the log does not have.
 */
export class LogReader {
  readonly #disk: ReadableDisk;
  /** The signed checkpoint, word for word. */
  readonly checkpoint: string;
  /** Entries in the log. */
  readonly size: number;

  constructor(disk: ReadableDisk, size: number, checkpoint: string) {
    this.#disk = disk;
    this.size = size;
    this.checkpoint = checkpoint;
  }

  /** The entries from `start` (inclusive) to `end` (exclusive). */
  async *entries(start = 0, end = this.size): AsyncGenerator<PlacedEntry> {
    this.#checkSize(end);
    for (let index = start; index < end; ) {
      const bundle = await this.#bundle(Math.floor(index / TILE_WIDTH));
      for (const bytes of bundle.slice(index % TILE_WIDTH, (index % TILE_WIDTH) + end - index)) {
        yield { index, bytes, entry: decodeEntry(bytes) };
        index++;
      }
    }
  }

  /** Entries from the last one to the first. */
  async *newestFirst(): AsyncGenerator<PlacedEntry> {
    for (let end = this.size; end > 0; ) {
      const start = end - 1 - ((end - 1) % TILE_WIDTH);
      const bundle: PlacedEntry[] = [];
      for await (const entry of this.entries(start, end)) bundle.push(entry);
      yield* bundle.reverse();
      end = start;
    }
  }

  /** One entry. */
  async entry(index: number): Promise<PlacedEntry> {
    this.#checkIndex(index);
    const bytes = (await this.#bundle(Math.floor(index / TILE_WIDTH)))[index % TILE_WIDTH]!;
    return { index, bytes, entry: decodeEntry(bytes) };
  }

  /** Head of the tree of the first `size` entries. */
  async root(size = this.size): Promise<Buffer> {
    this.#checkSize(size);
    return this.#head({ start: 0, end: size });
  }

  /** That the entry at `index` is among the first `size` (RFC 9162 2.1.3). */
  async inclusionProof(index: number, size = this.size): Promise<InclusionProof> {
    this.#checkSize(size);
    this.#checkIndex(index, size);
    const [{ bytes }, path] = await Promise.all([
      this.entry(index),
      Promise.all(inclusionPath(index, size).map((range) => this.#head(range))),
    ]);
    return { index, size, leafHash: hashLeaf(bytes), path };
  }

  /** That the first `first` entries are the beginning of the first `second` (RFC 9162 2.1.4). */
  async consistencyProof(first: number, second = this.size): Promise<Buffer[]> {
    this.#checkSize(second);
    this.#checkSize(first, second);
    return Promise.all(consistencyPath(first, second).map((range) => this.#head(range)));
  }

  /** That the entry at `index` is in the log, as a file that is checked offline (C2SP tlog-proof). */
  async inclusionNote(index: number): Promise<string> {
    const { path } = await this.inclusionProof(index);
    return formatInclusionNote(index, path, this.checkpoint);
  }

  async #bundle(index: number): Promise<readonly Buffer[]> {
    const width = Math.min(TILE_WIDTH, this.size - index * TILE_WIDTH);
    const bundle = await readBundleFile(this.#disk, index, width);
    const { entries } = readBundle(bundle ?? Buffer.alloc(0), width);
    if (entries.length < width) throw damaged(`entry ${index * TILE_WIDTH + entries.length} is missing`);
    return entries;
  }

  async #head(range: LeafRange): Promise<Buffer> {
    return foldSubtrees(await Promise.all(perfectSubtrees(range).map((subtree) => this.#subtree(subtree))));
  }

  /** Head of a perfect subtree, from the tile that it lies in. */
  async #subtree({ height, index }: PerfectSubtree): Promise<Buffer> {
    const level = Math.floor(height / TILE_HEIGHT);
    const hashes = 2 ** (height % TILE_HEIGHT);
    const tile = Math.floor((index * hashes) / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, levelWidth(level, this.size) - tile * TILE_WIDTH);
    const bytes = await readHashes(this.#disk, { level, index: tile, width });
    if (bytes === null) throw damaged(`tile ${tile} of level ${level} is missing`);
    const from = (index * hashes) % TILE_WIDTH;
    return foldPerfect(splitHashes(bytes).slice(from, from + hashes));
  }

  #checkIndex(index: number, size = this.size): void {
    if (Number.isInteger(index) && index >= 0 && index < size) return;
    throw new RangeError(`There is no entry ${index}: the log has ${size}.`);
  }

  #checkSize(size: number, most = this.size): void {
    if (Number.isInteger(size) && size >= 0 && size <= most) return;
    throw new RangeError(`The log never had ${size} entries so far: it has ${most}.`);
  }
}

const damaged = (what: string): VeilgateError =>
  new VeilgateError('audit-log-damaged', `The audit log is damaged: ${what}. "veilgate audit verify" says more.`);
