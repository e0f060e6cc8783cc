import { HASH_BYTES } from '../merkle/hash.js';
import { foldPerfect, foldSubtrees } from '../merkle/subtree.js';
import { TILE_WIDTH, type TileId } from './tile-path.js';

/** A tile and its bytes. */
export interface Tile extends TileId {
  readonly level: number;
  readonly bytes: Buffer;
}

/** Hashes of the last tile of a level, side by side. */
interface Level {
  readonly hashes: Buffer;
  /** Hashes in it, 0 to 255. */
  width: number;
  /** Which tile of the level it is. */
  index: number;
}

/** `hashes` cut into views of one hash each. */
export function splitHashes(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/**
 * The growing right edge of a tree: the last, partial tile of each level, which is all that appending and signing need.
 *
 * Knows the tree's size and head; hands out each tile as it becomes full. Memory is 8 KiB a level.
 */
export class TileEdge {
  readonly #levels: Level[];
  #size: number;

  constructor() {
    this.#levels = [];
    this.#size = 0;
  }

  /** The edge of a tree of `size` leaves, from its partial tiles (`edgeTiles` names them). */
  static of(size: number, tiles: readonly Tile[]): TileEdge {
    const edge = new TileEdge();
    edge.#size = size;
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      const own = edge.#level(level);
      own.index = Math.floor(count / TILE_WIDTH);
    }
    for (const { level, width, bytes } of tiles) {
      const own = edge.#level(level);
      bytes.copy(own.hashes);
      own.width = width;
    }
    return edge;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** A copy that grows by itself. */
  clone(): TileEdge {
    const copy = new TileEdge();
    copy.#size = this.#size;
    for (const { hashes, width, index } of this.#levels) {
      copy.#levels.push({ hashes: Buffer.from(hashes), width, index });
    }
    return copy;
  }

  /** Adds a leaf. `onFull` is given each tile that this makes full, from level 0 up; its bytes stay the receiver's. */
  append(leafHash: Buffer, onFull: (tile: Tile) => void): void {
    this.#size += 1;
    let hash = leafHash;
    for (let level = 0; ; level++) {
      const own = this.#level(level);
      hash.copy(own.hashes, own.width * HASH_BYTES);
      own.width += 1;
      if (own.width < TILE_WIDTH) return;
      hash = foldFullTile(own.hashes);
      onFull({ level, index: own.index, width: TILE_WIDTH, bytes: Buffer.from(own.hashes) });
      own.width = 0;
      own.index += 1;
    }
  }

  /** The partial tiles, from level 0 up. Their bytes are copies. */
  tiles(): Tile[] {
    return this.#levels.flatMap(({ hashes, width, index }, level) =>
      width === 0 ? [] : [{ level, index, width, bytes: Buffer.from(hashes.subarray(0, width * HASH_BYTES)) }],
    );
  }

  /** Head of the tree (RFC 9162 2.1.1). */
  root(): Buffer {
    const subtrees: Buffer[] = [];
    for (const { hashes, width } of this.#levels.toReversed()) {
      const list = splitHashes(hashes.subarray(0, width * HASH_BYTES));
      for (let from = 0, leaves = TILE_WIDTH / 2; from < width; leaves /= 2) {
        if (leaves > width - from) continue;
        subtrees.push(foldPerfect(list.slice(from, from + leaves)));
        from += leaves;
      }
    }
    return foldSubtrees(subtrees);
  }

  #level(level: number): Level {
    while (this.#levels.length <= level) {
      this.#levels.push({ hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), width: 0, index: 0 });
    }
    return this.#levels[level]!;
  }
}

/** Head of a full tile: what the level above holds of it. */
export function foldFullTile(hashes: Buffer): Buffer {
  return foldPerfect(splitHashes(hashes));
}
