import { InputMaker } from '../input-maker.js';
import type { RgbPicture } from '../picture.js';
import { type Model, type OpenOptions, openModel } from '../runtime.js';
import { ModelError } from '../vision-error.js';
import { bestScores, isCloseUp, type SeenObject } from './evidence.js';
import { PlaceJudge, placeParameters } from './judge.js';
import { SubstanceMeter } from './substance.js';
import type { Doubt, PlaceReading } from './verdict.js';

/**
 * A picture so many times as long as it is short shows nothing that the classifier knows once it is squeezed into its square. The widest that
 * cameras of two joined sensors have is 32:9, 3.6.
 */
const LONGEST_SHAPE = 4;

/** The model that the program comes with. */
export const PLACE_MODEL = 'place';

/**
 * Says what kind of place a picture shows.
 *
 * The whole picture is squeezed into the model's square, as its training pictures were: nothing is cut off that a corner view may
 * show at the edge. Readings go one at a time: the buffers are reused.
 *
 * @example
 * await using places = await PlaceClassifier.open();
 * const { verdict, prohibited } = await places.classify(await decodePicture('lobby.jpg'));
 */
export class PlaceClassifier implements AsyncDisposable {
  readonly model: Model;
  readonly #input: InputMaker;
  readonly #substance: SubstanceMeter;
  readonly #judge: PlaceJudge;
  readonly #output: string;

  /** @throws ModelError `model-labels` where labels, outputs and parameters do not fit each other */
  constructor(model: Model) {
    this.model = model;
    const { name, labels, outputs, parameters, input } = model.card;
    const parsed = placeParameters.safeParse(parameters);
    if (!parsed.success)
      throw new ModelError(
        'model-labels',
        `The card of model ${name} does not say how to judge: ${parsed.error.message}`,
      );
    const [output] = outputs;
    if (output!.shape.at(-1) !== labels.length)
      throw new ModelError(
        'model-labels',
        `Model ${name} has ${labels.length} labels for ${output!.shape.at(-1)} outputs.`,
      );
    this.#output = output!.name;
    this.#input = new InputMaker(input);
    this.#substance = new SubstanceMeter(this.#input.width, this.#input.height);
    this.#judge = new PlaceJudge(labels, parsed.data);
  }

  /** @throws ModelError as `openModel`, and as the constructor */
  static async open(options: OpenOptions & { readonly name?: string } = {}): Promise<PlaceClassifier> {
    const model = await openModel(options.name ?? PLACE_MODEL, options);
    try {
      return new PlaceClassifier(model);
    } catch (error) {
      await model[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * @param objects what a detector found in the same picture, from `EVIDENCE_FROM` on: a toilet or a bed tells more than the scene
   * alone. Left out where none looked; `[]` says that one looked and found nothing
   */
  async classify(picture: RgbPicture, objects?: readonly SeenObject[]): Promise<PlaceReading> {
    return (await this.scene(picture))(objects);
  }

  /** Runs the model, and leaves it to be said what was found beside the scene: gives what judges, as often as wanted. */
  async scene(picture: RgbPicture): Promise<(objects?: readonly SeenObject[]) => PlaceReading> {
    this.#input.fill(picture);
    const { width, height, tensor } = this.#input;
    const answer = await this.model.run(tensor, [1, 3, height, width]);
    const logits = answer[this.#output]!;
    const substance = this.#substance.measure(tensor, this.model.card.input.std[0]);
    return (objects) => this.#judge.judge(logits, substance, objects && bestScores(objects), doubtOf(picture, objects));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
  }
}

/** What makes a picture one that no place can be read from, whatever the classifier says. */
function doubtOf({ width, height }: RgbPicture, objects: readonly SeenObject[] | undefined): Doubt | null {
  if (Math.max(width, height) > LONGEST_SHAPE * Math.min(width, height)) return 'unfamiliar';
  return objects && isCloseUp(objects) ? 'close-up' : null;
}
