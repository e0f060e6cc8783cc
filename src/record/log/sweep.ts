import { dirname } from 'node:path';
import { ENTRIES, levelWidth, parseTilePath, TILE_WIDTH, type TileId, tilePath } from './tiles/tile-path.js';

/** What a tile file is to a log of a size. */
export type TileStanding =
  /** Part of the log, or of an earlier checkpoint of it. */
  | 'kept'
  /** A partial tile that the full one has replaced. */
  | 'superseded'
  /** It holds what no checkpoint signs. */
  | 'beyond';

export function tileStanding({ level, index, width }: TileId, size: number): TileStanding {
  const count = levelWidth(level === ENTRIES ? 0 : level, size);
  const start = index * TILE_WIDTH;
  if (start + width > count) return 'beyond';
  return width < TILE_WIDTH && start + TILE_WIDTH <= count ? 'superseded' : 'kept';
}

/** What a log of `size` entries keeps that it need not: what a crash left, and partial tiles that full ones have replaced. */
export function sweepings(files: ReadonlySet<string>, size: number): string[] {
  const found = new Set<string>();
  for (const path of files) {
    const tile = parseTilePath(path);
    if (tile === null) continue;
    const standing = tileStanding(tile, size);
    if (standing === 'beyond') found.add(path);
    // The folder goes with the last of them.
    else if (standing === 'superseded' && files.has(tilePath({ ...tile, width: TILE_WIDTH }))) found.add(dirname(path));
  }
  return [...found];
}

/** Whether a full tile that a log of `size` entries has is not among the files. */
export function lacksFullTile(files: ReadonlySet<string>, size: number): boolean {
  for (let level = 0; levelWidth(level + 1, size) > 0; level++) {
    for (let index = 0; index < levelWidth(level + 1, size); index++) {
      if (!files.has(tilePath({ level, index, width: TILE_WIDTH }))) return true;
    }
  }
  return false;
}
