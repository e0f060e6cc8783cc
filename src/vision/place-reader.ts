import { ObjectDetector } from './objects/detect.js';
import type { RgbPicture } from './picture.js';
import { PlaceClassifier } from './place/classify.js';
import { EVIDENCE_FROM } from './place/evidence.js';
import type { PlaceReading } from './place/verdict.js';
import type { OpenOptions } from './runtime.js';

/** Where the scene alone says less than this, a probability, no object makes the place prohibited: the detector, which is dearer, is spared. */
const SETTLED_BELOW = 0.02;

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
    const alone = await this.places.classify(picture);
    if (alone.prohibited < SETTLED_BELOW) return alone;
    return this.places.classify(picture, await this.detector.detect(picture, { least: EVIDENCE_FROM }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.places[Symbol.asyncDispose]();
    await this.detector[Symbol.asyncDispose]();
  }
}
