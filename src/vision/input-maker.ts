import type { ModelInput } from './model-card.js';
import type { RgbPicture } from './picture.js';
import { crop, Resizer } from './resize.js';

/** Where the picture lies in the model's input, px: what maps boxes back. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes a model's input from pictures, as its card says. One of these per model and stream: the buffers are reused, so the
 * tensor is valid until the next picture.
 */
export class InputMaker {
  readonly width: number;
  readonly height: number;
  readonly tensor: Float32Array;
  readonly #input: ModelInput;
  /** Per channel the value of each byte. */
  readonly #values: readonly [Float32Array, Float32Array, Float32Array];
  #resizer: Resizer | null = null;
  #resized = new Uint8Array(0);

  /** @param size the input's width and height, px, where the model leaves them open */
  constructor(input: ModelInput, size?: { width: number; height: number }) {
    this.#input = input;
    const [rows, columns] = input.layout === 'NCHW' ? [2, 3] : [1, 2];
    this.height = input.shape[rows] ?? size?.height ?? 0;
    this.width = input.shape[columns] ?? size?.width ?? 0;
    this.tensor = new Float32Array(this.width * this.height * 3);
    const table = (channel: 0 | 1 | 2): Float32Array =>
      Float32Array.from({ length: 256 }, (_, byte) => (byte - input.mean[channel]) / input.std[channel]);
    this.#values = [table(0), table(1), table(2)];
  }

  /** The picture in the tensor; says where in it. */
  fill(picture: RgbPicture): Placement {
    const { fit } = this.#input;
    if (fit === 'cover') return this.#place(middle(picture, this.width / this.height), this.width, this.height);
    if (fit === 'stretch') return this.#place(picture, this.width, this.height);
    const scale = Math.min(this.width / picture.width, this.height / picture.height);
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    return fit === 'corner' ? this.#place(picture, width, height, 0, 0) : this.#place(picture, width, height);
  }

  #place(
    picture: RgbPicture,
    width: number,
    height: number,
    x = (this.width - width) >> 1,
    y = (this.height - height) >> 1,
  ): Placement {
    const small = this.#resize(picture, width, height);
    if (width < this.width || height < this.height) this.#pad();
    if (this.#input.layout === 'NCHW') this.#writePlanes(small, x, y);
    else this.#writePixels(small, x, y);
    return { x, y, width, height };
  }

  #pad(): void {
    const { pad, layout } = this.#input;
    if (pad === undefined) return void this.tensor.fill(0);
    const plane = this.width * this.height;
    for (const [channel, values] of this.#values.entries())
      if (layout === 'NCHW') this.tensor.fill(values[pad]!, channel * plane, (channel + 1) * plane);
      else for (let at = channel; at < this.tensor.length; at += 3) this.tensor[at] = values[pad]!;
  }

  #resize(picture: RgbPicture, width: number, height: number): RgbPicture {
    if (picture.width === width && picture.height === height) return picture;
    const { target } = this.#resizer ?? { target: { width: 0, height: 0 } };
    if (!this.#resizer?.fits(picture) || target.width !== width || target.height !== height) {
      this.#resizer = new Resizer(picture, { width, height });
      this.#resized = new Uint8Array(width * height * 3);
    }
    return this.#resizer.resize(picture, this.#resized);
  }

  /** Means are those of the channels in the model's order. */
  #writePlanes({ data, width, height }: RgbPicture, x: number, y: number): void {
    const plane = this.width * this.height;
    const bgr = this.#input.colour === 'bgr';
    for (let channel = 0; channel < 3; channel++) {
      const values = this.#values[channel]!;
      const offset = bgr ? 2 - channel : channel;
      for (let row = 0; row < height; row++) {
        let from = row * width * 3 + offset;
        let to = channel * plane + (y + row) * this.width + x;
        for (const end = to + width; to < end; to++, from += 3) this.tensor[to] = values[data[from]!]!;
      }
    }
  }

  #writePixels({ data, width, height }: RgbPicture, x: number, y: number): void {
    const [first, second, third] = this.#values;
    const [a, c] = this.#input.colour === 'bgr' ? [2, 0] : [0, 2];
    for (let row = 0; row < height; row++) {
      let from = row * width * 3;
      let to = ((y + row) * this.width + x) * 3;
      for (let column = 0; column < width; column++, from += 3) {
        this.tensor[to++] = first[data[from + a]!]!;
        this.tensor[to++] = second[data[from + 1]!]!;
        this.tensor[to++] = third[data[from + c]!]!;
      }
    }
  }
}

/** The largest middle part of an aspect ratio. */
function middle(picture: RgbPicture, ratio: number): RgbPicture {
  const width = Math.max(1, Math.min(picture.width, Math.round(picture.height * ratio)));
  const height = Math.max(1, Math.min(picture.height, Math.round(picture.width / ratio)));
  if (width === picture.width && height === picture.height) return picture;
  return crop(picture, (picture.width - width) >> 1, (picture.height - height) >> 1, width, height);
}
