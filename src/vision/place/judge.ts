import { z } from 'zod';
import { ModelError } from '../vision-error.js';
import { type ObjectScores, type Scale, scale, weigh } from './evidence.js';
import { isFeatureless, type Substance } from './substance.js';
import type { Doubt, PlaceReading } from './verdict.js';

/** What the card of a place model carries under `parameters`: how its numbers become a verdict. Fitted on held-out training pictures. */
export const placeParameters = z.strictObject({
  /** Labels of kinds that Art. 15 prohibits. */
  prohibited: z.array(z.string()).min(1),
  /** Labels of kinds that no picture decides. */
  ambiguous: z.array(z.string()),
  /** Divides the logits, so that probabilities mean what they say. */
  temperature: z.number().positive(),
  /** Where objects were not looked for. */
  alone: scale,
  /** Where they were. */
  withObjects: scale,
  /** Ambiguous kinds of this probability together make the picture `unsure`. */
  ambiguousFrom: z.number().gt(0).lt(1),
  /** log-sum-exp of the logits below which a picture is unlike the training data. */
  familiarFrom: z.number(),
});
export type PlaceParameters = z.infer<typeof placeParameters>;

/** Turns the classifier's logits into a reading. Pure. */
export class PlaceJudge {
  readonly #labels: readonly string[];
  readonly #parameters: PlaceParameters;
  readonly #prohibited: readonly number[];
  readonly #ambiguous: readonly number[];

  /** @throws ModelError `model-labels` where the parameters speak of kinds that the model does not know */
  constructor(labels: readonly string[], parameters: PlaceParameters) {
    this.#labels = labels;
    this.#parameters = parameters;
    const find = (kind: string): number => {
      const at = labels.indexOf(kind);
      if (at < 0)
        throw new ModelError('model-labels', `The place model's parameters name "${kind}", which is no label.`);
      return at;
    };
    this.#prohibited = parameters.prohibited.map(find);
    this.#ambiguous = parameters.ambiguous.map(find);
  }

  /**
   * @param logits one per label; of several views of a picture, their mean
   * @param substance of the picture: what has none is not judged
   * @param objects what was found in the picture; left out where nobody looked
   * @param known a doubt that the picture itself gives, whatever the logits say
   */
  judge(logits: Float32Array, substance: Substance, objects?: ObjectScores, known: Doubt | null = null): PlaceReading {
    const { temperature, alone, withObjects } = this.#parameters;
    const used = objects ? withObjects : alone;
    const cooled = Float64Array.from(logits, (logit) => logit / temperature);
    const all = logSumExp(cooled);
    const classes: Record<string, number> = {};
    for (const [at, label] of this.#labels.entries()) classes[label] = Math.exp(cooled[at]! - all);
    const prohibited = weigh(this.#oddsOfProhibited(cooled), objects ?? {}, used);
    const doubt = known ?? this.#doubt(logits, classes, prohibited, substance, used);
    if (doubt !== null) return { verdict: 'unsure', doubt, prohibited, classes };
    return { verdict: prohibited >= used.prohibitedFrom ? 'prohibited' : 'allowed', prohibited, classes };
  }

  /** log(p / (1 - p)) of the prohibited kinds together, exact where p is all but 0 or 1. */
  #oddsOfProhibited(cooled: Float64Array): number {
    const yes = this.#prohibited.map((at) => cooled[at]!);
    const no = Array.from(cooled).filter((_, at) => !this.#prohibited.includes(at));
    return logSumExp(yes) - logSumExp(no);
  }

  #doubt(
    logits: Float32Array,
    classes: Readonly<Record<string, number>>,
    prohibited: number,
    substance: Substance,
    { prohibitedFrom, allowedBelow }: Scale,
  ): Doubt | null {
    const { ambiguousFrom, familiarFrom } = this.#parameters;
    if (isFeatureless(substance)) return 'featureless';
    if (logSumExp(logits) < familiarFrom) return 'unfamiliar';
    if (prohibited >= prohibitedFrom) return null;
    const unclear = this.#ambiguous.reduce((sum, at) => sum + classes[this.#labels[at]!]!, 0);
    if (unclear >= ambiguousFrom) return 'ambiguous';
    return prohibited < allowedBelow ? null : 'undecided';
  }
}

function logSumExp(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - most);
  return most + Math.log(sum);
}
