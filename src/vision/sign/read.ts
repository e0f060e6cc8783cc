import type { RgbPicture } from '../picture.js';
import { decodeLine, type ReadLine } from './decode.js';
import { type Legibility, measureLegibility } from './legibility.js';
import { matchWords } from './match-words.js';
import type { Bounds } from './photo/luma.js';
import { type Point, part, type Quad, quadSize, rectangle, warp } from './quad.js';
import { findTextLines, type TextLine } from './text-lines.js';

/** Pixels that text is looked for in, 0.24 s of one core: a 1080p picture is shrunk to 1152 columns. */
const MAX_AREA = 1152 * 648;
/** Small pictures and regions are enlarged by so much at most. */
const MAX_ENLARGEMENT = 2;
/** The detector's network halves its input five times. */
const STEP = 32;
/** Rows of a line that the recogniser reads. */
const LINE_HEIGHT = 48;
/** Columns are counted in eighths by the recogniser. */
const LINE_STEP = 8;
/** Longer lines are squeezed: no sign's word needs more. */
const MAX_LINE_WIDTH = 960;
/** Columns of all lines of one look together, 0.1 s of one core: the likeliest lines are read first, what is left at the next look. */
const MAX_COLUMNS = 1200;
/** A line so much higher than long is a column of characters. */
const COLUMN = 1.6;
/** A line read with less is guessed. */
const LEAST_SCORE = 0.4;

/** What runs a network: `vision/runtime`'s models do. */
export interface Network {
  readonly card: { readonly input: { readonly mean: Channels; readonly std: Channels } };
  /** @param input float32 of `shape`, row by row */
  run(input: Float32Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
}

/** Of blue, green and red, on 0..255. */
type Channels = readonly [number, number, number];

/** Where in the picture, shares of its width and height, 0 to 1. */
export interface SignBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A sign's line that says an expected word. Nothing else that is written in the picture comes out. */
export interface SignText {
  /** As it was read. */
  readonly text: string;
  /** How sure the reader is, 0 to 1: of its characters, times how like the expected word they are. */
  readonly score: number;
  readonly box: SignBox;
  /** The line's corners as it reads, px of the picture. */
  readonly corners: Quad;
  /** The expected word that it says. */
  readonly word: string;
  readonly legibility: Legibility;
}

export interface ReadOptions {
  /** Words of which one makes a text a sign. */
  readonly expect: readonly string[];
  /** Where the sign hangs: a polygon, shares of width and height. Null: anywhere. */
  readonly region?: readonly (readonly [x: number, y: number])[] | null;
}

/** Reads signs: finds lines of text, reads them, keeps those that say an expected word. Holds no picture. */
export class SignReader {
  readonly #detector: Network;
  readonly #recogniser: Network;
  readonly #alphabet: readonly string[];

  /** @param alphabet characters that the recogniser knows, in its order */
  constructor(detector: Network, recogniser: Network, alphabet: readonly string[]) {
    this.#detector = detector;
    this.#recogniser = recogniser;
    this.#alphabet = alphabet;
  }

  /** The signs in a picture, surest first: all its lines are read, however long that takes. */
  async read(picture: RgbPicture, options: ReadOptions): Promise<SignText[]> {
    return (await this.#read(picture, options, 0, Infinity)).signs;
  }

  /**
   * One look, which takes no longer than any other: the signs in as many lines as there is time for.
   * @param from how many of the likeliest lines to leave out
   * @returns also `next`, the same for the lines that were not read: 0 where none are left
   */
  async look(picture: RgbPicture, options: ReadOptions, from = 0): Promise<{ signs: SignText[]; next: number }> {
    return this.#read(picture, options, from, MAX_COLUMNS);
  }

  async #read(
    picture: RgbPicture,
    { expect, region = null }: ReadOptions,
    from: number,
    most: number,
  ): Promise<{ signs: SignText[]; next: number }> {
    const lines = await this.#lines(picture, region);
    const read: { quad: Quad; line: ReadLine }[] = [];
    let columns = 0;
    let at = from < lines.length ? from : 0;
    for (; at < lines.length; at++) {
      const { quad } = lines[at]!;
      const width = lineWidth(quad);
      columns += width;
      if (columns > most) break;
      const line = await this.#readLine(picture, quad, width);
      if (line.score >= LEAST_SCORE) read.push({ quad, line });
    }
    return { signs: signsIn(read, expect, picture), next: at < lines.length ? at : 0 };
  }

