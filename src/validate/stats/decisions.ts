import { bootstrap } from './bootstrap.js';
import { type Estimate, wilson } from './interval.js';

/** One decision and what would have been right. */
export interface Decision {
  readonly raised: boolean;
  readonly truth: boolean;
}

export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Recall counts twice as much as precision: a camera in a bathroom that nobody reports is worse than a look in vain. */
export const RECALL_BETA = 2;

export const countDecisions = (decisions: Iterable<Decision>): Counts => {
  let [truePositives, falsePositives, falseNegatives, trueNegatives] = [0, 0, 0, 0];
  for (const { raised, truth } of decisions) {
    if (raised) truth ? truePositives++ : falsePositives++;
    else truth ? falseNegatives++ : trueNegatives++;
  }
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
};

/** Van Rijsbergen's F: `beta` > 1 leans towards recall. `alpha` of i-LIDS is beta squared. null where nothing was, nor was raised. */
export const fScore = (
  { truePositives, falsePositives, falseNegatives }: Omit<Counts, 'trueNegatives'>,
  beta = 1,
): number | null => {
  const weight = beta * beta;
  const all = (1 + weight) * truePositives + weight * falseNegatives + falsePositives;
  return all === 0 ? null : ((1 + weight) * truePositives) / all;
};

/** How well one thing was told from everything else. Intervals: 95 %, Wilson for proportions, bootstrap for F. */
export interface Detection extends Counts {
  /** Of what was raised, the share that was right. */
  readonly precision: Estimate;
  /** Of what should have been raised, the share that was. */
  readonly recall: Estimate;
  /** Of what should not have been raised, the share that was. */
  readonly falsePositiveRate: Estimate;
  readonly accuracy: Estimate;
  readonly f1: Estimate;
  /** F with beta 2. */
  readonly f2: Estimate;
}

export const scoreDetection = (decisions: readonly Decision[], seed: number): Detection => {
  const counts = countDecisions(decisions);
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const f = (beta: number): Estimate =>
    bootstrap(decisions.length, (items) => fScore(countDrawn(decisions, items), beta), { seed });
  return {
    ...counts,
    precision: wilson(truePositives, truePositives + falsePositives),
    recall: wilson(truePositives, truePositives + falseNegatives),
    falsePositiveRate: wilson(falsePositives, falsePositives + trueNegatives),
    accuracy: wilson(truePositives + trueNegatives, decisions.length),
    f1: f(1),
    f2: f(RECALL_BETA),
  };
};

/** `countDecisions` of drawn items, without an object for each. */
function countDrawn(decisions: readonly Decision[], items: Int32Array): Omit<Counts, 'trueNegatives'> {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  for (let i = 0; i < items.length; i++) {
    const { raised, truth } = decisions[items[i]!]!;
    if (raised && truth) truePositives++;
    else if (raised) falsePositives++;
    else if (truth) falseNegatives++;
  }
  return { truePositives, falsePositives, falseNegatives };
}
