import { addSample, beginPlace, SAMPLE_EVERY_MS } from '../../vision/place/fuse.js';
import { placeParameters } from '../../vision/place/judge.js';
import { PlaceReader } from '../../vision/place-reader.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import type { Answer, PlaceAnswer } from './answer.js';
import { every, picturesOf } from './pictures-of.js';
import type { Subject, UsedModel, UsedThreshold } from './subject.js';

/** The place classifier, picture by picture as `veilgate look` asks it, and over the time of a clip as the gateway does. */
export class PlaceSubject implements Subject {
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  readonly #reader: PlaceReader;

  private constructor(reader: PlaceReader) {
    this.#reader = reader;
    const { name, parameters } = reader.places.model.card;
    this.models = [reader.places, reader.detector].map(({ model: { card } }) => ({
      name: card.name,
      task: card.task,
      sha256: card.sha256,
    }));
    const from = `card of model ${name}: fitted on its own training pictures, none of this dataset`;
    const { withObjects, temperature } = placeParameters.parse(parameters);
    this.thresholds = [
      { what: 'a place is prohibited from this probability on', value: withObjects.prohibitedFrom, from },
      { what: 'a place is allowed below this probability', value: withObjects.allowedBelow, from },
      { what: 'temperature of the calibration', value: temperature, from },
    ];
  }

  /** Kinds of place that the model tells apart. */
  get kinds(): readonly string[] {
    return this.#reader.places.model.card.labels;
  }

  /** @throws ModelError */
  static async open(): Promise<PlaceSubject> {
    return new PlaceSubject(await PlaceReader.open());
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    const answers: PlaceAnswer[] = [];
    let history = beginPlace('other');
    for await (const { picture, at } of picturesOf(item, path, every(SAMPLE_EVERY_MS / 1000))) {
      const reading = await this.#reader.read(picture);
      const [kind] = Object.entries(reading.classes).reduce((best, other) => (other[1] > best[1] ? other : best));
      history = addSample(history, { ...reading, at: at * 1000 });
      const fused = item.kind === 'clip' ? history.opinion.verdict : null;
      answers.push({ at, verdict: reading.verdict, prohibited: reading.prohibited, kind, fused });
      if (item.seconds > 0) onProgress(at / item.seconds);
    }
    return { place: answers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader[Symbol.asyncDispose]();
  }
}
