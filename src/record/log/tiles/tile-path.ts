/** Hashes of a full tile, entries of a full bundle: 2^8 (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** Level of entry bundles in a path. */
export const ENTRIES = 'entries';

/** The folder that all tiles and bundles are in. */
export const TILE_FOLDER = 'tile';

/** The highest level that tlog-tiles knows. */
const MAX_LEVEL = 63;

/** A tile of hashes or a bundle of entries. */
export interface TileId {
  /** Level of the tile's hashes, or `entries`. */
  readonly level: number | typeof ENTRIES;
  /** Which one of the level, from 0. */
  readonly index: number;
  /** 1 to 256; under 256 it is partial. */
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`, N in groups of three digits: 1234067 is `x001/x234/067` (C2SP tlog-tiles). */
export function tilePath({ level, index, width }: TileId): string {
  const path = `${TILE_FOLDER}/${level}/${formatIndex(index)}`;
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

function formatIndex(index: number): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** What a path names, or null where it is not the one path of a tile or bundle. */
export function parseTilePath(path: string): TileId | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, levelText, indexText, widthText] = match;
  const level: TileId['level'] = levelText === ENTRIES ? ENTRIES : Number(levelText);
  const index = Number(indexText!.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (level !== ENTRIES && level > MAX_LEVEL) return null;
  if (!Number.isSafeInteger(index) || (widthText !== undefined && width >= TILE_WIDTH)) return null;
  const id: TileId = { level, index, width };
  // Leading groups of zeros would be second names of the same tile.
  return tilePath(id) === path ? id : null;
}

/** Hashes that a level has in a tree of `size` leaves: floor(s / 256^l). */
export function levelWidth(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The last tile of every level, from level 0 up, of a tree of `size` leaves; a level that ends with a full tile has none. */
export function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; levelWidth(level, size) > 0; level++) {
    const width = levelWidth(level, size) % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(levelWidth(level, size) / TILE_WIDTH), width });
  }
  return tiles;
}
