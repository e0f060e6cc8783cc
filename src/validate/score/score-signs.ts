import { SIGN_STATES, type SignState } from '../dataset/item.js';
import { type Confusion, confusion } from '../stats/confusion.js';
import { type Detection, scoreDetection } from '../stats/decisions.js';
import { type Answered, type ByCondition, byCondition } from './by-condition.js';

/** Signs of Art. 16: what should be raised is one that is missing or degraded. */
export interface SignScore {
  readonly looks: number;
  readonly missingOrDegraded: Detection;
  readonly missing: Detection;
  readonly confusion: Confusion;
  readonly byCondition: ByCondition<Detection>;
}

export function scoreSigns(answered: readonly Answered[], seed: number): SignScore | null {
  const own = answered.filter(({ answer }) => answer.sign?.length);
  if (own.length === 0) return null;
  const pairs = own.flatMap(pairsOf);
  const detect = (states: readonly SignState[], of = pairs): Detection =>
    scoreDetection(
      of.map(([truth, said]) => ({ truth: states.includes(truth), raised: states.includes(said) })),
      seed,
    );
  return {
    looks: pairs.length,
    missingOrDegraded: detect(['missing', 'degraded']),
    missing: detect(['missing']),
    confusion: confusion(pairs, { truths: SIGN_STATES, answers: SIGN_STATES }),
    byCondition: byCondition(own, (part) => detect(['missing', 'degraded'], part.flatMap(pairsOf))),
  };
}

/** Truth and answer of each look. */
const pairsOf = ({ item, answer }: Answered): [SignState, SignState][] =>
  answer.sign!.flatMap(({ at, state }): [SignState, SignState][] => {
    const truth = item.sign.find(({ from, to }) => at >= from && (to === null || at < to));
    return truth ? [[truth.value, state]] : [];
  });
