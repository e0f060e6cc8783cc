import { ObjectDetector } from './objects/detect.js';
import type { RgbPicture } from './picture.js';
import { PlaceClassifier } from './place/classify.js';
import { EVIDENCE_FROM } from './place/evidence.js';
import type { PlaceReading } from './place/verdict.js';
import type { OpenOptions } from './runtime.js';

/**
 * Where the scene alone says less than this, a probability, the detector, which takes six times as long, is spared: a toilet beside
 * a sink, or a bed, could not make the place prohibited by the weights of the model's card.
 */
const SETTLED_BELOW = 0.1;

/** Reads the kind of place from the scene and from what stands in it (a toilet, a bed), with the detector only where that can matter. */
export class PlaceReader implements AsyncDisposable {
  readonly places: PlaceClassifier;
  readonly detector: ObjectDetector;

  private constructor(places: PlaceClassifier, detector: ObjectDetector) {
    this.places = places;
    this.detector = detector;
  }

  /** @throws ModelError */
  static async open(options: OpenOptions = {}): Promise<PlaceReader> {
    const places = await PlaceClassifier.open(options);
    try {
      return new PlaceReader(places, await ObjectDetector.open(options));
    } catch (error) {
      await places[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** @throws ModelError where a model's answer is no number */
  async read(picture: RgbPicture): Promise<PlaceReading> {
    const judge = await this.places.scene(picture);
    const alone = judge();
    if (alone.prohibited < SETTLED_BELOW) return alone;
    return judge(await this.detector.detect(picture, { least: EVIDENCE_FROM }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.places[Symbol.asyncDispose]();
    await this.detector[Symbol.asyncDispose]();
  }
}
