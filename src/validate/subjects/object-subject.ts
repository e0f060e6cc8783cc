import { detectorParameters } from '../../vision/objects/decoder.js';
import { ObjectDetector } from '../../vision/objects/detect.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import type { Answer, FoundObject } from './answer.js';
import { picturesOf } from './pictures-of.js';
import type { Subject, UsedModel, UsedThreshold } from './subject.js';

/** The object detector, as `veilgate look` asks it: still pictures, and those frames of clips that are annotated. */
export class ObjectSubject implements Subject {
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  readonly #detector: ObjectDetector;

  private constructor(detector: ObjectDetector) {
    this.#detector = detector;
    const { name, task, sha256, parameters } = detector.model.card;
    this.models = [{ name, task, sha256 }];
    const { least } = detectorParameters.parse(parameters);
    const from = `card of model ${name}: chosen with its makers' data, none of this dataset`;
    this.thresholds = [{ what: 'an object is found from this score on', value: least, from }];
  }

  /** @throws ModelError */
  static async open(name: string): Promise<ObjectSubject> {
    return new ObjectSubject(await ObjectDetector.open({ name }));
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    const frames = new Set(item.objects!.map(({ frame }) => frame));
    const objects: FoundObject[] = [];
    for await (const { picture, at, frame } of picturesOf(item, path, (_, index) => frames.has(index))) {
      for (const { label, score, box } of await this.#detector.detect(picture)) {
        const { x, y, width, height } = box;
        objects.push({ label, score, box: [x, y, x + width, y + height], frame });
      }
      if (item.seconds > 0) onProgress(at / item.seconds);
    }
    return { objects };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#detector[Symbol.asyncDispose]();
  }
}
