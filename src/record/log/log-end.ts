import type { TileEdge } from './tiles/tile-edge.js';

/** The signed head of the log (C2SP tlog-tiles). */
export const CHECKPOINT_FILE = 'checkpoint';

/** The head before it: where the log is taken up again if the newest one is ever lost. */
export const PREVIOUS_FILE = 'checkpoint.previous';

/** The log's public key, for those who are given the folder alone. It proves nothing: whoever replaces a log replaces this too. */
export const VKEY_FILE = 'vkey';

/** Where the next entry goes. Not changed in place: a commit makes the next one. */
export interface LogEnd {
  /** The tree's right edge. */
  readonly edge: TileEdge;
  /** The last bundle as its file holds it; empty where the next entry begins a bundle. */
  readonly bundle: Buffer;
  /** The signed checkpoint, word for word. */
  readonly checkpoint: string;
}
