import type { DetectedObject } from './objects/box.js';
import { OBJECT_MODEL, ObjectDetector } from './objects/detect.js';
import type { RgbPicture } from './picture.js';
import { PlaceClassifier } from './place/classify.js';
import { EVIDENCE_FROM } from './place/evidence.js';
import type { PlaceReading } from './place/verdict.js';
import type { OpenOptions } from './runtime.js';
import { type OpenReader, openSignReader } from './sign/open.js';
import type { SignText } from './sign/read.js';
import { ModelError } from './vision-error.js';

/** What can be looked for. */
export const LOOKS = ['place', 'objects', 'signs'] as const;
export type LookFor = (typeof LOOKS)[number];

/** Everything that is seen in one picture. */
export interface Sight {
  readonly place: PlaceReading;
  readonly objects: readonly DetectedObject[];
  readonly signs: readonly Pick<SignText, 'text' | 'score' | 'box'>[];
}

/** Nobody looked, or nobody could: that says nothing of the place. */
const UNSEEN: PlaceReading = { verdict: 'unsure', prohibited: 0.5, classes: {} };

/** Looks at pictures with everything there is. Models are opened once; one that cannot be is told, and the others look without it. */
export class Looker implements AsyncDisposable {
  readonly #places: PlaceClassifier | null;
  readonly #detector: ObjectDetector | null;
  /** What stands in a place, as the place model's weights were fitted: the same one, but where another detector was asked for. */
  readonly #evidence: ObjectDetector | null;
  readonly #signs: OpenReader | null;
  /** What could not be opened. */
  readonly failures: readonly ModelError[];

  private constructor(
    places: PlaceClassifier | null,
    detector: ObjectDetector | null,
    evidence: ObjectDetector | null,
    signs: OpenReader | null,
    failures: readonly ModelError[],
  ) {
    this.#places = places;
    this.#detector = detector;
    this.#evidence = evidence;
    this.#signs = signs;
    this.failures = failures;
  }

  /** @param options `detector`: the model that finds objects */
  static async open(
    looks: readonly LookFor[] = LOOKS,
    { detector = OBJECT_MODEL, ...options }: OpenOptions & { readonly detector?: string } = {},
  ): Promise<Looker> {
    const failures: ModelError[] = [];
    const attempt = async <T>(what: LookFor, open: () => Promise<T>): Promise<T | null> => {
      if (!looks.includes(what)) return null;
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        failures.push(error);
        return null;
      }
    };
    const places = await attempt('place', () => PlaceClassifier.open(options));
    const objects = await attempt('objects', () => ObjectDetector.open({ ...options, name: detector }));
    const evidence =
      detector === OBJECT_MODEL || !places ? objects : await attempt('objects', () => ObjectDetector.open(options));
    return new Looker(places, objects, evidence, await attempt('signs', () => openSignReader(options)), failures);
  }

  /** @param expect words of which one makes a text a sign. @throws ModelError where a model's answer is no number */
  async look(picture: RgbPicture, expect: readonly string[]): Promise<Sight> {
    const seen = await this.#detector?.detect(picture, { least: EVIDENCE_FROM });
    const objects = (seen ?? []).filter(({ score }) => score >= this.#detector!.least);
    const standing =
      this.#evidence === this.#detector ? seen : await this.#evidence?.detect(picture, { least: EVIDENCE_FROM });
    const place = (await this.#places?.classify(picture, standing)) ?? UNSEEN;
    const signs = (await this.#signs?.reader.read(picture, { expect })) ?? [];
    return { place, objects, signs: signs.map(({ text, score, box }) => ({ text, score, box })) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#places?.[Symbol.asyncDispose]();
    await this.#detector?.[Symbol.asyncDispose]();
    if (this.#evidence !== this.#detector) await this.#evidence?.[Symbol.asyncDispose]();
    await this.#signs?.[Symbol.asyncDispose]();
  }
}
