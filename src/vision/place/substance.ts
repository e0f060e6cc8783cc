/** Whether there is anything in a picture. */
export interface Substance {
  /** Standard deviation of brightness, grey levels. */
  readonly contrast: number;
  /** Correlation of brightness with itself a sixteenth of the picture away, both ways: about 0 for noise, 0.6 for most photographs. */
  readonly structure: number;
}

/** A picture that varies by less shows no place; a wall in a dim room has about 5. */
export const CONTRAST_FROM = 4;
/** One photograph in 500 has less; noise of any grain, from 16 x 16 pixels on, has at most 0.18. */
export const STRUCTURE_FROM = 0.19;

const PART = 16;

export const isFeatureless = ({ contrast, structure }: Substance): boolean =>
  contrast < CONTRAST_FROM || structure < STRUCTURE_FROM;

/** Measures a picture as it lies in a model's input. One per classifier: the buffer is reused. */
export class SubstanceMeter {
  readonly #width: number;
  readonly #height: number;
  readonly #luma: Float32Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#luma = new Float32Array(width * height);
  }

  /**
   * @param planes red, green and blue one after the other
   * @param scale grey levels per unit
   */
  measure(planes: Float32Array, scale: number): Substance {
    const luma = this.#luma;
    const size = luma.length;
    let mean = 0;
    for (let at = 0; at < size; at++) {
      luma[at] = 0.299 * planes[at]! + 0.587 * planes[at + size]! + 0.114 * planes[at + 2 * size]!;
      mean += luma[at]! / size;
    }
    let squares = 0;
    for (let at = 0; at < size; at++) {
      luma[at]! -= mean;
      squares += luma[at]! ** 2;
    }
    const variance = squares / size;
    const contrast = Math.sqrt(variance) * scale;
    const along = this.#product(Math.max(1, this.#width / PART), 0);
    const down = this.#product(0, Math.max(1, this.#height / PART));
    return { contrast, structure: variance > 0 ? (along + down) / 2 / variance : 0 };
  }

  /** Mean product of a pixel and the one so many columns and rows on. */
  #product(columns: number, rows: number): number {
    const luma = this.#luma;
    const [width, height] = [this.#width - columns, this.#height - rows];
    const step = rows * this.#width + columns;
    let sum = 0;
    for (let y = 0; y < height; y++) {
      const start = y * this.#width;
      for (let at = start, end = start + width; at < end; at++) sum += luma[at]! * luma[at + step]!;
    }
    return sum / (width * height);
  }
}
