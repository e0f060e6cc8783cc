import { DEFAULT_SIGN_WITHIN_S, DEFAULT_SIGN_WORDS } from '../../config/schema.js';
import type { RgbPicture } from '../../vision/picture.js';
import { readCard } from '../../vision/runtime.js';
import { type OpenReader, openSignReader } from '../../vision/sign/open.js';
import { BLURRED, FAINT, SignOverTime, SMALL_PX } from '../../vision/sign/sign-over-time.js';
import type { CheckedItem } from '../dataset/check-dataset.js';
import type { SignState } from '../dataset/item.js';
import type { Answer, SignAnswer } from './answer.js';
import { every, picturesOf } from './pictures-of.js';
import type { Subject, UsedModel, UsedThreshold } from './subject.js';

/** Seconds of a clip between looks. */
const LOOK_EVERY_S = 10;

/** The sign reader and what the gateway makes of its single looks. */
export class SignSubject implements Subject {
  readonly models: readonly UsedModel[];
  readonly thresholds: readonly UsedThreshold[];
  readonly #open: OpenReader;

  private constructor(open: OpenReader, models: readonly UsedModel[]) {
    this.#open = open;
    this.models = models;
    const from = 'set by the product: composed signs on training scenes, none of this dataset';
    this.thresholds = [
      { what: 'writing is small under so many pixels', value: SMALL_PX, from },
      { what: 'writing is blurred under this sharpness', value: BLURRED, from },
      { what: 'writing is faint under this contrast', value: FAINT, from },
    ];
  }

  /** @throws ModelError */
  static async open(): Promise<SignSubject> {
    const cards = await Promise.all(['text-lines', 'text-reader'].map((name) => readCard(name)));
    const models = cards.map(({ name, task, sha256 }) => ({ name, task, sha256 }));
    return new SignSubject(await openSignReader(), models);
  }

  async measure(item: CheckedItem, path: string, onProgress: (share: number) => void): Promise<Partial<Answer>> {
    const sign: SignAnswer[] = [];
    const expect = item.signWords.length > 0 ? item.signWords : DEFAULT_SIGN_WORDS;
    const overTime = new SignOverTime({ periodMs: LOOK_EVERY_S * 1000, patienceMs: DEFAULT_SIGN_WITHIN_S * 1000 });
    for await (const { picture, at } of picturesOf(item, path, every(LOOK_EVERY_S))) {
      const [surest = null] = (await this.#open.reader.look(picture, { expect })).signs;
      overTime.observe({ kind: 'looked', light: lightOf(picture), sign: surest }, at * 1000);
      const { kind } = overTime.state;
      // Too dark to tell is no answer that a dataset can be right or wrong about: nobody sees the sign then.
      const state: SignState = kind === 'unknown' ? 'missing' : kind;
      sign.push({ at, state, score: surest?.score ?? 0 });
      if (item.seconds > 0) onProgress(at / item.seconds);
    }
    return { sign };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open[Symbol.asyncDispose]();
  }
}

/** Mean light, 0 to 1. */
function lightOf({ data }: RgbPicture): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) sum += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
  return sum / (data.length / 3) / 255;
}
