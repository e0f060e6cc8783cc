import { forEachSpan, rasterize } from '../masking/raster.js';
import { EVERYBODY, type Size, type ZoneSet } from '../zones/zone.js';
import { GRID_CELLS, GRID_HEIGHT, GRID_WIDTH } from './luma-grid.js';
import { ViewError } from './view-error.js';

/** Cells on a side of a block, which votes as one: 16 x 9 blocks a picture. */
const BLOCK = 8;
export const BLOCKS_ACROSS = GRID_WIDTH / BLOCK;
export const BLOCKS = BLOCKS_ACROSS * (GRID_HEIGHT / BLOCK);

/** Edges from which a block says anything. */
const LEAST_EDGES = 5;

/** Informative blocks and edges from which a view can be recognised; under them it is a blank wall, or the dark. */
const LEAST_BLOCKS = 10;
const LEAST_TOTAL = 100;

/** Cells round a padded zone of which nothing is kept: a gradient reaches one cell, and codecs smear about one more. */
const ZONE_MARGIN = 2;

const FORMAT = 1;
/** Bytes before the codes: format, sharpness (two, in thousandths), shape (two, height over width in thousandths). */
const HEAD = 5;

/**
 * What is kept of an accepted view: for each cell outside the zones the octant of its edge, where one stands still. 4 bits a cell of
 * 1/128 of the width, without brightness or colour; of the cells of a zone and round it, nothing.
 */
export class ViewReference {
  /** Cells with an edge, block by block. */
  readonly cells: Int16Array;
  readonly codes: Uint8Array;
  /** `[BLOCKS + 1]`: block `b`'s edges are those from `blockStart[b]` to before `blockStart[b + 1]`. */
  readonly blockStart = new Int16Array(BLOCKS + 1);
  /** Blocks that say anything. */
  readonly informative: number;

  /**
   * @param map `[GRID_HEIGHT, GRID_WIDTH]` codes of edges
   * @param sharpness fine over coarse contrast at the edges
   * @param shape height of the picture over its width
   */
  constructor(
    readonly map: Uint8Array,
    readonly sharpness: number,
    readonly shape: number,
  ) {
    const cells: number[] = [];
    let informative = 0;
    for (let block = 0; block < BLOCKS; block++) {
      this.blockStart[block] = cells.length;
      const left = (block % BLOCKS_ACROSS) * BLOCK;
      const top = Math.floor(block / BLOCKS_ACROSS) * BLOCK;
      for (let y = top; y < top + BLOCK; y++)
        for (let x = left; x < left + BLOCK; x++) if (map[y * GRID_WIDTH + x]) cells.push(y * GRID_WIDTH + x);
      if (cells.length - this.blockStart[block]! >= LEAST_EDGES) informative++;
      else cells.length = this.blockStart[block]!;
    }
    this.blockStart[BLOCKS] = cells.length;
    this.cells = Int16Array.from(cells);
    this.codes = Uint8Array.from(cells, (cell) => map[cell]!);
    this.informative = informative;
  }

  /** Whether the view has enough of its own to be known again. */
  get isRecognisable(): boolean {
    return this.informative >= LEAST_BLOCKS && this.cells.length >= LEAST_TOTAL;
  }

  /** The same view with nothing of these zones in it; itself where it holds nothing of them. */
  without(zones: ZoneSet, size: Size): ViewReference {
    const hidden = zoneCells(zones, size);
    if (!this.map.some((code, cell) => code !== 0 && hidden[cell])) return this;
    const map = this.map.map((code, cell) => (hidden[cell] ? 0 : code));
    return new ViewReference(map, this.sharpness, this.shape);
  }

  /** Base64, 6 KB. */
  toString(): string {
    const bytes = Buffer.alloc(HEAD + GRID_CELLS / 2);
    bytes[0] = FORMAT;
    bytes.writeUInt16BE(Math.min(65535, Math.round(this.sharpness * 1000)), 1);
    bytes.writeUInt16BE(Math.min(65535, Math.round(this.shape * 1000)), 3);
    for (let i = 0; i < GRID_CELLS; i += 2) bytes[HEAD + i / 2] = (this.map[i]! << 4) | this.map[i + 1]!;
    return bytes.toString('base64');
  }

  /** Throws ViewError `view-reference-unreadable`. */
  static parse(text: string): ViewReference {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length !== HEAD + GRID_CELLS / 2 || bytes[0] !== FORMAT) throw unreadable();
    const map = new Uint8Array(GRID_CELLS);
    for (let i = 0; i < GRID_CELLS; i += 2) {
      map[i] = bytes[HEAD + i / 2]! >> 4;
      map[i + 1] = bytes[HEAD + i / 2]! & 15;
    }
    if (map.some((code) => code > 8)) throw unreadable();
    return new ViewReference(map, bytes.readUInt16BE(1) / 1000, bytes.readUInt16BE(3) / 1000);
  }
}

const unreadable = () =>
  new ViewError(
    'view-reference-unreadable',
    'What was kept of the accepted view is damaged or of another version. Look at the picture, then run "veilgate zones accept".',
  );

/**
 * `[GRID_HEIGHT, GRID_WIDTH]`: 1 where a cell belongs to a zone that is masked, or lies beside one. Not of "everybody", outside of which there
 * is nothing: its still background is what viewers see, and whoever stood still while it was learned leaves directions of an outline.
 * @param size of the picture, px
 */
export function zoneCells(zones: ZoneSet, { width, height }: Size): Uint8Array {
  const hidden = new Uint8Array(GRID_CELLS);
  for (const { id, polygon, action, padding } of zones) {
    if (action !== 'mask' || id === EVERYBODY.id) continue;
    const margin = ZONE_MARGIN + Math.ceil(padding * Math.max(GRID_WIDTH / width, GRID_HEIGHT / height));
    forEachSpan(rasterize(polygon, GRID_WIDTH, GRID_HEIGHT, margin), (row, start, end) =>
      hidden.fill(1, row * GRID_WIDTH + start, row * GRID_WIDTH + end),
    );
  }
  return hidden;
}
