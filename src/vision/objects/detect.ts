import { DEFAULT_DETECTOR } from '../../config/schema.js';
import { InputMaker, type Placement } from '../input-maker.js';
import type { RgbPicture } from '../picture.js';
import { type Model, type OpenOptions, openModel } from '../runtime.js';
import { ModelError } from '../vision-error.js';
import { type Box, type DetectedObject, distinct } from './box.js';
import type { Candidate } from './candidate.js';
import { type Decoder, type DetectorParameters, decoderOf, detectorParameters, outputsOf } from './decoder.js';

export type { Box, DetectedObject } from './box.js';

/** The detector that is used where none is named, and that the place model's weights of objects were fitted with. */
export const OBJECT_MODEL = DEFAULT_DETECTOR;

/** Boxes of one class that share more of their area are one object. */
const SAME_OBJECT = 0.5;

/** Of a picture's candidates the surest are looked at: noise may give thousands, and comparing them all takes seconds. */
const MOST_CANDIDATES = 400;

/** Sides of an open input are a multiple of the coarsest grid's cell. */
const roundUp = (size: number, step: number): number => Math.max(step, Math.ceil(size / step) * step);

/**
 * Finds objects of COCO's 80 classes in pictures. Detections go one at a time: the buffers are reused.
 *
 * @example
 * await using detector = await ObjectDetector.open();
 * const people = (await detector.detect(picture)).filter(({ label }) => label === 'person');
 */
export class ObjectDetector implements AsyncDisposable {
  readonly model: Model;
  readonly #decoder: Decoder;
  readonly #parameters: DetectorParameters;
  /** Per size of input, `416x256`: cameras have few shapes. */
  readonly #inputs = new Map<string, InputMaker>();

  /** @throws ModelError `model-labels` where labels, outputs and parameters do not fit each other */
  constructor(model: Model) {
    this.model = model;
    const { name, labels, outputs, parameters } = model.card;
    const parsed = detectorParameters.safeParse(parameters);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const message = `The card of model ${name} does not say how its answer is read: ${issue!.path.join('.')}: ${issue!.message}`;
      throw new ModelError('model-labels', message);
    }
    this.#parameters = parsed.data;
    this.#decoder = decoderOf(parsed.data);
    for (const { name: output, per } of outputsOf(parsed.data, labels.length)) {
      const shape = outputs.find((each) => each.name === output)?.shape;
      if (!shape?.includes(per))
        throw new ModelError(
          'model-labels',
          `Model ${name} has ${per} labels for its output "${output}" of [${shape}].`,
        );
    }
  }

  /** @throws ModelError as `openModel`, and as the constructor */
  static async open(options: OpenOptions & { readonly name?: string } = {}): Promise<ObjectDetector> {
    const model = await openModel(options.name ?? OBJECT_MODEL, options);
    try {
      return new ObjectDetector(model);
    } catch (error) {
      await model[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * @param options `least`: what is less sure is left out; the card's where it is not given. `side`: the longer side of the input, px,
   * where the model leaves it open: smaller is faster, and misses what is small
   * @returns surest first, boxes inside the picture
   */
  async detect(picture: RgbPicture, options: { least?: number; side?: number } = {}): Promise<DetectedObject[]> {
    const input = this.#inputFor(picture, options.side);
    const placement = input.fill(picture);
    const { labels } = this.model.card;
    const outputs = await this.model.run(input.tensor, [1, 3, input.height, input.width]);
    const least = options.least ?? this.#parameters.least;
    let candidates = this.#decoder.decode(outputs, input, labels.length, least);
    if (candidates.length > MOST_CANDIDATES)
      candidates = candidates.sort((a, b) => b.score - a.score).slice(0, MOST_CANDIDATES);
    return distinct(
      candidates.map((each) => ({ label: labels[each.label]!, score: each.score, box: boxOf(each, placement) })),
      SAME_OBJECT,
    ).filter(({ box }) => box.width > 0 && box.height > 0);
  }

  /** The longer side of the input, px: what is larger is made smaller. */
  get side(): number {
    const { shape, layout } = this.model.card.input;
    const sizes = layout === 'NCHW' ? shape.slice(2) : shape.slice(1, 3);
    return this.#parameters.decoder === 'nanodet' ? this.#parameters.side : Math.max(...sizes.map((size) => size ?? 0));
  }

  /** From this score on the card calls an object found. */
  get least(): number {
    return this.#parameters.least;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
  }

  #inputFor({ width, height }: RgbPicture, side: number | undefined): InputMaker {
    const size = this.#sizeFor(width, height, side);
    const key = `${size.width}x${size.height}`;
    let input = this.#inputs.get(key);
    if (!input) {
      input = new InputMaker(this.model.card.input, size);
      this.#inputs.set(key, input);
    }
    return input;
  }

  /** An open input takes the picture's shape, so that nothing is computed beside it. */
  #sizeFor(width: number, height: number, wanted: number | undefined): { width: number; height: number } {
    if (this.#parameters.decoder !== 'nanodet') return { width, height };
    const { strides } = this.#parameters;
    const step = Math.max(...strides);
    const side = roundUp(wanted ?? this.#parameters.side, step);
    const scale = side / Math.max(width, height);
    return { width: roundUp(width * scale, step), height: roundUp(height * scale, step) };
  }
}

function boxOf({ left, top, right, bottom }: Candidate, { x, y, width, height }: Placement): Box {
  const share = (at: number, from: number, size: number): number => Math.min(1, Math.max(0, (at - from) / size));
  const [minX, maxX] = [share(left, x, width), share(right, x, width)];
  const [minY, maxY] = [share(top, y, height), share(bottom, y, height)];
  return { x: minX, y: minY, width: maxX - minX, height: maxY - minY };
}