  /** Lines of text, px of the picture; those that a sign's word may be in come first. */
  async #lines(picture: RgbPicture, region: ReadOptions['region']): Promise<TextLine[]> {
    const [left, top, right, bottom] = boundsOf(region, picture);
    const [width, height] = [right - left, bottom - top];
    const scale = Math.min(MAX_ENLARGEMENT, Math.sqrt(MAX_AREA / (width * height)), region ? Infinity : 1);
    const columns = Math.max(STEP, Math.floor((width * scale) / STEP) * STEP);
    const rows = Math.max(STEP, Math.floor((height * scale) / STEP) * STEP);
    const data = new Float32Array(3 * rows * columns);
    const { mean, std } = this.#detector.card.input;
    const planes = { data, width: columns, height: rows, stride: columns, left: 0, mean, std };
    warp(picture, rectangle(left, top, width, height), planes);
    const map = only(await this.#detector.run(data, [1, 3, rows, columns]));
    const toPicture = ([x, y]: Point): Point => [left + (x * width) / columns, top + (y * height) / rows];
    return findTextLines(map, columns, rows)
      .map(({ quad, score }) => ({ quad: quad.map(toPicture) as unknown as Quad, score }))
      .sort((a, b) => promise(b) - promise(a));
  }

  async #readLine(picture: RgbPicture, quad: Quad, width: number): Promise<ReadLine> {
    const data = new Float32Array(3 * LINE_HEIGHT * width);
    const { mean, std } = this.#recogniser.card.input;
    const { length, height } = quadSize(quad);
    const cells = height > length * COLUMN ? Math.round(height / length) : 1;
    const cellWidth = Math.floor(width / cells);
    for (let cell = 0; cell < cells; cell++) {
      warp(picture, part(quad, 0, cell / cells, 1, (cell + 1) / cells), {
        data,
        width: cells === 1 ? width : cellWidth,
        height: LINE_HEIGHT,
        stride: width,
        left: cell * cellWidth,
        mean,
        std,
      });
    }
    const output = only(await this.#recogniser.run(data, [1, 3, LINE_HEIGHT, width]));
    // Class 0 is "nothing", the last one a space.
    return decodeLine(output, this.#alphabet.length + 2, [...this.#alphabet, ' ']);
  }
}

const only = (outputs: Readonly<Record<string, Float32Array>>): Float32Array => Object.values(outputs)[0]!;

/** Columns that a line is read at: its own shape at the recogniser's height. */
function lineWidth(quad: Quad): number {
  const { length, height } = quadSize(quad);
  const shape = height > length * COLUMN ? height / length : length / height;
  return Math.min(MAX_LINE_WIDTH, Math.max(LINE_HEIGHT, Math.ceil((LINE_HEIGHT * shape) / LINE_STEP) * LINE_STEP));
}

/** Long lines first, as words are; among like ones the surer. */
function promise({ quad, score }: TextLine): number {
  const { length, height } = quadSize(quad);
  return score * Math.min(4, Math.max(length, height) / Math.min(length, height));
}

/** What of a picture is looked at. */
export function boundsOf(region: ReadOptions['region'], { width, height }: RgbPicture): Bounds {
  if (!region) return [0, 0, width, height];
  const xs = region.map(([x]) => x * width);
  const ys = region.map(([, y]) => y * height);
  return [
    Math.max(0, Math.floor(Math.min(...xs))),
    Math.max(0, Math.floor(Math.min(...ys))),
    Math.min(width, Math.ceil(Math.max(...xs))),
    Math.min(height, Math.ceil(Math.max(...ys))),
  ];
}

function signsIn(
  read: readonly { readonly quad: Quad; readonly line: ReadLine }[],
  expect: readonly string[],
  picture: RgbPicture,
): SignText[] {
  const signs: SignText[] = [];
  for (const { quad, line } of read) {
    const match = matchWords(line.text, expect);
    if (!match) continue;
    signs.push({
      text: line.text,
      score: line.score * match.likeness,
      box: boxOf(quad, picture),
      corners: quad,
      word: match.word,
      legibility: measureLegibility(picture, quad),
    });
  }
  return signs.sort((a, b) => b.score - a.score);
}

/** The box around a quad, as far as it lies in the picture. */
export function boxOf(quad: Quad, { width, height }: RgbPicture): SignBox {
  const xs = quad.map(([x]) => Math.min(1, Math.max(0, x / width)));
  const ys = quad.map(([, y]) => Math.min(1, Math.max(0, y / height)));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
