import type { PlaceVerdict } from '../../vision/place/verdict.js';
import type { OwnLabels, Timed } from '../dataset/item.js';
import { placeKey, type Side, sideOf } from '../dataset/place-label.js';
import { type Confusion, confusion } from '../stats/confusion.js';
import { type Detection, scoreDetection } from '../stats/decisions.js';
import { type Estimate, wilson } from '../stats/interval.js';
import { type Reliability, reliability } from '../stats/reliability.js';
import { estimateArea, type RocPoint, rocCurve } from '../stats/roc.js';
import { type Answered, type ByCondition, byCondition } from './by-condition.js';

/** How well one label of the dataset was dealt with. */
export interface ClassScore {
  readonly side: Side;
  readonly items: number;
  /** Shares of its pictures by verdict. */
  readonly prohibited: Estimate;
  readonly unsure: Estimate;
  readonly allowed: Estimate;
  /** Of those that are to be told from others: the share on the right side. null for ambiguous places. */
  readonly right: Estimate | null;
  /** Where the model knows this kind by name: how well it was told from all others, by the likeliest kind. */
  readonly byName: Detection | null;
}

/** Still pictures: prohibited place or not. */
export interface PlaceScore {
  /** Pictures that are scored; ambiguous ones are not. */
  readonly items: number;
  readonly ambiguous: number;
  /** Raised is a verdict of `prohibited`; `unsure` counts as not raised. */
  readonly prohibited: Detection;
  /** Raised is `prohibited` or `unsure`: what a person would get to see. */
  readonly prohibitedOrUnsure: Detection;
  /** Share of the scored pictures without a verdict. */
  readonly unsure: Estimate;
  /** Area under the receiver operating characteristic of the calibrated probability. */
  readonly auc: Estimate;
  readonly roc: readonly RocPoint[];
  readonly reliability: Reliability;
  readonly perClass: Readonly<Record<string, ClassScore>>;
  /** Labels against verdicts. */
  readonly confusion: Confusion;
  /** Labels against the model's likeliest kinds, where it knows them by name. null: it knows none. */
  readonly kinds: Confusion | null;
  readonly byCondition: ByCondition<Detection>;
}

/** One picture with its label. */
interface Shown {
  readonly label: string;
  readonly side: Side;
  readonly verdict: PlaceVerdict;
  readonly prohibited: number;
  readonly kind: string;
}

export interface PlaceContext {
  readonly labels: OwnLabels;
  /** Kinds that the model knows. */
  readonly kinds: readonly string[];
  readonly seed: number;
}

/** Scores still pictures; null where there is none. */
export function scorePlaces(answered: readonly Answered[], context: PlaceContext): PlaceScore | null {
  const { labels, kinds, seed } = context;
  const stills = answered.filter(({ item, answer }) => item.kind === 'still' && answer.place?.length);
  if (stills.length === 0) return null;
  const shown = stills.map((still) => shownBy(still, labels));
  const scored = shown.filter(({ side }) => side !== 'ambiguous');
  const scores = scored.map(({ prohibited, side }) => ({ score: prohibited, truth: side === 'prohibited' }));
  const named = namesOf(kinds);
  const known = shown.filter(({ label }) => named.has(placeKey(label)));
  return {
    items: scored.length,
    ambiguous: shown.length - scored.length,
    prohibited: detect(scored, seed, ['prohibited']),
    prohibitedOrUnsure: detect(scored, seed, ['prohibited', 'unsure']),
    unsure: wilson(scored.filter(({ verdict }) => verdict === 'unsure').length, scored.length),
    auc: estimateArea(scores, seed),
    roc: rocCurve(scores),
    reliability: reliability(scores),
    perClass: perClass(shown, named, seed),
    confusion: confusion(
      shown.map(({ label, verdict }) => [label, verdict]),
      { answers: ['prohibited', 'unsure', 'allowed'] },
    ),
    kinds: known.length === 0 ? null : confusion(known.map(({ label, kind }) => [label, kind])),
    byCondition: byCondition(stills, (part) =>
      detect(
        part.map((still) => shownBy(still, labels)).filter(({ side }) => side !== 'ambiguous'),
        seed,
        ['prohibited'],
      ),
    ),
  };
}

function shownBy({ item, answer }: Answered, labels: OwnLabels): Shown {
  const { verdict, prohibited, kind } = answer.place![0]!;
  const label = item.place[0]!.value;
  return { label, side: sideOf(label, labels)!, verdict, prohibited, kind };
}

const detect = (shown: readonly Shown[], seed: number, raising: readonly PlaceVerdict[]): Detection =>
  scoreDetection(
    shown.map(({ side, verdict }) => ({ truth: side === 'prohibited', raised: raising.includes(verdict) })),
    seed,
  );

/** The model's spelling of each kind. */
const namesOf = (kinds: readonly string[]): ReadonlyMap<string, string> =>
  new Map(kinds.map((kind) => [placeKey(kind), kind]));

function perClass(
  shown: readonly Shown[],
  named: ReadonlyMap<string, string>,
  seed: number,
): Record<string, ClassScore> {
  const labels = [...new Set(shown.map(({ label }) => label))].sort();
  // Only among pictures whose label the model could have said.
  const comparable = shown.filter(({ label }) => named.has(placeKey(label)));
  return Object.fromEntries(
    labels.map((label): [string, ClassScore] => {
      const own = shown.filter((picture) => picture.label === label);
      const { side } = own[0]!;
      const share = (verdict: PlaceVerdict): Estimate =>
        wilson(own.filter((picture) => picture.verdict === verdict).length, own.length);
      const kind = named.get(placeKey(label));
      const decisions = comparable.map((picture) => ({
        truth: picture.label === label,
        raised: picture.kind === kind,
      }));
      return [
        label,
        {
          side,
          items: own.length,
          prohibited: share('prohibited'),
          unsure: share('unsure'),
          allowed: share('allowed'),
          right: side === 'ambiguous' ? null : share(side),
          byName: kind === undefined ? null : scoreDetection(decisions, seed),
        },
      ];
    }),
  );
}

/** The side of a place at a time of a clip; null where nothing is said of it. */
export const sideAt = (place: readonly Timed<string>[], at: number, labels: OwnLabels): Side | null => {
  const span = place.find(({ from, to }) => at >= from && (to === null || at < to));
  return span ? sideOf(span.value, labels) : null;
};
